import { isRecord, ownEntry } from '../observation/shape.ts'

/** Reading what a server sent, of which nothing may be taken for granted. */

/** The value at a path; undefined where a step of it is missing, null where one is null. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (found === null) return null
    if (!isRecord(found)) return undefined
    found = ownEntry(found, key)
  }
  return found
}

/** A whole number that is not below 0; null where there is none. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
}

/** The number in a path such as `/live_events/12345`; an unlisted event has a hash behind it. */
export function idIn(value: unknown, folder: string): string | null {
  if (typeof value !== 'string') return null
  return new RegExp(`^/${folder}/(\\d{1,20})(?::\\w{1,64})?(?:/|$)`).exec(value)?.[1] ?? null
}

/** A time as ISO 8601 in UTC; null where there is none. */
export function timeOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const ms = Date.parse(value)
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null
}

/** Unix seconds as ISO 8601 in UTC; null where there is no such time. */
export function unixTimeOf(value: unknown): string | null {
  const seconds = countOf(value)
  return seconds === null || seconds > 253_402_300_799 ? null : new Date(seconds * 1000).toISOString()
}

export function oneOf<T extends string>(value: unknown, known: readonly T[]): T | null {
  return known.find((each) => each === value) ?? null
}
