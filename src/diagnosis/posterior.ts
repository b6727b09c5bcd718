import { type Confidence, LOCATIONS, type Location } from '../observation/diagnosis.ts'
import type { Cause } from './cause.ts'
import { CAUSE_NAMES, type CauseName, type Causes } from './causes.ts'
import { QUESTION_NAMES, QUESTIONS, type QuestionName } from './evidence.ts'
import type { Verdict } from './question.ts'
import type { MonitorPlace } from './situation.ts'

/** Prior of nothing being wrong but what the leaks explain. */
export const NOTHING = 0.2
/** Two faults at once are rarer than their product: most of what looks like two has one cause. */
const PAIR = 0.3

/** Answers that must be known, `bad` and `good` alike, before anything is called certain. */
const FOR_CERTAINTY = 4
const WORDS = [
  ['certain', 0.9],
  ['likely', 0.6],
  ['possible', 0.5],
] as const

export type Verdicts = Readonly<Record<QuestionName, Verdict>>

export interface Hypothesis {
  causes: readonly CauseName[]
  prior: number
}

/** A table of causes, and what follows from its priors. */
export interface Model {
  causes: Causes
  /** Nothing, each cause alone, and each pair: few enough to be looked at one by one. */
  hypotheses: readonly Hypothesis[]
}

export function modelOf(causes: Causes): Model {
  const hypotheses = [
    { causes: [], prior: NOTHING },
    ...CAUSE_NAMES.map((name) => ({ causes: [name], prior: causes[name].prior })),
    ...CAUSE_NAMES.flatMap((one, index) =>
      CAUSE_NAMES.slice(index + 1).map((other) => ({
        causes: [one, other],
        prior: causes[one].prior * causes[other].prior * PAIR,
      })),
    ),
  ]
  return { causes, hypotheses }
}

export interface Posterior {
  ofCause(name: CauseName): number
  ofLocation(location: Location): number
}

export function posteriorOf(model: Model, verdicts: Verdicts, monitorAt: MonitorPlace): Posterior {
  const asked = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown')
  const weighed = model.hypotheses.map(({ causes, prior }) => {
    let weight = prior
    for (const question of asked) weight *= likelihood(model, question, verdicts[question], causes, monitorAt)
    return { causes, weight }
  })
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const share = (holds: (causes: readonly CauseName[]) => boolean) =>
    weighed.reduce((sum, { causes, weight }) => (holds(causes) ? sum + weight : sum), 0) / all
  return {
    ofCause: (name) => share((causes) => causes.includes(name)),
    ofLocation: (location) => share((causes) => causes.some((name) => model.causes[name].location === location)),
  }
}

export interface Judgement {
  /** The most probable one. */
  location: Location
  probability: number
  /** Null where it is too improbable to be said. */
  confidence: Confidence | null
}

export function judge(posterior: Posterior, verdicts: Verdicts): Judgement {
  const location = mostProbable(LOCATIONS, (one) => posterior.ofLocation(one))
  const probability = posterior.ofLocation(location)
  const known = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown').length
  const isPlain = known >= FOR_CERTAINTY
  const found = WORDS.find(([word, from]) => probability >= from && (word !== 'certain' || isPlain))
  return { location, probability, confidence: found?.[0] ?? null }
}

/** The first of the most probable ones. */
export function mostProbable<T>(all: readonly T[], probability: (one: T) => number): T {
  return all.reduce((best, one) => (probability(one) > probability(best) ? one : best))
}

/** Probability of an answer where these causes are at work. */
export function likelihood(
  model: Model,
  question: QuestionName,
  verdict: Verdict,
  causes: readonly CauseName[],
  at: MonitorPlace,
): number {
  let good = 1 - QUESTIONS[question].leak
  for (const name of causes) good *= 1 - weightOf(model.causes[name], question, at)
  return verdict === 'good' ? good : 1 - good
}

export function weightOf({ makesBad }: Cause, question: QuestionName, at: MonitorPlace): number {
  const weight = makesBad[question] ?? 0
  return typeof weight === 'number' ? weight : (weight[at] ?? 0)
}

/** Probability that a question that is not answered would be answered `bad`. */
export function expectedBad(model: Model, question: QuestionName, verdicts: Verdicts, at: MonitorPlace): number {
  const asked = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown')
  let all = 0
  let isBad = 0
  for (const { causes, prior } of model.hypotheses) {
    let weight = prior
    for (const name of asked) weight *= likelihood(model, name, verdicts[name], causes, at)
    all += weight
    isBad += weight * likelihood(model, question, 'bad', causes, at)
  }
  return isBad / all
}
