/** Seconds as a person reads them: `0.5 s`, `6 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function seconds(value: number): string {
  if (value < 9.95) return `${Number(value.toFixed(1))} s`
  const whole = Math.round(value)
  if (whole < 120) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 120) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 channel`, `3 channels`. @param noun that takes an s */
export function quantity(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}

/** `1 time`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? '1 time' : `${count} times`
}

/** The type of an issue as people read it: `trackTimestampSkew` becomes `track timestamp skew`. */
export function wordsOf(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** At most `most` characters, with an ellipsis where something was cut: what a server sends has no bound of its own. */
export function truncate(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** Bytes per second as a person knows them from the encoder: `96 kb/s`, `4.5 Mb/s`. */
export function bitrate(bytesPerSecond: number): string {
  const kilobits = (bytesPerSecond * 8) / 1000
  return kilobits < 1000 ? `${Math.round(kilobits)} kb/s` : `${Number((kilobits / 1000).toFixed(2))} Mb/s`
}

/** At most two decimals, without zeros at the end: `29.97`, `30`. */
export function hundredths(value: number): number {
  // A tiny number below zero is zero, not -0.
  return Number(value.toFixed(2)) + 0
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(names: readonly (string | number)[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? String(last) : `${names.slice(0, -1).join(', ')} or ${last}`
}

/** How long something lasted: `3 h 12 min`, `4 min 5 s`, `12 s`. @param milliseconds 0 or more */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`
}

/** A number alone says nothing. */
export function withUnit(value: number | string | undefined, unit: string | undefined): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'number' && unit !== undefined ? `${value} ${unit}` : `${value}`
}
