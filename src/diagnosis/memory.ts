import { type Evidence, evidenceBy, type QuestionName } from './evidence.ts'
import { type Answer, bad, UNKNOWN } from './question.ts'

/** Seconds for which an answer counts that was given earlier in the same incident. */
const REMEMBERED = 60

interface Remembered {
  answer: Answer
  /** When it was given last, in seconds of any clock that does not jump. */
  at: number
}
type Answers = ReadonlyMap<QuestionName, Remembered>

/** What was answered earlier in an incident. */
export interface Memory {
  bad: Answers
  /** What was good while nothing arrived. */
  goodWhileAway: Answers
  /** Whether media came back, and has not gone away again. */
  cameBack: boolean
}

export const NO_MEMORY: Memory = { bad: new Map(), goodWhileAway: new Map(), cameBack: false }

/**
 * What is wrong now and then, because the fault comes and goes: that it is well at this moment does not take it back. Not
 * among them: what somebody may have mended or begun meanwhile (`encoderOnAir`), and what has a hold of its own (picture,
 * sound, settings).
 */
const COMES_AND_GOES: ReadonlySet<QuestionName> = new Set<QuestionName>([
  ...([
    'mediaArrives',
    'flowsSteadily',
    'nameResolves',
    'serverReached',
    'serverHostAnswers',
    'serverHostClean',
  ] as const),
  ...(['otherStreamsOnServer', 'streamsElsewhere', 'wayIsClean', 'gatewayAnswers', 'encoderSteady'] as const),
  ...(['encoderConnected', 'encoderCacheLow', 'encoderSendsAll', 'monitorHasNetwork', 'monitorMeasures'] as const),
])

/** What a stream and the cache of its encoder show between two times of nothing: it says nothing of those. */
const OF_MEDIA: ReadonlySet<QuestionName> = new Set<QuestionName>([
  ...(['pace', 'keepsUp', 'frames', 'bitrate', 'timestamps', 'encoderCacheLow'] as const),
])

/** What only an encoder says that answers: of one that does now and then, it tells nothing of the time between. */
const OF_ENCODER: ReadonlySet<QuestionName> = new Set<QuestionName>([
  ...(['encoderConnected', 'encoderCacheLow', 'encoderSendsAll'] as const),
])

/** What is known by now, with what was answered earlier in the same incident, and what is to be remembered of it. Pure. */
export function recall(memory: Memory, evidence: Evidence, at: number): { evidence: Evidence; memory: Memory } {
  const steady = steadied(memory, evidence)
  const { verdict: arrives } = steady.mediaArrives
  const wasAway = memory.bad.has('mediaArrives')
  // Not to know it is no return.
  const isAway = arrives === 'bad' || (arrives === 'unknown' && wasAway && !memory.cameBack)
  const cameBack = arrives === 'good' ? wasAway : !isAway && memory.cameBack
  const given = Object.entries(steady) as [QuestionName, Answer][]
  const known: Memory = {
    bad: recentAnswers(
      memory.bad,
      at,
      given.filter(([, { verdict }]) => verdict === 'bad'),
    ),
    goodWhileAway: recentAnswers(
      memory.goodWhileAway,
      at,
      isAway ? given.filter(([, { verdict }]) => verdict === 'good') : [],
    ),
    cameBack,
  }
  const isHeardBetween = known.bad.has('encoderSteady')
  return {
    memory: known,
    evidence: evidenceBy((name) => {
      const now = steady[name]
      if (now.verdict === 'bad') return now
      const before = COMES_AND_GOES.has(name) ? known.bad.get(name) : undefined
      if (before !== undefined) return bad(`${before.answer.says} (until a moment ago)`)
      // Of media that is late now, the cache of now tells whether it is late on the way out already.
      const isOfLateness = name === 'encoderCacheLow' && steady.keepsUp.verdict === 'bad'
      const isBetween = cameBack && OF_MEDIA.has(name) && !isOfLateness
      const isOfWellTimes = isBetween || (isHeardBetween && OF_ENCODER.has(name))
      if (now.verdict === 'good') return isOfWellTimes ? UNKNOWN : now
      // Of the time without media before: that it is asked anew does not make it unknown again.
      return (isAway ? known.goodWhileAway.get(name)?.answer : undefined) ?? now
    }),
  }
}

/** With what only two answers tell, one after the other: an encoder that answers again was not dead. */
function steadied(memory: Memory, evidence: Evidence): Evidence {
  const silent = memory.bad.get('encoderAnswers')
  const isBack = evidence.encoderAnswers.verdict === 'good' && silent !== undefined
  const isGoneAgain = evidence.mediaArrives.verdict === 'bad' && memory.cameBack
  return {
    ...evidence,
    ...(isBack && { encoderSteady: bad(`${silent.answer.says} now and then`) }),
    ...(isGoneAgain && { flowsSteadily: bad('media comes and goes') }),
  }
}

function recentAnswers(known: Answers, at: number, given: readonly (readonly [QuestionName, Answer])[]): Answers {
  const recent = [...known].filter(([, one]) => at - one.at <= REMEMBERED)
  return new Map([...recent, ...given.map(([name, answer]) => [name, { answer, at }] as const)])
}
