import type { AlertLabels } from '../observation/alert.ts'
import { messagesIn } from '../observation/messages.ts'
import { ownEntry } from '../observation/shape.ts'

/** One condition of a silence, as Alertmanager's API gives it (api/v2, `matcher`). */
interface Matcher {
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

/** Silences that are taken over from one Alertmanager. */
const MOST_SILENCES = 1000

/** Takes the answer of `GET /api/v2/silences`. What cannot be understood is left out, so that nothing is muted by it. */
export function parseSilences(value: unknown): KnownSilence[] {
  const listed = Array.isArray(value) ? value.slice(0, MOST_SILENCES) : []
  return messagesIn<GivenSilence>('alertmanagerSilence', listed)
    .filter(({ status }) => status?.state !== 'expired')
    .map(({ id, matchers, startsAt, endsAt }) => ({
      ...{ id, matchers: matchers.map(wholeMatcher), startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) },
    }))
}

/** As Alertmanager lists it; older ones leave out what is not an expression, or is equal. */
interface GivenSilence {
  id: string
  matchers: GivenMatcher[]
  startsAt: string
  endsAt: string
  status?: { state?: string }
}
type GivenMatcher = Pick<Matcher, 'name' | 'value'> & Partial<Matcher>

/** Those of a list in the alert book. One that is not understood whole would mute more than it should. */
export function knownSilences(list: unknown): KnownSilence[] {
  return messagesIn<KnownSilence & { matchers: GivenMatcher[] }>('knownSilence', list).map((silence) => ({
    ...silence,
    matchers: silence.matchers.map(wholeMatcher),
  }))
}

function wholeMatcher(matcher: GivenMatcher): Matcher {
  return { isRegex: false, isEqual: true, ...matcher }
}

/** Whether a silence known so far covers the alert now. */
export function isSilenced(labels: AlertLabels, silences: readonly KnownSilence[], at: number): boolean {
  return silencedUntil(labels, silences, at) > at
}

/** Until when, by the silence that lasts longest; 0 where none covers it. */
export function silencedUntil(labels: AlertLabels, silences: readonly KnownSilence[], at: number): number {
  const covering = silences.filter(
    ({ matchers, startsAt, endsAt }) =>
      startsAt <= at && at < endsAt && matchers.every((matcher) => matches(labels, matcher)),
  )
  return Math.max(0, ...covering.map(({ endsAt }) => endsAt))
}

/**
 * Silences as far as they concern alerts that all have one label more at the Alertmanager: without the conditions on it, and
 * without those that it does not meet.
 */
export function silencesOf(silences: readonly KnownSilence[], name: string, value: string): KnownSilence[] {
  return silences
    .filter(({ matchers }) => matchers.every((one) => one.name !== name || matches({ [name]: value }, one)))
    .map((silence) => ({ ...silence, matchers: silence.matchers.filter((one) => one.name !== name) }))
}

/** Alertmanager anchors its regular expressions; a label that is not there counts as empty. */
function matches(
  labels: AlertLabels | Readonly<Record<string, string>>,
  { name, value, isRegex, isEqual }: Matcher,
): boolean {
  const label = ownEntry<string>({ ...labels }, name) ?? ''
  if (!isRegex) return (label === value) === isEqual
  try {
    return new RegExp(`^(?:${value})$`, 's').test(label) === isEqual
  } catch {
    // It is no expression here: it must not mute anything.
    return false
  }
}
