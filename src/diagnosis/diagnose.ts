import { type Diagnosis, LOCATIONS, type Location } from '../observation/diagnosis.ts'
import type { Cause } from './cause.ts'
import { CAUSE_NAMES, CAUSES, type CauseName } from './causes.ts'
import { type Evidence, QUESTION_NAMES, QUESTIONS, type QuestionName } from './evidence.ts'
import type { Verdict } from './question.ts'
import type { MonitorPlace } from './situation.ts'

/** Prior of nothing being wrong but what the leaks explain. */
const NOTHING = 0.2
/** Two faults at once are rarer than their product: most of what looks like two has one cause. */
const PAIR = 0.3
/** Answers that must be known, `bad` and `good` alike, before anything is called certain. */
const FOR_CERTAINTY = 4
const WORDS = [
  ['certain', 0.9],
  ['likely', 0.6],
  ['possible', 0.5],
] as const
/** Clauses of each kind. */
const MOST_CLAUSES = 4
/** An answer that makes a cause so many times more or less probable is told as evidence. */
const TELLING = 2
/** What an answer must add to the probability of the best location on average to be asked for. */
const WORTH_ASKING = 0.1

type Verdicts = Readonly<Record<QuestionName, Verdict>>

/** What is known, and which questions could be answered if something were configured. */
interface Known {
  verdicts: Verdicts
  missing: readonly QuestionName[]
}

interface Hypothesis {
  causes: readonly CauseName[]
  prior: number
}

/** Nothing, each cause alone, and each pair: few enough to be looked at one by one. */
const HYPOTHESES: readonly Hypothesis[] = [
  { causes: [], prior: NOTHING },
  ...CAUSE_NAMES.map((name) => ({ causes: [name], prior: CAUSES[name].prior })),
  ...CAUSE_NAMES.flatMap((one, index) =>
    CAUSE_NAMES.slice(index + 1).map((other) => ({
      causes: [one, other],
      prior: CAUSES[one].prior * CAUSES[other].prior * PAIR,
    })),
  ),
]

/**
 * Says where a fault most probably is: noisy-OR over the causes (each makes an answer bad with its own probability, and a
 * leak does so without any), with exact enumeration (Bahl et al., "Towards highly reliable enterprise network services via
 * inference of multi-level dependencies", SIGCOMM 2007, tries few causes at once, too). Pure.
 */
export function diagnose(evidence: Evidence, monitorAt: MonitorPlace): Diagnosis {
  const verdicts = Object.fromEntries(QUESTION_NAMES.map((name) => [name, evidence[name].verdict])) as Verdicts
  const missing = QUESTION_NAMES.filter((name) => evidence[name].missing !== undefined)
  const { cause, confidence, probability, lacking } = judged({ verdicts, missing }, monitorAt)
  const found = { probability, wouldDecide: (lacking && evidence[lacking].missing) ?? null }
  if (confidence === null || cause === null) return { ...NOTHING_SAID, ...found }
  const { location, says, remedy } = CAUSES[cause]
  return { ...found, location, cause, confidence, says, remedy: [...remedy], ...clauses(cause, evidence, monitorAt) }
}

interface Judged extends Pick<Diagnosis, 'probability' | 'confidence'> {
  cause: CauseName | null
  /** The question that would decide it. */
  lacking: QuestionName | null
}

/** Judgements that are kept: many streams of one server show the same, second by second. */
const MOST_KEPT = 500
const kept = new Map<string, Judged>()

function judged(known: Known, monitorAt: MonitorPlace): Judged {
  const { verdicts, missing } = known
  const key = `${monitorAt} ${QUESTION_NAMES.map((name) => verdicts[name]).join(' ')} ${missing.join(' ')}`
  const found = kept.get(key) ?? judge(known, monitorAt)
  kept.delete(key)
  kept.set(key, found)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  return found
}

function judge({ verdicts, missing }: Known, monitorAt: MonitorPlace): Judged {
  const posterior = posteriorOf(verdicts, monitorAt)
  const location = mostProbable(LOCATIONS, (one) => posterior.ofLocation(one))
  const probability = posterior.ofLocation(location)
  const known = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown').length
  const isPlain = known >= FOR_CERTAINTY
  const confidence = WORDS.find(([word, from]) => probability >= from && (word !== 'certain' || isPlain))?.[0] ?? null
  const lacking = confidence === 'certain' ? null : lackingOf({ verdicts, missing }, monitorAt, posterior)
  if (confidence === null) return { cause: null, probability, confidence, lacking }
  const cause = mostProbable(
    CAUSE_NAMES.filter((name) => CAUSES[name].location === location),
    (name) => posterior.ofCause(name),
  )
  return { cause, probability, confidence, lacking }
}

const NOTHING_SAID = {
  ...{ location: null, cause: null, confidence: null, says: '' },
  ...{ evidenceFor: [], evidenceAgainst: [], remedy: [] },
}

interface Posterior {
  ofCause(name: CauseName): number
  ofLocation(location: Location): number
}

function posteriorOf(verdicts: Verdicts, monitorAt: MonitorPlace): Posterior {
  const asked = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown')
  const weighed = HYPOTHESES.map(({ causes, prior }) => {
    let weight = prior
    for (const question of asked) weight *= likelihood(question, verdicts[question], causes, monitorAt)
    return { causes, weight }
  })
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const share = (holds: (causes: readonly CauseName[]) => boolean) =>
    weighed.reduce((sum, { causes, weight }) => (holds(causes) ? sum + weight : sum), 0) / all
  return {
    ofCause: (name) => share((causes) => causes.includes(name)),
    ofLocation: (location) => share((causes) => causes.some((name) => CAUSES[name].location === location)),
  }
}

/** Probability of an answer where these causes are at work. */
function likelihood(question: QuestionName, verdict: Verdict, causes: readonly CauseName[], at: MonitorPlace): number {
  let good = 1 - QUESTIONS[question].leak
  for (const name of causes) good *= 1 - weightOf(name, question, at)
  return verdict === 'good' ? good : 1 - good
}

function weightOf(name: CauseName, question: QuestionName, at: MonitorPlace): number {
  const { makesBad }: Cause = CAUSES[name]
  const weight = makesBad[question] ?? 0
  return typeof weight === 'number' ? weight : (weight[at] ?? 0)
}

/** What speaks for a cause, and what against it, compared with no cause at all. */
function clauses(cause: CauseName, evidence: Evidence, at: MonitorPlace) {
  const told = QUESTION_NAMES.flatMap((question) => {
    const { verdict, says } = evidence[question]
    if (verdict === 'unknown') return []
    return [{ says, ratio: ratioOf(cause, question, verdict, at) }]
  })
  const evidenceFor = told.filter(({ ratio }) => ratio >= TELLING).sort((one, other) => other.ratio - one.ratio)
  const evidenceAgainst = told.filter(({ ratio }) => ratio <= 1 / TELLING).sort((one, other) => one.ratio - other.ratio)
  const first = (list: { says: string }[]) => list.slice(0, MOST_CLAUSES).map(({ says }) => says)
  return { evidenceFor: first(evidenceFor), evidenceAgainst: first(evidenceAgainst) }
}

const ratios = new Map<string, number>()

/** How many times more probable an answer is with a cause than with any other, or with none. */
function ratioOf(cause: CauseName, question: QuestionName, verdict: Verdict, at: MonitorPlace): number {
  const key = `${cause} ${question} ${verdict} ${at}`
  const known = ratios.get(key)
  if (known !== undefined) return known
  const others = CAUSE_NAMES.filter((name) => name !== cause)
  const elsewhere = others.reduce(
    (sum, name) => sum + CAUSES[name].prior * likelihood(question, verdict, [name], at),
    NOTHING * likelihood(question, verdict, [], at),
  )
  const priors = others.reduce((sum, name) => sum + CAUSES[name].prior, NOTHING)
  const ratio = likelihood(question, verdict, [cause], at) / (elsewhere / priors)
  ratios.set(key, ratio)
  return ratio
}

/** The question that is not answered and would, on average, make the best location the most probable. */
function lackingOf({ verdicts, missing }: Known, at: MonitorPlace, now: Posterior): QuestionName | null {
  const best = (posterior: Posterior) => Math.max(...LOCATIONS.map((one) => posterior.ofLocation(one)))
  const gains = missing.map((question) => {
    const isBad = expectedBad(question, verdicts, at)
    const after = (verdict: Verdict) => best(posteriorOf({ ...verdicts, [question]: verdict }, at))
    return { question, gain: isBad * after('bad') + (1 - isBad) * after('good') - best(now) }
  })
  const top = gains.sort((one, other) => other.gain - one.gain)[0]
  return top !== undefined && top.gain >= WORTH_ASKING ? top.question : null
}

/** Probability that a question that is not answered would be answered `bad`. */
function expectedBad(question: QuestionName, verdicts: Verdicts, at: MonitorPlace): number {
  const asked = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown')
  let all = 0
  let isBad = 0
  for (const { causes, prior } of HYPOTHESES) {
    let weight = prior
    for (const name of asked) weight *= likelihood(name, verdicts[name], causes, at)
    all += weight
    isBad += weight * likelihood(question, 'bad', causes, at)
  }
  return isBad / all
}

/** The first of the most probable ones. */
function mostProbable<T>(all: readonly T[], probability: (one: T) => number): T {
  return all.reduce((best, one) => (probability(one) > probability(best) ? one : best))
}
