import type { ExpectedWindow } from './target.ts'
import { firstInstantOf, localTime } from './zoned-time.ts'

const DAY = 86_400_000

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
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
export function scheduled(windows: readonly ExpectedWindow[], wall: number): Scheduled {
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
