import { MonitorError } from './errors.ts'
import { didYouMean, nearestWord } from './nearest-word.ts'

/** ISO 8601 in UTC, as everything that programs read has it. @param at milliseconds since the epoch */
export function iso(at: number): string {
  return new Date(at).toISOString()
}

/** The IANA name of the zone that this computer, or `TZ` of this process, has. */
export function machineTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Whether it is an IANA time zone that this runtime knows. */
export function isTimezone(timezone: string): boolean {
  try {
    formatOf(timezone)
    return true
  } catch {
    return false
  }
}

/**
 * The time zone that somebody has written down.
 *
 * @param where it stands, as the error names it
 * @throws MonitorError `invalid-timezone` where there is no such zone, with the one that was probably meant
 */
export function parseTimezone(text: string, where: string): string {
  if (isTimezone(text)) return text
  const suggestion = nearestWord(text, Intl.supportedValuesOf('timeZone'))
  const instead = didYouMean(suggestion) || '; write it as in "Europe/Berlin"'
  throw new MonitorError(
    'invalid-timezone',
    `${where} is "${text}", which is no time zone that is known here${instead}`,
    {
      suggestion,
    },
  )
}

/**
 * A moment for people, with the date, because a message is read when it is read, and with the zone: `2026-03-01 11:00:00
 * CET`.
 *
 * @param at ISO 8601, or milliseconds since the epoch; what is no time, as a message from outside may have it, is said as it is
 * @param timezone IANA name
 */
export function clockTime(at: string | number, timezone: string): string {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return String(at)
  const parts = formatOf(timezone).formatToParts(moment)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  const date = `${part('year')}-${part('month')}-${part('day')}`
  return `${date} ${part('hour')}:${part('minute')}:${part('second')} ${part('timeZoneName')}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: timezone, hourCycle: 'h23', timeZoneName: 'short' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    })
    formats.set(timezone, format)
  }
  return format
}
