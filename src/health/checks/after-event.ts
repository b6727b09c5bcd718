import { seconds } from '../../observation/words.ts'
import type { StreamCheck } from './stream-options.ts'

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
