import type { State } from '../observation/observation.ts'
import type { Piece } from './pieces.ts'
import type { StateInterval, TargetName } from './records.ts'

/** What of an observation makes an interval. */
export interface Standing {
  readonly state: State
  readonly expected: boolean
}

/** Adds a piece to intervals of the same target: the last one grows where nothing changed. */
export function withPiece(
  intervals: readonly StateInterval[],
  { kind, target }: TargetName,
  { from, to, what: { state, expected } }: Piece<Standing>,
): StateInterval[] {
  const last = intervals.at(-1)
  const goesOn = last && last.to === from && last.state === state && last.expected === expected
  if (goesOn) return [...intervals.slice(0, -1), { ...last, to }]
  return [...intervals, { kind, target, from, to, state, expected }]
}
