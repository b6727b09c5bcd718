import type { EncoderMeasurements } from '../../observation/encoder.ts'
import { seconds } from '../../observation/words.ts'
import type { Check, CheckContext } from '../check.ts'

/** What an encoder's target says that its checks need to know. */
export interface EncoderOptions {
  /** Whether it must stream whenever it is expected. */
  idle: 'allowed' | 'fault'
}

export type EncoderCheck = Check<EncoderMeasurements, EncoderOptions>
type EncoderContext = CheckContext<EncoderMeasurements, EncoderOptions>

export const encoderUnreachable: EncoderCheck = {
  type: 'encoderUnreachable',
  unit: 's',
  severity: 'error',
  weight: 60,
  limits: { enter: 5, enterHold: 0, clear: null, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, expected, history }) {
    if (!expected) return 'not-judged'
    if (reading.outcome === 'present') return { value: false }
    if (reading.outcome === 'unknown') return 'unmeasured'
    const silence = Math.min(history.absentFor ?? 0, history.expectedFor ?? 0)
    return { value: silence, measured: Math.round(silence * 10) / 10, expected: 0, began: silence, lasts: true }
  },
  summary(_finding, { reading }, _limits, lasted) {
    const why = reading.outcome === 'absent' && reading.message !== undefined ? `: ${reading.message}` : ''
    return `No answer from the encoder for ${seconds(lasted)}${why}`
  },
  remedy: [
    'Check whether the stream still runs: an encoder that does not answer the monitor may well be on air. If it runs, touch nothing on the encoder.',
    'Check the encoder: is it on, and does its network port blink?',
    "Compare its address in the encoder's own menu or setup program with the one that the monitor has.",
    'Open its address in a browser on a computer in the same network; if that fails too, check cable and switch.',
    'Only if the stream is off as well: switch the encoder off and on again, and start the stream.',
  ],
  text: {
    measures: 'whether the encoder answers',
    window: () => 'the time since its last answer, but no longer than it has been expected',
    raised: (limits) => `no answer for ${limits.enter} s`,
    cleared: () => 'it answers',
    why: 'Its state is down at once; this leaves out a single lost poll and a change of cable. On its own network an encoder answers within milliseconds.',
    blindTo:
      'Whether it streams meanwhile. An answer that makes no sense is not absence: then nothing is known (`notMeasured`).',
  },
}

export const encoderInterrupted: EncoderCheck = {
  type: 'encoderInterrupted',
  severity: 'error',
  weight: 50,
  limits: { enter: null, enterHold: 2, clear: null, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context) {
    const { reading } = context
    const state = reading.outcome === 'present' ? reading.measurements.deviceState : null
    if (state === 'idle' || isEventOver(context)) return 'not-judged'
    // While it connects again, it is as it was before.
    if (state === null || state === 'connecting') return 'unmeasured'
    return { value: state === 'interrupted', measured: state, expected: 'streaming' }
  },
  summary: () => 'The encoder is interrupted (expected streaming): nothing leaves it now',
  remedy: [
    'Check the internet connection at the encoder: cable, switch and router; open a web page on a computer beside it.',
    'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.',
    'Check whether the platform reports a fault, and whether the stream key is still the one of this event.',
    'The encoder connects again by itself. If it does not within a minute, stop the stream on it and start it again.',
    'If you have a second internet connection or a backup encoder, change to it.',
  ],
  text: {
    measures: 'whether the encoder says `Interrupted`: on air, but without its connection to the platform',
    window: () => 'the newest answer',
    raised: () => '`Interrupted`',
    cleared: () =>
      '`Streaming` or `Flushing`; it ends at once when the encoder is stopped, or somebody says that the event is over',
    why: 'The device itself knows before viewers do: they still see what the platform has buffered.',
    blindTo: 'An interruption between two polls.',
  },
}

export const encoderConnecting: EncoderCheck = {
  type: 'encoderConnecting',
  severity: 'warning',
  weight: 30,
  limits: { enter: null, enterHold: 20, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context) {
    const { reading } = context
    const state = reading.outcome === 'present' ? reading.measurements.deviceState : null
    if (isEventOver(context)) return 'not-judged'
    if (state === null) return 'unmeasured'
    return { value: state === 'connecting', measured: state, expected: 'streaming' }
  },
  summary: (_finding, _context, _limits, lasted) =>
    `The encoder has been connecting for ${seconds(lasted)} (expected: streaming by now)`,
  remedy: [
    'Compare platform, server and stream key on the encoder with what the platform shows for this event.',
    'Check whether the platform has the event open for its stream: some keys are valid for one event only.',
    'Check the internet connection at the encoder: open a web page on a computer beside it.',
    'Stop the stream on the encoder and start it again.',
  ],
  text: {
    measures: 'whether the encoder still says `Connecting`',
    window: () => 'the newest answer',
    raised: () => '`Connecting`',
    cleared: () => 'any other state; it ends at once when somebody says that the event is over',
    why: 'With a wrong stream key or server an encoder connects for ever, and nothing else would say so. A connection takes a few seconds.',
    blindTo: 'Why it does not connect: the encoder does not say.',
  },
}

export const encoderIdle: EncoderCheck = {
  type: 'encoderIdle',
  severity: 'error',
  weight: 50,
  limits: { enter: null, enterHold: 5, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context) {
    const state = context.reading.outcome === 'present' ? context.reading.measurements.deviceState : null
    if (state === null) return 'unmeasured'
    if (state !== 'idle') return { value: false }
    const needed = whoNeedsIt(context)
    return needed === null ? 'not-judged' : { value: true, measured: 'idle', expected: 'streaming' }
  },
  summary: (_finding, context) => `The encoder is idle (expected streaming${whoNeedsIt(context) ?? ''})`,
  remedy: [
    'If the event is on: start the stream on the encoder.',
    'If it was streaming before and nobody stopped it, it may have lost its power: check plug and power supply.',
    'If the event is over, tell the monitor so: "Event is over" on the page Stream of its dashboard, or an expect message.',
    'If the times are wrong, change the windows under "expected".',
  ],
  text: {
    measures: 'whether the encoder says `Idle` where it should be streaming',
    window: () => 'the newest answer',
    raised: () =>
      '`Idle`, while a stream that depends on it is expected; or while it is expected itself, where its target says `"idle": "fault"`',
    cleared: () => 'any other state; it ends at once when nothing is expected of it any more',
    why: 'An encoder that is stopped ends the event of its `manual` streams, so what is still expected of them then was not ended by anybody: it has lost its power, or it was never started.',
    blindTo: 'An encoder on which no stream depends, unless its target says `"idle": "fault"`.',
  },
}

/** Who needs it on the air, for a person; null where nobody does. */
function whoNeedsIt({ options, expected, others }: EncoderContext): string | null {
  const streams = others.dependents('stream').filter((stream) => stream.expected === true)
  if (streams.length > 0) return ` for ${streams.map(({ name }) => `"${name}"`).join(', ')}`
  return options.idle === 'fault' && expected ? '' : null
}

/** Streams depend on it, and of each of them somebody has said that its event is over. Started anew, it is for the next. */
export function isEventOver({ others }: EncoderContext): boolean {
  const streams = others.dependents('stream')
  return streams.length > 0 && streams.every(({ isOver }) => isOver)
}
