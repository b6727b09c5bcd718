import { type Confidence, LOCATIONS, type Location } from '../observation/diagnosis.ts'
import type { Cause } from './cause.ts'
import { CAUSE_NAMES, type CauseName, type Causes } from './causes.ts'
import { type Evidence, QUESTION_NAMES, QUESTIONS, type QuestionName } from './evidence.ts'
import type { Verdict } from './question.ts'
import type { MonitorPlace } from './situation.ts'

/** Prior of nothing being wrong but what the leaks explain. */
export const NOTHING = 0.2
/** Two faults at once are rarer than their product: most of what looks like two has one cause. */
const PAIR = 0.3

/** Answers that must be known, `bad` and `good` alike, before anything is called certain. */
const FOR_CERTAINTY = 4
/** Probability from which a second location is worth naming beside the first. */
const WORTH_NAMING = 0.2
/** All answers together speak less than so many times more for one cause than for another: they look the same. */
const ALIKE = 3
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
  const weights = Float64Array.from(model.hypotheses, ({ prior }) => prior)
  for (const question of QUESTION_NAMES) {
    if (verdicts[question] === 'unknown') continue
    const factors = factorsOf(model, question, verdicts[question], monitorAt)
    for (let index = 0; index < weights.length; index += 1)
      weights[index] = (weights[index] ?? 0) * (factors[index] ?? 0)
  }
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const ofCause = new Map<CauseName, number>()
  const ofLocation = new Map<Location, number>()
  model.hypotheses.forEach(({ causes }, index) => {
    const share = (weights[index] ?? 0) / all
    for (const name of causes) ofCause.set(name, (ofCause.get(name) ?? 0) + share)
    for (const one of new Set(causes.map((name) => model.causes[name].location))) {
      ofLocation.set(one, (ofLocation.get(one) ?? 0) + share)
    }
  })
  return { ofCause: (name) => ofCause.get(name) ?? 0, ofLocation: (location) => ofLocation.get(location) ?? 0 }
}

const factors = new WeakMap<Model, Map<string, Float64Array>>()

/** Probability of an answer with each hypothesis, in their order: reckoned once for a table of causes. */
function factorsOf(model: Model, question: QuestionName, verdict: Verdict, at: MonitorPlace): Float64Array {
  const known = factors.get(model) ?? new Map<string, Float64Array>()
  factors.set(model, known)
  const key = `${question} ${verdict} ${at}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = Float64Array.from(model.hypotheses, ({ causes }) => likelihood(model, question, verdict, causes, at))
  known.set(key, made)
  return made
}

export interface Judgement {
  /** The most probable one. */
  location: Location
  probability: number
  /** Null where it is too improbable to be said. */
  confidence: Confidence | null
  /** Of another location, with which all that is known would look the same: only the priors tell the two apart. */
  rival: CauseName | null
}

/** What is known, and what soon will be. */
export interface Known {
  verdicts: Verdicts
  /** Not answered yet, and will be within a poll or two. */
  awaited: readonly QuestionName[]
}

export function knownOf(evidence: Evidence): Known {
  const verdicts = Object.fromEntries(QUESTION_NAMES.map((name) => [name, evidence[name].verdict])) as Verdicts
  return { verdicts, awaited: QUESTION_NAMES.filter((name) => evidence[name].awaited === true) }
}

export function judge(model: Model, known: Known, monitorAt: MonitorPlace): Judgement {
  const { verdicts } = known
  const posterior = posteriorOf(model, verdicts, monitorAt)
  const { location, probability } = likeliest(posterior)
  const rival = rivalOf(location, model, verdicts, posterior, monitorAt)
  const isPlain = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown').length >= FOR_CERTAINTY
  const mayBeCertain = () => {
    const { certainWith } = model.causes[likeliestAt(location, model, posterior)]
    const isProved = certainWith === undefined || verdicts[certainWith] === 'bad'
    return isPlain && isProved && !mayTurn(location, model, known, monitorAt)
  }
  const found = WORDS.find(([word, from]) => probability >= from && (word !== 'certain' || mayBeCertain()))
  const confidence = found?.[0] ?? null
  return { location, probability, confidence: rival === null ? confidence : confidence && 'possible', rival }
}

/** The likeliest cause of the second location, where no answer and not all of them together tell it from that of the first. */
function rivalOf(
  first: Location,
  model: Model,
  verdicts: Verdicts,
  posterior: Posterior,
  at: MonitorPlace,
): CauseName | null {
  const others = LOCATIONS.filter((location) => location !== first)
  const second = mostProbable(others, (location) => posterior.ofLocation(location))
  if (posterior.ofLocation(second) < WORTH_NAMING) return null
  const cause = likeliestAt(first, model, posterior)
  const other = likeliestAt(second, model, posterior)
  let apart = 0
  for (const question of QUESTION_NAMES) {
    const verdict = verdicts[question]
    if (verdict === 'unknown') continue
    const given = (name: CauseName) => likelihood(model, question, verdict, [name], at)
    apart += Math.abs(Math.log(given(cause) / given(other)))
  }
  return apart < Math.log(ALIKE) ? other : null
}

/** The likeliest cause of a location. */
export function likeliestAt(location: Location, { causes }: Model, posterior: Posterior): CauseName {
  const ofLocation = CAUSE_NAMES.filter((name) => causes[name].location === location)
  return mostProbable(ofLocation, (name) => posterior.ofCause(name))
}

function likeliest(posterior: Posterior): Pick<Judgement, 'location' | 'probability'> {
  const location = mostProbable(LOCATIONS, (one) => posterior.ofLocation(one))
  return { location, probability: posterior.ofLocation(location) }
}

/**
 * Whether another cause would make its location the likeliest, if what is awaited came as with it: then nothing is certain
 * before that is there.
 */
function mayTurn(location: Location, model: Model, { verdicts, awaited }: Known, monitorAt: MonitorPlace): boolean {
  if (awaited.length === 0) return false
  return CAUSE_NAMES.some((name) => {
    const cause = model.causes[name]
    if (cause.location === location) return false
    const asWithIt = awaited.map((question) => [question, weightOf(cause, question, monitorAt) > 0.5 ? 'bad' : 'good'])
    const then = { ...verdicts, ...Object.fromEntries(asWithIt) }
    return likeliest(posteriorOf(model, then, monitorAt)).location !== location
  })
}

/** The first of the most probable ones. */
function mostProbable<T>(all: readonly T[], probability: (one: T) => number): T {
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
