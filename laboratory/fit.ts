/** Fits the weights of the causes to samples: steps down the slope of the loss, each as long as it helps. Deterministic. */
import type { Causes } from '../src/diagnosis/causes.ts'
import { lossOf } from './loss.ts'
import type { Sample } from './samples.ts'
import { HIGHEST, isSpokenOf, LOWEST, type WeightAt, weightsOf, withWeights } from './weights.ts'

/**
 * What it costs to move a weight by one logit, in faults that are told at a loss of 1; half of it for moving by one. Of 0.03, 0.1, 0.3, 1, 3 and 10, the one
 * with the smallest loss over parts of the fitting half that were left out in turn, of those with which none of them was certain
 * and wrong (\`npm run fit-diagnosis -- --stiffness\`).
 */
export const STIFFNESS = 0.1

const MOST_STEPS = 200
/** A step that helps less is the last. */
const LEAST_GAIN = 1e-4
const FIRST_LENGTH = 0.3
const SHORTEST = 1e-4

const logit = (probability: number) => Math.log(probability / (1 - probability))
const probabilityOf = (log: number) => 1 / (1 + Math.exp(-log))
const bounded = (log: number) => Math.min(logit(HIGHEST), Math.max(logit(LOWEST), log))

/** Those weights that are another, rounded to two digits. Pure. */
export function fit(causes: Causes, samples: readonly Sample[], stiffness = STIFFNESS): WeightAt[] {
  const weights = weightsOf(causes).filter((one) => isSpokenOf(one, samples))
  const start = weights.map(({ value }) => logit(value))
  const movedTo = (logs: readonly number[]) =>
    weights.map((one, index) => ({ ...one, value: probabilityOf(logs[index] ?? 0) }))
  const costOf = (logs: readonly number[]) => {
    const { loss, slopes } = lossOf(withWeights(causes, movedTo(logs)), samples, weights)
    const moved = logs.map((value, index) => value - (start[index] ?? 0))
    return {
      cost: loss + (stiffness / 2) * moved.reduce((sum, value) => sum + value ** 2, 0),
      slopes: slopes.map((slope, index) => slope + stiffness * (moved[index] ?? 0)),
    }
  }
  let logs = start
  let now = costOf(logs)
  let length = FIRST_LENGTH
  for (let count = 0; count < MOST_STEPS && length > SHORTEST; count += 1) {
    const next = logs.map((value, index) => bounded(value - length * (now.slopes[index] ?? 0)))
    const tried = costOf(next)
    const gain = now.cost - tried.cost
    if (gain <= 0) {
      length /= 3
      continue
    }
    logs = next
    now = tried
    length *= 1.3
    if (gain < LEAST_GAIN) break
  }
  const rounded = movedTo(logs).map((one) => ({ ...one, value: Number(one.value.toFixed(2)) }))
  return rounded.filter(({ value }, index) => value !== weights[index]?.value)
}
