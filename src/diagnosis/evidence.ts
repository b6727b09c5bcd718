import { isReceiving } from '../observation/platform.ts'
import { type Answer, bad, firstSummary, good, hostAnswers, type Question, UNKNOWN } from './question.ts'
import { SERVER_QUESTIONS } from './server-questions.ts'
import { sinceOnset } from './since-onset.ts'
import type { Situation } from './situation.ts'
import { STREAM_QUESTIONS } from './stream-questions.ts'
import { VENUE_QUESTIONS } from './venue-questions.ts'

const ADD_CONTROL = 'add a host near the monitor that answers always, such as its own gateway (`"control": true`)'

/** What the platform says, and whether what the monitor says is worth anything. */
const PLATFORM_AND_MONITOR_QUESTIONS = {
  platformReceives: {
    leak: 0.02,
    ask({ platforms }) {
      for (const seen of platforms) {
        const fault = firstSummary(seen.issues, ['streamingError', 'ingestNotReceiving'])
        if (fault !== null) return bad(fault)
      }
      const receives = platforms.some(({ measurements: m }) => isReceiving(m.liveState, m.ingestState) === true)
      return receives ? good('the platform receives the stream') : UNKNOWN
    },
  },
  platformTells: {
    leak: 0.01,
    ask({ platforms }) {
      for (const seen of platforms) {
        const fault = firstSummary(seen.issues, ['platformUnreachable', 'tokenInvalid', 'rateLimited', 'eventNotFound'])
        if (fault !== null) return bad(fault)
      }
      return platforms.some(({ measurements }) => measurements.up === true) ? good('the platform answers') : UNKNOWN
    },
  },
  monitorHasNetwork: {
    leak: 0.005,
    ask(situation) {
      const cut = situation.hosts.find(({ seen }) => seen.issues.some(({ type }) => type === 'observerNetwork'))
      if (cut !== undefined) return bad("the monitor's own network is cut")
      if (situation.stream.error?.code === 'observer-network') return bad("the monitor's own network is cut")
      return hostAnswers(situation, ['monitor'], "the monitor's own network", ADD_CONTROL)
    },
  },
  monitorMeasures: {
    leak: 0.005,
    ask({ stream: { error, state } }) {
      if (error !== undefined && OWN_FAULTS.has(error.code)) return bad(error.message)
      return state === 'unknown' ? UNKNOWN : good('the monitor measures')
    },
  },
} as const satisfies Record<string, Question>

/**
 * The questions: which of our measurements tell which faults apart. A new one is a row, and a weight at each cause that
 * makes it `bad`.
 */
export const QUESTIONS = {
  ...STREAM_QUESTIONS,
  ...SERVER_QUESTIONS,
  ...VENUE_QUESTIONS,
  ...PLATFORM_AND_MONITOR_QUESTIONS,
} as const satisfies Record<string, Question>

export type QuestionName = keyof typeof QUESTIONS
export const QUESTION_NAMES = Object.keys(QUESTIONS) as QuestionName[]

/** What is known of every question. */
export type Evidence = Readonly<Record<QuestionName, Answer>>

/** Asks every question, of what has been seen since the stream went away. Pure. */
export function evidenceOf(seen: Situation): Evidence {
  const situation = sinceOnset(seen)
  const answerTo = (name: QuestionName): Answer => {
    const answer = QUESTIONS[name].ask(situation)
    if (situation === seen || answer.verdict !== 'unknown' || answer.missing !== undefined) return answer
    return QUESTIONS[name].ask(seen).verdict === 'unknown' ? answer : { ...answer, awaited: true }
  }
  return evidenceBy(answerTo)
}

export function evidenceBy(answerTo: (name: QuestionName) => Answer): Evidence {
  return Object.fromEntries(QUESTION_NAMES.map((name) => [name, answerTo(name)])) as Record<QuestionName, Answer>
}

/** Codes by which nothing is known for a reason of the monitor's own. */
const OWN_FAULTS: ReadonlySet<string> = new Set([
  'loop-late',
  'late',
  'stale',
  'no-ffprobe',
  'no-ffmpeg',
  'no-resources',
  'out-of-memory',
  'killed',
  'crashed',
  'bad-output',
  'missing-variable',
])
