import { MonitorError } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Check, LimitOverrides, Limits } from './check.ts'
import { LONGEST_WINDOW } from './history.ts'

type Row = Pick<Check<never, never>, 'type' | 'limits' | 'worse'>

/** Hours for a hold are a mistake in the unit. */
const LONGEST_HOLD = 3600

/**
 * Refuses limits of a target that could not be judged by: of a check that there is not, or the wrong way round.
 *
 * @throws MonitorError `invalid-target`, which names the check and the known ones
 */
export function refuseLimits(overrides: LimitOverrides, checks: readonly Row[]): void {
  for (const [type, override] of Object.entries(overrides)) {
    const row = checks.find((check) => check.type === type)
    if (row === undefined) {
      const known = checks.map((check) => check.type)
      const suggestion = nearestWord(type, known)
      const instead = didYouMean(suggestion) || `; there are ${known.join(', ')}`
      throw new MonitorError('invalid-target', `limits: there is no check "${type}"${instead}`, { suggestion })
    }
    const fault = override === null ? null : faultOf(row, { ...row.limits, ...override })
    if (fault !== null) throw new MonitorError('invalid-target', `limits of ${type}: ${fault}`)
  }
}

/** What is wrong, as a person reads it. */
function faultOf({ limits, worse }: Row, { enter, clear, enterHold, clearHold, window }: Limits): string | null {
  const holds = { enterHold, clearHold }
  for (const [name, hold] of Object.entries(holds)) {
    if (!(hold >= 0 && hold <= LONGEST_HOLD)) return `${name} is ${hold}, but must be 0 to ${LONGEST_HOLD} s`
  }
  for (const [name, value] of Object.entries({ enter, clear, window })) {
    if (value !== null && !Number.isFinite(value)) return `${name} is ${value}, which is no number`
  }
  for (const [name, value, own] of [
    ['enter', enter, limits.enter],
    ['clear', clear, limits.clear],
    ['window', window, limits.window],
  ] as const) {
    if (own === null && value !== null) return `it has no ${name}`
    if (own !== null && value === null) return `${name} is missing`
  }
  if (window !== null && !(window > 0 && window <= LONGEST_WINDOW)) {
    return `window is ${window}, but must be more than 0 and at most ${LONGEST_WINDOW} s`
  }
  if (enter === null || clear === null) return null
  if (worse === 'higher' ? clear <= enter : clear >= enter) return null
  return `it begins at ${enter} and ends at ${clear}, so it would end before it begins`
}
