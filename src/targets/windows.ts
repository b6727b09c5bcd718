import type { ExpectedWindow } from './target.ts'

const DAY = 86_400_000

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
/** What the windows say now, and when that changes next. */
export interface Scheduled {
  expected: boolean
  /** Milliseconds since the epoch of the next beginning or end; null where there is none within eight days. */
  until: number | null
}

/** What was worked out last for a list of windows: asked once a second for every stream, and the same for hours. */
const worked = new WeakMap<readonly ExpectedWindow[], { at: number; scheduled: Scheduled }>()

interface Span {
  from: number
  to: number
}

/**
 * Whether a moment lies in one of the windows. A window is the time between two moments, so a clock change makes it
 * longer or shorter as it does for everybody in the room; a beginning or an end that the change skips is at the
 * change, and one that it repeats is the first of both.
 *
 * @param wall milliseconds since the epoch
 */
export function scheduleAt(windows: readonly ExpectedWindow[], wall: number): Scheduled {
  const earlier = worked.get(windows)
  if (earlier && earlier.at <= wall && wall < (earlier.scheduled.until ?? earlier.at + DAY)) return earlier.scheduled
  const now = workOut(windows, wall)
  worked.set(windows, { at: wall, scheduled: now })
  return now
}

function workOut(windows: readonly ExpectedWindow[], wall: number): Scheduled {
  const spans = windows.flatMap((window) => spansAround(window, wall))
  const ends = spans.filter((span) => span.from <= wall && wall < span.to).map((span) => span.to)
  if (ends.length > 0) return { expected: true, until: lastContinuousEnd(spans, Math.max(...ends)) }
  const begins = spans.map((span) => span.from).filter((from) => from > wall)
  return { expected: false, until: begins.length > 0 ? Math.min(...begins) : null }
}

/** The window as spans, from the day before to a week ahead. */
function spansAround(window: ExpectedWindow, wall: number): Span[] {
  const today = localTime(wall, window.timezone)
  const from = minuteOf(window.from)
  const to = minuteOf(window.to) <= from ? minuteOf(window.to) + 1440 : minuteOf(window.to)
  const spans: Span[] = []
  for (let ahead = -1; ahead <= 7; ahead++) {
    const weekday = WEEKDAYS[(today.weekday + ahead + 7) % 7]
    if (weekday === undefined || !window.days.includes(weekday)) continue
    const day = today.day + ahead
    spans.push({ from: firstInstantOf(day, from, window.timezone), to: firstInstantOf(day, to, window.timezone) })
  }
  return spans
}

/** Where one window passes into the next without a break, the end of the last. */
function lastContinuousEnd(spans: readonly Span[], end: number): number {
  const next = Math.max(end, ...spans.filter((span) => span.from <= end).map((span) => span.to))
  return next > end ? lastContinuousEnd(spans, next) : end
}

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** A moment on a wall clock: what a clock on the wall in that time zone shows. */
export interface LocalTime {
  /** Days since 1970-01-01 of the local calendar. */
  day: number
  /** 0 (Sunday) to 6. */
  weekday: number
  /** Minutes since local midnight, 0 to 1439. */
  minute: number
}

const MINUTE = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * @param wall milliseconds since the epoch
 * @param timezone IANA name
 * @throws RangeError where the time zone is not known
 */
function localTime(wall: number, timezone: string): LocalTime {
  const local = wall + offset(wall, timezone)
  const day = Math.floor(local / DAY)
  return { day, weekday: (((day + 4) % 7) + 7) % 7, minute: Math.floor((local - day * DAY) / MINUTE) }
}

/**
 * When a clock on the wall first shows a time, or has passed it: a time that a clock change skips begins at the change,
 * a time that it repeats begins the first time.
 *
 * @param day days since 1970-01-01 of the local calendar
 * @param minute minutes since local midnight; 1440 and more count into the following days
 * @returns milliseconds since the epoch
 */
function firstInstantOf(day: number, minute: number, timezone: string): number {
  const local = day * DAY + minute * MINUTE
  const before = local - offset(local - DAY, timezone)
  const after = local - offset(local + DAY, timezone)
  const shown = [Math.min(before, after), Math.max(before, after)].find((at) => at + offset(at, timezone) === local)
  return shown ?? clockChange(Math.min(before, after), Math.max(before, after), timezone)
}

/** The first minute in between that has the offset of the end. */
function clockChange(from: number, to: number, timezone: string): number {
  const target = offset(to, timezone)
  let [low, high] = [from / MINUTE, to / MINUTE]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offset(middle * MINUTE, timezone) === target) high = middle
    else low = middle
  }
  return high * MINUTE
}

/** Milliseconds that local time is ahead of UTC. */
function offset(wall: number, timezone: string): number {
  const whole = Math.floor(wall / 1000) * 1000
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(timezone).formatToParts(whole)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timezone, format)
  }
  return format
}
