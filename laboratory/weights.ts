/** The weights of the causes, one by one, and the causes with others in their place. */
import type { Cause, Weight } from '../src/diagnosis/cause.ts'
import { CAUSE_NAMES, type CauseName, type Causes } from '../src/diagnosis/causes.ts'
import { QUESTION_NAMES, type QuestionName } from '../src/diagnosis/evidence.ts'
import { MONITOR_PLACES, type MonitorPlace } from '../src/diagnosis/situation.ts'
import type { Sample } from './samples.ts'

/**
 * One weight. Priors are none of it: how often a fault is made in the laboratory tells nothing of how often it happens, and where
 * they moved, too, more was certain and wrong among the cases that had been left out.
 */
export interface WeightAt {
  cause: CauseName
  question: QuestionName
  /** For which it holds: those with the same number stay together. */
  places: readonly MonitorPlace[]
  value: number
}

export const LOWEST = 0.01
export const HIGHEST = 0.98

/** Cases that must speak of a weight before it moves: one alone may be odd. */
const CASES_THAT_SPEAK = 2

export function weightsOf(causes: Causes): WeightAt[] {
  return CAUSE_NAMES.flatMap((cause) =>
    QUESTION_NAMES.flatMap((question) => {
      const { makesBad }: Cause = causes[cause]
      return groupsOf(makesBad[question]).map((group) => ({ cause, question, ...group }))
    }),
  )
}

function groupsOf(weight: Weight | undefined): Pick<WeightAt, 'places' | 'value'>[] {
  if (weight === undefined) return []
  if (typeof weight === 'number') return [{ places: MONITOR_PLACES, value: weight }]
  const values = new Set(MONITOR_PLACES.flatMap((place) => weight[place] ?? []))
  return [...values].map((value) => ({ places: MONITOR_PLACES.filter((place) => weight[place] === value), value }))
}

/** Whether enough cases in which the cause may be at work answer its question. */
export function isSpokenOf({ cause, question, places }: WeightAt, samples: readonly Sample[]): boolean {
  const speak = samples.filter(({ at, right, verdicts }) => {
    return right.has(cause) && places.includes(at) && verdicts[question] !== 'unknown'
  })
  return new Set(speak.map(({ name }) => name)).size >= CASES_THAT_SPEAK
}

export function withWeights(causes: Causes, weights: readonly WeightAt[]): Causes {
  const entries = CAUSE_NAMES.map((name): [CauseName, Cause] => {
    const cause: Cause = causes[name]
    const makesBad = { ...cause.makesBad }
    for (const { question, places, value } of weights.filter((one) => one.cause === name)) {
      const change = Object.fromEntries(places.map((place) => [place, value]))
      const before = makesBad[question]
      makesBad[question] = typeof before === 'object' ? { ...before, ...change } : value
    }
    return [name, { ...cause, makesBad }]
  })
  return Object.fromEntries(entries) as Record<CauseName, Cause>
}
