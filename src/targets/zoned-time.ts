/** A moment on a wall clock: what a clock on the wall in that time zone shows. */
export interface LocalTime {
  /** Days since 1970-01-01 of the local calendar. */
  day: number
  /** 0 (Sunday) to 6. */
  weekday: number
  /** Minutes since local midnight, 0 to 1439. */
  minute: number
}

const DAY = 86_400_000
const MINUTE = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

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
 * @param wall milliseconds since the epoch
 * @param timezone IANA name
 * @throws RangeError where the time zone is not known
 */
export function localTime(wall: number, timezone: string): LocalTime {
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
export function firstInstantOf(day: number, minute: number, timezone: string): number {
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
