/**
 * How badly a table of causes tells what samples show, and how this changes with each weight: a log loss, whose slope is the
 * difference of two expectations (as in every model of products of factors), so that no weight must be tried alone.
 */
import type { Causes } from '../src/diagnosis/causes.ts'
import { QUESTION_NAMES } from '../src/diagnosis/evidence.ts'
import { type Hypothesis, likelihood, modelOf, weightOf } from '../src/diagnosis/posterior.ts'
import { MONITOR_PLACES } from '../src/diagnosis/situation.ts'
import type { Sample } from './samples.ts'
import type { WeightAt } from './weights.ts'

/** What a cause at a wrong location costs, beside what is missing of the right one: `certain` and wrong is the worst of all. */
const WRONG = 1

/** Of all samples together; the slopes are those over the logits of the weights. */
export interface Loss {
  loss: number
  slopes: number[]
}

export function lossOf(causes: Causes, samples: readonly Sample[], weights: readonly WeightAt[]): Loss {
  const { hypotheses } = modelOf(causes)
  const size = hypotheses.length
  const tables = tablesOf(causes, hypotheses)
  const pulls = new Map<string, Float64Array>()
  let loss = 0
  const logs = new Float64Array(size)
  for (const { at, verdicts, right, weight } of samples) {
    const asked = QUESTION_NAMES.filter((question) => verdicts[question] !== 'unknown')
    const keys = asked.map((question) => `${at} ${question} ${verdicts[question]}`)
    hypotheses.forEach(({ prior }, index) => {
      logs[index] = Math.log(prior)
    })
    for (const key of keys) {
      const table = tables.get(key) ?? new Float64Array(size)
      for (let index = 0; index < size; index += 1) logs[index] = (logs[index] ?? 0) + (table[index] ?? 0)
    }
    const top = logs.reduce((one, other) => Math.max(one, other))
    const shares = logs.map((log) => Math.exp(log - top))
    const isRight = hypotheses.map((one) => isRightOf(one, right))
    const isClean = hypotheses.map((one) => one.causes.every((name) => right.has(name)))
    const all = shares.reduce((sum, share) => sum + share, 0)
    const ofRight = shares.reduce((sum, share, index) => (isRight[index] ? sum + share : sum), 0)
    const ofClean = shares.reduce((sum, share, index) => (isClean[index] ? sum + share : sum), 0)
    loss -= weight * (Math.log(ofRight / all) + WRONG * Math.log(ofClean / all))
    const pull = shares.map((share, index) => {
      const expected = ((1 + WRONG) * share) / all
      const told = (isRight[index] ? share / ofRight : 0) + (isClean[index] ? (WRONG * share) / ofClean : 0)
      return weight * (expected - told)
    })
    for (const key of keys) addTo(pulls, key, pull)
  }
  return { loss, slopes: weights.map((one) => slopeOf(one, { causes, hypotheses, tables, pulls })) }
}

function isRightOf({ causes }: Hypothesis, right: Sample['right']): boolean {
  return right.size === 0 ? causes.length === 0 : causes.some((name) => right.has(name))
}

function addTo(pulls: Map<string, Float64Array>, key: string, pull: Float64Array): void {
  const sum = pulls.get(key)
  if (sum === undefined) pulls.set(key, pull.slice())
  else for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) + (pull[index] ?? 0)
}

/** Logarithms of what each hypothesis gives each answer. */
function tablesOf(causes: Causes, hypotheses: readonly Hypothesis[]): Map<string, Float64Array> {
  const model = { causes, hypotheses }
  const tables = new Map<string, Float64Array>()
  for (const at of MONITOR_PLACES) {
    for (const question of QUESTION_NAMES) {
      for (const verdict of ['good', 'bad'] as const) {
        const logs = hypotheses.map((one) => Math.log(likelihood(model, question, verdict, one.causes, at)))
        tables.set(`${at} ${question} ${verdict}`, Float64Array.from(logs))
      }
    }
  }
  return tables
}

interface Slopes {
  causes: Causes
  hypotheses: readonly Hypothesis[]
  tables: ReadonlyMap<string, Float64Array>
  pulls: ReadonlyMap<string, Float64Array>
}

function slopeOf({ cause, question, places }: WeightAt, of: Slopes): number {
  const holders = of.hypotheses.flatMap(({ causes }, index) => (causes.includes(cause) ? [index] : []))
  let slope = 0
  for (const at of places) {
    const weight = weightOf(of.causes[cause], question, at)
    const good = of.tables.get(`${at} ${question} good`)
    const pullOfGood = of.pulls.get(`${at} ${question} good`)
    const pullOfBad = of.pulls.get(`${at} ${question} bad`)
    for (const index of holders) {
      const isGood = Math.exp(good?.[index] ?? 0)
      slope -= weight * (pullOfGood?.[index] ?? 0)
      slope += ((weight * isGood) / (1 - isGood)) * (pullOfBad?.[index] ?? 0)
    }
  }
  return slope
}
