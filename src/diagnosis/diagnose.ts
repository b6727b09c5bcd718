import { type Diagnosis, LOCATIONS } from '../observation/diagnosis.ts'
import { CAUSE_NAMES, CAUSES, type CauseName } from './causes.ts'
import { type Evidence, QUESTION_NAMES, type QuestionName } from './evidence.ts'
import {
  expectedBad,
  judge,
  type Known,
  knownOf,
  likeliestAt,
  likelihood,
  modelOf,
  NOTHING,
  type Posterior,
  posteriorOf,
  weightOf,
} from './posterior.ts'
import type { Verdict } from './question.ts'
import { MONITOR_PLACES, type MonitorPlace } from './situation.ts'

/** Clauses of each kind. */
const MOST_CLAUSES = 4
/** Of what to do. */
const MOST_STEPS = 4
/** An answer that makes a cause so many times more or less probable is told as evidence. */
const TELLING = 2
/** What an answer must add to the probability of the best location on average to be asked for. */
const WORTH_ASKING = 0.1

const MODEL = modelOf(CAUSES)

/** What is known, and which questions could be answered if something were configured. */
interface Asked extends Known {
  missing: readonly QuestionName[]
}

/**
 * Says where a fault most probably is: noisy-OR over the causes (each makes an answer bad with its own probability, and a
 * leak does so without any), with exact enumeration (Bahl et al., "Towards highly reliable enterprise network services via
 * inference of multi-level dependencies", SIGCOMM 2007, tries few causes at once, too). Pure.
 */
export function diagnose(evidence: Evidence, monitorAt: MonitorPlace): Diagnosis {
  const missing = QUESTION_NAMES.filter((name) => evidence[name].missing !== undefined)
  const { cause, rival, confidence, probability, lacking, from } = judged({ ...knownOf(evidence), missing }, monitorAt)
  const wouldDecide = (lacking && evidence[lacking].missing) ?? (from && LOOK_FROM[from])
  if (confidence === null || cause === null) return { ...NOTHING_SAID, probability, wouldDecide }
  const { location, says } = CAUSES[cause]
  const orElse = rival && { location: CAUSES[rival].location, cause: rival, says: CAUSES[rival].says }
  return {
    ...{ probability, wouldDecide, location, cause, confidence, says },
    ...(orElse !== null && { orElse }),
    ...{ remedy: stepsAgainst(cause, rival), ...clauses(cause, evidence, monitorAt) },
  }
}

/** Where it may be either, what helps against both in turn. */
function stepsAgainst(cause: CauseName, rival: CauseName | null): string[] {
  const own: readonly string[] = CAUSES[cause].remedy
  if (rival === null) return [...own]
  const others: readonly string[] = CAUSES[rival].remedy
  const inTurn = own.flatMap((step, index) => [step, ...others.slice(index, index + 1)])
  return [...new Set([...inTurn, ...others])].slice(0, MOST_STEPS)
}

/** For a second monitor, where nothing that this one lacks would decide. */
export const LOOK_FROM: Readonly<Record<MonitorPlace, string>> = {
  venue: 'let a second monitor watch the same from the venue',
  server: 'let a second monitor watch the same from beside the server',
  elsewhere: 'let a second monitor watch the same from elsewhere',
}

interface Judged extends Pick<Diagnosis, 'probability' | 'confidence'> {
  cause: CauseName | null
  rival: CauseName | null
  /** The question that would decide it. */
  lacking: QuestionName | null
  /** Where no question would: the place from which cause and rival look different. */
  from: MonitorPlace | null
}

/** Judgements that are kept: many streams of one server show the same, second by second. */
const MOST_KEPT = 500
const kept = new Map<string, Judged>()

function judged(known: Asked, monitorAt: MonitorPlace): Judged {
  const { verdicts, missing, awaited } = known
  const answers = QUESTION_NAMES.map((name) => verdicts[name])
  const key = [monitorAt, ...answers, ...missing, 'awaited', ...awaited].join(' ')
  const found = kept.get(key) ?? judgedAnew(known, monitorAt)
  kept.delete(key)
  kept.set(key, found)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  return found
}

function judgedAnew(known: Asked, monitorAt: MonitorPlace): Judged {
  const posterior = posteriorOf(MODEL, known.verdicts, monitorAt)
  const { location, probability, confidence, rival } = judge(MODEL, known, monitorAt)
  const lacking = confidence === 'certain' ? null : lackingOf(known, monitorAt, posterior)
  if (confidence === null) return { cause: null, rival: null, probability, confidence, lacking, from: null }
  const cause = likeliestAt(location, MODEL, posterior)
  const from = rival !== null && lacking === null ? placeThatTells(cause, rival, known) : null
  return { cause, rival, probability, confidence, lacking, from }
}

/** Difference of two weights by which an answer tells one cause from another. */
const TELLS_APART = 0.5

/** From where one of the questions that are answered here tells them apart; null where none does. */
function placeThatTells(one: CauseName, other: CauseName, { verdicts }: Asked): MonitorPlace | null {
  const asked = QUESTION_NAMES.filter((name) => verdicts[name] !== 'unknown')
  const apart = (at: MonitorPlace) => (question: QuestionName) =>
    Math.abs(weightOf(CAUSES[one], question, at) - weightOf(CAUSES[other], question, at)) >= TELLS_APART
  return MONITOR_PLACES.find((at) => asked.some(apart(at))) ?? null
}

const NOTHING_SAID = {
  ...{ location: null, cause: null, confidence: null, says: '' },
  ...{ evidenceFor: [], evidenceAgainst: [], remedy: [] },
}

/** What speaks for a cause, and what against it, compared with no cause at all. */
function clauses(cause: CauseName, evidence: Evidence, at: MonitorPlace) {
  const told = QUESTION_NAMES.flatMap((question) => {
    const { verdict, says } = evidence[question]
    if (verdict === 'unknown') return []
    return [{ question, verdict, says, ratio: ratioOf(cause, question, verdict, at) }]
  })
  const evidenceFor = told.filter(({ ratio }) => ratio >= TELLING).sort((one, other) => other.ratio - one.ratio)
  const evidenceAgainst = told.filter(({ ratio }) => ratio <= 1 / TELLING).sort((one, other) => one.ratio - other.ratio)
  const first = (list: typeof told) => list.slice(0, MOST_CLAUSES).map(({ says }) => says)
  const answers = (list: typeof told) =>
    list.slice(0, MOST_CLAUSES).map(({ question, verdict }) => ({ question, verdict }))
  return {
    ...{ evidenceFor: first(evidenceFor), answersFor: answers(evidenceFor) },
    ...{ evidenceAgainst: first(evidenceAgainst), answersAgainst: answers(evidenceAgainst) },
  }
}

const ratios = new Map<string, number>()

/** How many times more probable an answer is with a cause than with any other, or with none. */
function ratioOf(cause: CauseName, question: QuestionName, verdict: Verdict, at: MonitorPlace): number {
  const key = `${cause} ${question} ${verdict} ${at}`
  const known = ratios.get(key)
  if (known !== undefined) return known
  const others = CAUSE_NAMES.filter((name) => name !== cause)
  const elsewhere = others.reduce(
    (sum, name) => sum + CAUSES[name].prior * likelihood(MODEL, question, verdict, [name], at),
    NOTHING * likelihood(MODEL, question, verdict, [], at),
  )
  const priors = others.reduce((sum, name) => sum + CAUSES[name].prior, NOTHING)
  const ratio = likelihood(MODEL, question, verdict, [cause], at) / (elsewhere / priors)
  ratios.set(key, ratio)
  return ratio
}

/** The question that is not answered and would, on average, make the best location the most probable. */
function lackingOf({ verdicts, missing }: Asked, at: MonitorPlace, now: Posterior): QuestionName | null {
  const best = (posterior: Posterior) => Math.max(...LOCATIONS.map((one) => posterior.ofLocation(one)))
  const gains = missing.map((question) => {
    const isBad = expectedBad(MODEL, question, verdicts, at)
    const after = (verdict: Verdict) => best(posteriorOf(MODEL, { ...verdicts, [question]: verdict }, at))
    return { question, gain: isBad * after('bad') + (1 - isBad) * after('good') - best(now) }
  })
  const top = gains.sort((one, other) => other.gain - one.gain)[0]
  return top !== undefined && top.gain >= WORTH_ASKING ? top.question : null
}
