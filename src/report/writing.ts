import type { Texts } from './texts.ts'

/** How a report writes lengths, shares and times. */
export interface Writing {
  /** A moment, with its date where the report covers several local days, and its offset where that changes. */
  time(iso: string): string
  /** With date and time zone. */
  whole(iso: string): string
  /** Of the axis of a chart. */
  short(at: number): string
}

/** `26 s`, `4:05`, `1:31:04`. @param seconds 0 or more */
export function lengthOf(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`
}

/** Rounded down, so that a share which is not whole never reads as 100 %. */
export function shareOf(ratio: number, { locale }: Texts): string {
  const decimals = ratio > 0.999 && ratio < 1 ? 1000 : 10
  const percent = Math.floor(ratio * 100 * decimals + 1e-6) / decimals
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(percent)} %`
}

/** @param span ISO 8601 */
export function writingOf({ locale }: Texts, timeZone: string, span: { from: string; to: string }): Writing {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })
    return (at: string | number) => formatter.format(new Date(at))
  }
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const [day, zone] = [format(date), format({ timeZoneName: 'longOffset' })]
  const offset = (at: string) => /(?:GMT|UTC)\S*/.exec(zone(at))?.[0]
  const isLong = day(span.from) !== day(span.to)
  const time = format({
    ...clock,
    ...(isLong ? { month: '2-digit', day: '2-digit' } : {}),
    ...(offset(span.from) === offset(span.to) ? {} : { timeZoneName: 'shortOffset' }),
  })
  const whole = format({ ...date, ...clock, timeZoneName: 'short' })
  const covered = Date.parse(span.to) - Date.parse(span.from)
  const short = format(
    covered > 2 * 86_400_000
      ? { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }
      : covered < 300_000
        ? clock
        : { hour: '2-digit', minute: '2-digit' },
  )
  return { time, whole, short }
}

/** ISO 8601 with the offset of the time zone then: `2026-10-25T02:30:00+02:00`. */
export function localIso(iso: string, timeZone: string): string {
  const at = new Date(iso)
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const offset = part('timeZoneName').replace(/^GMT|^UTC/, '') || '+00:00'
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`
}
