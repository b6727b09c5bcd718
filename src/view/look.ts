import type { Observation, State } from '../observation/observation.ts'

/** The order in which states are shown, everywhere. */
export const RANKS: readonly State[] = ['down', 'unknown', 'degraded', 'ok', 'off']

/** What is looked at of a target. */
export type Looked = Pick<Observation, 'kind' | 'state' | 'issues' | 'expected'>

/** What the word and the shape of a target say: its state, or why that is not the whole truth. */
export type Shown = State | 'never' | 'quiet'

const NEVER_SEEN = ['neverSeen', 'streamNeverSeen', 'streamNeverReached']

/** Whether it is off and was never there: nobody may take it for set up. */
export function isNeverSeen({ state, issues }: Pick<Looked, 'state' | 'issues'>): boolean {
  return state === 'off' && issues.some(({ type }) => NEVER_SEEN.includes(type))
}

/** Whether media arrives and nobody would be told if it stopped. */
export function hasAlarmsOff({ kind, state, expected }: Pick<Looked, 'kind' | 'state' | 'expected'>): boolean {
  return kind === 'stream' && !expected && (state === 'ok' || state === 'degraded')
}

export function shownOf(target: Looked): Shown {
  return isNeverSeen(target) ? 'never' : hasAlarmsOff(target) ? 'quiet' : target.state
}

/** The colour of a target: of the worst of its issues, as its alert has it, or of its state where it has none. */
export function lookOf(target: Looked): State {
  const { state, issues } = target
  if (isNeverSeen(target)) return 'degraded'
  if (state === 'down' || state === 'off') return state
  const severities = issues.map(({ severity }) => severity)
  if (severities.includes('error')) return 'down'
  return severities.includes('warning') || hasAlarmsOff(target) ? 'degraded' : state
}
