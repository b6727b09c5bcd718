import { bitrate, hundredths, seconds } from '../../observation/words.ts'
import { levelOf } from '../history.ts'
import { highestSustained } from '../level.ts'
import { isSegmented, type StreamCheck, type StreamContext } from './stream-options.ts'

/** A declared rate is believed when the publisher has sustained it within so much. */
const TRUTHFUL = 0.05

/** A frame rate below this share of its level bears out that a falling bitrate is a fault. */
const FEWER_FRAMES = 0.95
/** Frames per second: one more or less in 10 s says nothing of a slide show. */
const ONE_FRAME = 0.1
/** Frames per second below which one frame counts. */
const FEW = 3
/** Seconds of drift above its mean that bear it out: half of what Mux calls good. */
const GROWING_DRIFT = 0.25

/**
 * What the publisher keeps up when all is well: what it declares, where it has sustained that once, else the most that
 * it has sustained within the window. A declaration that was never true is none.
 */
function levelFor(
  context: StreamContext,
  name: string,
  declared: number | null | undefined,
  window: number,
): number | null {
  const level = levelOf(context.history, name)
  const truthful = declared != null && level.highest !== null && Math.abs(level.highest / declared - 1) <= TRUTHFUL
  return truthful ? declared : highestSustained(level, window)
}

/**
 * The frame rate as a share of its own level; null where one of them is not known, there is no video now, or frames are left
 * out because the picture stands still.
 */
function frameRateShare(context: StreamContext, window: number): { share: number; level: number; rate: number } | null {
  const { parameters, window: rates, variableFrameRate } = context.reading.measurements
  if (variableFrameRate === true) return null
  const rate = rates.framesPerSecond
  const level = levelFor(context, 'frameRate', parameters?.video[0]?.declaredFrameRate, window)
  const slack = level !== null && level < FEW ? ONE_FRAME : 0
  return rate && level ? { share: (rate + slack) / level, level, rate } : null
}

export const frameRateLow: StreamCheck = {
  type: 'frameRateLow',
  unit: 'frames per second',
  severity: 'warning',
  weight: 15,
  limits: { enter: 0.85, enterHold: 3, clear: 0.92, clearHold: 5, window: 600 },
  worse: 'lower',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess(context, limits) {
    if (context.reading.outcome !== 'present') return 'unmeasured'
    if (context.reading.measurements.variableFrameRate === true) return 'not-judged'
    const frames = frameRateShare(context, limits.window ?? 0)
    if (frames === null) return 'unmeasured'
    return { value: frames.share, measured: hundredths(frames.rate), expected: hundredths(frames.level) }
  },
  summary: ({ measured, expected }) =>
    `The stream has ${measured} frames per second, down from ${expected}: the picture stutters`,
  remedy: [
    'On the encoder, look for dropped frames. If it drops them because of the network, lower its bitrate by a quarter.',
    'If it drops them because of rendering or encoding, close other programs, or choose a smaller picture or a faster preset.',
    'Check whether the camera delivers all frames: in the dark some halve them.',
    'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.',
  ],
  text: {
    measures: 'frames per second, measured in the time of the stream, as a share of the level of this stream',
    window: (limits) =>
      `the longer of 10 s and 3 key frame intervals; the level is what the stream declares, where it has kept that up for 10 s, else the most that it has kept up for 10 s within the last ${seconds(limits.window ?? 0)} of measured media`,
    raised: (limits) => `${limits.enter} times the level, or less`,
    cleared: (limits) => `${limits.clear} times the level, or more`,
    why: 'Vimeo calls a connection unstable from a drop of 15 % of the frame rate on. It is judged by what the stream itself has kept up, because a declared frame rate may be wrong. An encoder that sends no frame where the picture stands still (a shared screen) is not judged: behind what it leaves out come frames of less than a quarter of the usual size, and behind frames that are lost come others (measured with x264: 0.3 to 5 %, and 100 %).',
    blindTo:
      'A frame rate that was low from the start. Frames that are lost of a stream that leaves out more of its own accord. A lower rate on a stream that declares none becomes its level after the window.',
  },
}

export const bitrateDropped: StreamCheck = {
  type: 'bitrateDropped',
  severity: 'warning',
  weight: 10,
  limits: { enter: 0.85, enterHold: 5, clear: 0.92, clearHold: 10, window: 600 },
  worse: 'lower',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess(context, limits) {
    const { reading, options } = context
    const { parameters, window } = reading.measurements
    const rate = window.videoBytesPerSecond
    const constant = options.rateControl === 'cbr'
    const declared = constant ? parameters?.video[0]?.declaredBytesPerSecond : null
    const level = levelFor(context, 'videoBytesPerSecond', declared, limits.window ?? 0)
    if (reading.outcome !== 'present' || !rate || !level) return 'unmeasured'
    const fault = constant || isBorneOut(context, limits.window ?? 0)
    return { value: fault ? rate / level : false, measured: bitrate(rate), expected: bitrate(level) }
  },
  summary: ({ measured, expected }, { options }) =>
    options.rateControl === 'cbr'
      ? `The video bitrate is ${measured}, down from a constant ${expected}`
      : `The video bitrate is ${measured}, down from ${expected}, and frames are missing or late: the network does not carry it`,
  remedy: [
    'On the encoder, look for dropped frames, network congestion, or a bitrate that it lowers by itself.',
    'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.',
    'Put the encoder on a cable instead of Wi-Fi, or on your second connection.',
    'If it goes on, set the bitrate on the encoder to what still arrives, less a quarter.',
  ],
  text: {
    measures:
      'the video bitrate, in the time of the stream, as a share of its level; a fault only while frames are missing or drift grows too, or where the target says `"rateControl": "cbr"`',
    window: (limits) =>
      `the longer of 10 s and 3 key frame intervals; the level is the most that the stream has kept up for 10 s within the last ${seconds(limits.window ?? 0)} of measured media, and with \`cbr\` what it declares, where it has kept that up`,
    raised: (limits) =>
      `${limits.enter} times the level, or less, with frames at ${FEWER_FRAMES} times their level, or drift ${GROWING_DRIFT} s above its mean, or \`cbr\``,
    cleared: (limits) => `${limits.clear} times the level, or more, or none of these any more`,
    why: 'Vimeo calls a connection unstable from a drop of 15 % on. A variable bitrate that falls on a still slide is healthy (measured: from 2500 to 20 kb/s), so a drop alone is no fault.',
    blindTo:
      'An encoder that lowers its bitrate without losing a frame (dynamic bitrate), unless the target says `cbr`. With `cbr`, an encoder that sends no padding on a still picture looks faulty.',
  },
}

/** Whether something else shows that less arrives than was sent. */
function isBorneOut(context: StreamContext, window: number): boolean {
  const frames = frameRateShare(context, window)
  if (frames !== null && frames.share <= FEWER_FRAMES) return true
  return !isSegmented(context) && (context.reading.measurements.driftDeviation ?? 0) >= GROWING_DRIFT
}
