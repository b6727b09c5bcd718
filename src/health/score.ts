import type { Severity, State } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'

/** The state: what was measured, and whether it should be on the air. */
export function stateOf(
  outcome: Reading<unknown>['outcome'],
  expected: boolean,
  severities: readonly Severity[],
): State {
  if (outcome === 'unknown') return 'unknown'
  if (outcome === 'absent') return expected ? 'down' : 'off'
  return severities.some((severity) => severity !== 'info') ? 'degraded' : 'ok'
}

/**
 * 100 less the weights of the active issues. 0 is kept for `down`: a target that is there has at least 1, however
 * many issues it has. Null while unknown or off, because then there is nothing to score.
 */
export function scoreOf(state: State, weights: readonly number[]): number | null {
  if (state === 'unknown' || state === 'off') return null
  if (state === 'down') return 0
  return Math.max(1, 100 - weights.reduce((sum, weight) => sum + weight, 0))
}
