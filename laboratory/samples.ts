/** What weights are fitted on: answers that were given, how much each counts, and which hypotheses are right about them. */
import { CAUSE_NAMES, CAUSES, type CauseName } from '../src/diagnosis/causes.ts'
import type { Verdicts } from '../src/diagnosis/posterior.ts'
import type { MonitorPlace } from '../src/diagnosis/situation.ts'
import { type RecordedCase, type RecordedSight, rememberedFrom } from './recorded.ts'
import { IN_TIME } from './score.ts'

export interface Sample {
  /** Of the case. */
  name: string
  at: MonitorPlace
  verdicts: Verdicts
  /** Of which one must be at work, and of which alone; empty where nothing is wrong. */
  right: ReadonlySet<CauseName>
  /** All samples of one fault have the weight 1 together. */
  weight: number
}

/** Weight of a healthy stream, in faults: few are recorded, and of them nothing may be said. */
const FALSE_ALARM = 5

/** Leaves out what fires nothing and what the evidence cannot tell. */
export function samplesOf(cases: readonly RecordedCase[]): Sample[] {
  return cases.flatMap(({ name, sights }) => {
    const told = sights.filter(({ blind, truth, firesAt }) => {
      return blind === undefined && (truth.length === 0 || firesAt !== null)
    })
    return told.flatMap((sight) => {
      const weight = sight.truth.length === 0 ? FALSE_ALARM : 1
      const right = new Set(CAUSE_NAMES.filter((cause) => sight.truth.includes(CAUSES[cause].location)))
      return lastedOf(sight).map(({ verdicts, share }) => {
        return { name, at: sight.monitorAt, verdicts, right, weight: (weight * share) / told.length }
      })
    })
  })
}

/** What was answered from the first alert on, as long as it counts; of a healthy stream, all of it alike. */
function lastedOf(sight: RecordedSight): { verdicts: Verdicts; share: number }[] {
  const from = sight.firesAt ?? Number.NEGATIVE_INFINITY
  const lines = rememberedFrom(sight, from).map(({ at, known }) => ({ at, verdicts: known.verdicts }))
  if (sight.truth.length === 0) return lines.map(({ verdicts }) => ({ verdicts, share: 1 / lines.length }))
  const until = from + IN_TIME
  return lines.flatMap(({ at, verdicts }, index) => {
    const next = lines[index + 1]?.at ?? until
    const lasted = Math.min(next, until) - Math.max(at, from)
    return lasted > 0 ? [{ verdicts, share: lasted / IN_TIME }] : []
  })
}
