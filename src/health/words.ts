/** Seconds as a person reads them: `0.5 s`, `6 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function seconds(value: number): string {
  if (value < 9.95) return `${Number(value.toFixed(1))} s`
  const whole = Math.round(value)
  if (whole < 120) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 120) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 time`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? '1 time' : `${count} times`
}

/** At most `most` characters, with an ellipsis where something was cut: what a server sends has no bound of its own. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
