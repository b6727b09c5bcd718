import type { AlertLabels } from '../observation/alert.ts'
import { moment } from '../observation/moment.ts'
import { ownEntry } from '../observation/shape.ts'

/** One condition of a silence, as Alertmanager's API gives it (api/v2, `matcher`). */
export interface Matcher {
  name: string
  value: string
  isRegex: boolean
  isEqual: boolean
}

/** A silence that an Alertmanager knows. Milliseconds since the epoch. */
export interface KnownSilence {
  id: string
  matchers: Matcher[]
  startsAt: number
  endsAt: number
}

/** Bounds on what is taken over from an Alertmanager. */
const MOST_SILENCES = 1000
const MOST_MATCHERS = 50
const LONGEST_VALUE = 1000

/** Takes the answer of `GET /api/v2/silences`. What cannot be understood is left out, so that nothing is muted by it. */
export function parseSilences(value: unknown): KnownSilence[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, MOST_SILENCES)
    .map(parseSilence)
    .filter((silence) => silence !== null)
}

/** Whether a silence known so far covers the alert now. */
export function isSilenced(labels: AlertLabels, silences: readonly KnownSilence[], at: number): boolean {
  return silences.some(
    ({ matchers, startsAt, endsAt }) =>
      startsAt <= at && at < endsAt && matchers.every((matcher) => matches(labels, matcher)),
  )
}

function parseSilence(value: unknown): KnownSilence | null {
  const { id, matchers, startsAt, endsAt, status } = (value ?? {}) as Record<string, unknown>
  const state = (status as { state?: unknown } | undefined)?.state
  const from = moment(startsAt)
  const to = moment(endsAt)
  if (typeof id !== 'string' || state === 'expired' || Number.isNaN(from) || Number.isNaN(to)) return null
  if (!Array.isArray(matchers) || matchers.length === 0 || matchers.length > MOST_MATCHERS) return null
  const parsed = matchers.map(parseMatcher)
  return parsed.every((matcher) => matcher !== null) ? { id, matchers: parsed, startsAt: from, endsAt: to } : null
}

function parseMatcher(value: unknown): Matcher | null {
  const { name, value: text, isRegex, isEqual } = (value ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || typeof text !== 'string' || text.length > LONGEST_VALUE) return null
  return { name, value: text, isRegex: isRegex === true, isEqual: isEqual !== false }
}

/** Alertmanager anchors its regular expressions; a label that is not there counts as empty. */
function matches(labels: AlertLabels, { name, value, isRegex, isEqual }: Matcher): boolean {
  const label = ownEntry<string>({ ...labels }, name) ?? ''
  if (!isRegex) return (label === value) === isEqual
  try {
    return new RegExp(`^(?:${value})$`, 's').test(label) === isEqual
  } catch {
    // It is no expression here: it must not mute anything.
    return false
  }
}
