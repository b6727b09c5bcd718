import type { EventBudget } from '../../observation/event-budget.ts'
import { hundredths, seconds } from '../../observation/words.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

/** Seconds: longer than a person takes to stop the encoder after saying that the event is over. */
const PATIENCE = 600

/**
 * Somebody, or what the stream depends on, has said that the event is over, and it goes on. Either that was a mistake, and
 * from then on nobody would be told of an outage; or nobody has stopped the encoder, and what is said in the room is still
 * heard. It is the one issue of a stream that is not expected.
 */
export const stillSending: StreamCheck = {
  type: 'stillSending',
  severity: 'warning',
  weight: 5,
  limits: { enter: null, enterHold: PATIENCE, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, expected, options }) {
    if (expected || options.hasEvents !== true) return 'not-judged'
    if (reading.outcome === 'unknown') return 'unmeasured'
    return { value: reading.outcome === 'present' }
  },
  summary: (_finding, _context, _limits, lasted) =>
    `Alarms off, and the stream goes on: the event is over for ${seconds(lasted)}, media still arrives, and nobody is told if it stops`,
  remedy: [
    'If the event is over, stop the encoder: picture and sound of the room still go out.',
    'If it goes on, press "It goes on" on the page Stream of the dashboard, or send an expect message: then alarms are on again.',
    'If it is meant to go out without alarms, nothing has to be done: this is told once, and is over when the stream ends.',
  ],
  text: {
    measures: 'whether media arrives although the event was said to be over',
    window: () => 'the newest reading',
    raised: () =>
      'media arrives while the stream is not expected; only where `expected` is `manual`, where that means that somebody ended the event',
    cleared: () => 'nothing arrives any more, or the stream is expected again',
    why: 'While an event is over nothing else is told of its stream, not even that the platform has lost it: that is what was asked for. Ten minutes are enough to stop an encoder on purpose, and little of an event in which nobody watches over it by mistake.',
    blindTo:
      'The first ten minutes, in which the card and the page of the stream say *Alarms off*. Streams with windows of the week or `always`: before and after their windows they may well be on.',
  },
}

/** Of both: they differ by how much is gone. */
const ROW = {
  weight: 0,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
} as const

/** Only what is measured moves it: what is not known is neither up nor down. */
function assess({ reading, expected, budget }: StreamContext, level: EventBudget['level']) {
  if (!expected || budget === null || budget.level === 'early') return 'not-judged'
  return reading.outcome === 'unknown' ? 'unmeasured' : { value: budget.level === level }
}

function summary(_finding: unknown, { budget }: StreamContext): string {
  if (budget === null) return 'What this event may miss is gone'
  const { used, bad, allowed, objective, planned } = budget
  const share = `${Math.round(used * 100)} % of what this event may miss is gone`
  const promise = `${hundredths(objective * 100)} % of ${seconds(planned)}`
  return `${share}: off air for ${seconds(bad)} (at most ${seconds(allowed)}, which is ${promise})`
}

const text = {
  measures:
    'seconds in which the stream was expected and down, against what the event may miss: (1 - objective) of its planned length',
  window: () => 'the event so far',
  cleared: () => 'the event is over',
}

export const eventBudgetHalf: StreamCheck = {
  ...ROW,
  type: 'eventBudgetHalf',
  severity: 'info',
  assess: (context) => assess(context, 'half'),
  summary,
  remedy: [
    'Look for what interrupts the stream before it does so again: the history on the page of the stream says when.',
    'Have the backup ready: another encoder, another line.',
    'Change nothing that works: settings can wait until the event is over.',
  ],
  text: {
    ...text,
    raised: () => '50 % of that or more, once 300 s of the event were measured',
    why: 'A month knows nothing of a service of 90 minutes, which may miss 27 s at 99.5 %. Half of it is early enough to act. It is information: each interruption was told of by itself.',
    blindTo:
      'A stream whose length is not known: neither `eventMinutes` nor windows of the week. What was not measured.',
  },
}

export const eventBudgetSpent: StreamCheck = {
  ...ROW,
  type: 'eventBudgetSpent',
  severity: 'warning',
  supersedes: ['eventBudgetHalf'],
  assess: (context) => assess(context, 'spent'),
  summary,
  remedy: [
    'Tell who has to know that this event does not keep what was promised; its report will say so.',
    'Switch to the backup if the cause is not found: another interruption costs viewers, and no longer the promise.',
    'After the event, read in its report which interruptions cost most, and mend their causes before the next one.',
  ],
  text: {
    ...text,
    raised: () => '100 % of that or more, once 300 s of the event were measured',
    why: 'That is what the objective says, and what somebody may have promised. It is told once and stays until the event is over, because what is gone does not come back.',
    blindTo:
      'A stream whose length is not known: neither `eventMinutes` nor windows of the week. What was not measured.',
  },
}
