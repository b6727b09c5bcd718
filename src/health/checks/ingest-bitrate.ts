import type { StreamMeasurements } from '../../observation/stream.ts'
import { bitrate } from '../../observation/words.ts'
import type { Assessment, Limits } from '../check.ts'
import { levelOf } from '../history.ts'
import type { ProfileLimits } from '../profile.ts'
import { audioRange, KILOBIT, minimumRowFor, rowFor } from '../profile.ts'
import { againstLimit, platformOf } from './against-profile.ts'
import { isSegmented, type StreamCheck, type StreamContext } from './stream-options.ts'

type Media = 'video' | 'audio'

function measuredNow({ window }: StreamMeasurements, media: Media): number | null {
  const rate = media === 'video' ? window.videoBytesPerSecond : window.audioBytesPerSecond
  // 0 is a track that is stalled or not there, which other checks tell.
  return rate === 0 ? null : rate
}

/**
 * What the encoder is set to, as far as it shows: a variable bitrate comes near its setting only while there is much to
 * see or to hear. So it is the most that the publisher has sustained so far or declares, whichever is more.
 */
function setting(measurements: StreamMeasurements, media: Media, { options, history }: StreamContext): number | null {
  const now = measuredNow(measurements, media)
  if (now === null || (media === 'video' && options.rateControl === 'cbr')) return now
  const declared = measurements.parameters?.[media][0]?.declaredBytesPerSecond ?? 0
  const name = media === 'video' ? 'videoBytesPerSecond' : 'audioBytesPerSecond'
  return Math.max(now, declared, levelOf(history, name).highest ?? 0)
}

interface BitrateRow<K extends keyof ProfileLimits>
  extends Pick<StreamCheck, 'type' | 'severity' | 'weight' | 'limits' | 'remedy'> {
  media: Media
  side: 'high' | 'low'
  limit: K
  /** The limit in bytes per second; null: not judged. */
  bound(
    limit: NonNullable<ProfileLimits[K]>,
    measurements: StreamMeasurements,
    context: StreamContext,
  ): number | 'unmeasured' | null
  why: string
  blindTo: string
}

function bitrateCheck<K extends keyof ProfileLimits>(row: BitrateRow<K>): StreamCheck {
  const high = row.side === 'high'
  const side = high ? 'maximum' : 'minimum'
  const share = (ratio: number | null, more: boolean) =>
    `${ratio} times the ${side} of the profile, or ${more ? 'more' : 'less'}`
  return {
    type: row.type,
    severity: row.severity,
    weight: row.weight,
    limits: row.limits,
    worse: high ? 'higher' : 'lower',
    warmUp: 'suspended',
    resets: ['publisher restart'],
    needs: 'profile',
    assess: againstLimit(row.limit, (limit, measurements, context): Assessment => {
      if (isSegmented(context)) return 'not-judged'
      const bound = row.bound(limit, measurements, context)
      if (bound === null) return 'not-judged'
      const rate = high ? measuredNow(measurements, row.media) : setting(measurements, row.media, context)
      if (bound === 'unmeasured' || rate === null) return 'unmeasured'
      return { value: rate / bound, measured: bitrate(rate), expected: bitrate(bound) }
    }),
    summary: (finding, context) =>
      high
        ? `The ${row.media} bitrate is ${finding.measured} (${platformOf(context)} recommends at most ${finding.expected})`
        : `The ${row.media} bitrate reaches only ${finding.measured} (${platformOf(context)} recommends at least ${finding.expected})`,
    remedy: row.remedy,
    text: {
      measures: high
        ? `the ${row.media} bitrate, in the time of the stream`
        : `the ${row.media} bitrate that the encoder is set to, as far as it shows: the most that the publisher has sustained for 10 s or declares${row.media === 'video' ? '; with `rateControl` `cbr`, what it sends now' : ''}`,
      window: () => 'the longer of 10 s and 3 key frame intervals',
      raised: (limits: Limits) => share(limits.enter, high),
      cleared: (limits: Limits) => share(limits.clear, !high),
      why: row.why,
      blindTo: `${row.blindTo} HLS and DASH are not judged: what players get is not what was sent.`,
    },
  }
}

const HOLDS_HIGH: Limits = { enter: 1.1, enterHold: 10, clear: 1.05, clearHold: 10, window: null }
const HOLDS_LOW: Limits = { enter: 0.9, enterHold: 20, clear: 0.95, clearHold: 10, window: null }

/** Of the row of the profile for the picture that is sent, in bytes per second. */
function videoBound(side: 'min' | 'max'): BitrateRow<'videoBitrate'>['bound'] {
  return (limit, { parameters, window }, { history }) => {
    const { width = 0, height = 0 } = parameters?.video[0] ?? {}
    // The sustained rate, so that a drop of the frame rate does not choose another row.
    const frameRate = levelOf(history, 'frameRate').highest ?? window.framesPerSecond
    if (!(width > 0) || !(height > 0) || frameRate === null) return 'unmeasured'
    const row = side === 'max' ? rowFor : minimumRowFor
    const kilobits = row(limit, Math.min(width, height), frameRate)?.[side] ?? null
    return kilobits === null ? null : kilobits * KILOBIT
  }
}

function audioBound(side: 'min' | 'max'): BitrateRow<'audioBitrate'>['bound'] {
  return (limit, { parameters }) =>
    parameters === null ? 'unmeasured' : audioRange(limit, parameters.audio[0]?.channels ?? null)[side]
}

export const bitrateHigh = bitrateCheck({
  type: 'bitrateHigh',
  severity: 'warning',
  weight: 5,
  limits: HOLDS_HIGH,
  media: 'video',
  side: 'high',
  limit: 'videoBitrate',
  bound: videoBound('max'),
  remedy: [
    'On the encoder, lower the bitrate of the video to what the platform advises for this size and frame rate.',
    'Check whether the encoder is set to a quality instead of a bitrate (CRF, CQP), and choose a constant bitrate.',
    'If the uplink carries it and the platform does not complain, it can stay until the event is over.',
  ],
  why: "YouTube's name. The platform encodes the stream again, so it costs uplink and gains little; the broadcast goes on: a warning. Encoders overshoot for seconds, so 10 % for 10 s are none.",
  blindTo: 'Peaks of less than 10 s, and what the uplink can carry.',
})

export const bitrateLow = bitrateCheck({
  type: 'bitrateLow',
  severity: 'warning',
  weight: 5,
  limits: HOLDS_LOW,
  media: 'video',
  side: 'low',
  limit: 'videoBitrate',
  bound: videoBound('min'),
  remedy: [
    'On the encoder, raise the bitrate of the video to what the platform advises, if the uplink carries it.',
    'Otherwise choose a smaller picture or a lower frame rate, which need less.',
    'Check whether the encoder lowered it by itself because the network is slow (dynamic bitrate).',
  ],
  why: "YouTube's name; users see it as a warning of its API. A variable bitrate on a slide is healthy, so what is judged is not what is sent now but what the encoder is set to.",
  blindTo:
    'A setting that a variable bitrate has not reached yet: a stream that has shown nothing but a slide and declares no bitrate looks low. A drop from a level that was once reached is bitrateDropped.',
})

export const audioBitrateHigh = bitrateCheck({
  type: 'audioBitrateHigh',
  severity: 'info',
  weight: 1,
  limits: HOLDS_HIGH,
  media: 'audio',
  side: 'high',
  limit: 'audioBitrate',
  bound: audioBound('max'),
  remedy: [
    'There is nothing to do: it is advice of the platform, and more does not harm.',
    'If the uplink is short, set the audio bitrate on the encoder to 128 kb/s.',
    'Change it before the next event, not while this one is live.',
  ],
  why: "YouTube's name; its API reports it as information. Advice is no fault: nobody should be driven to change what works.",
  blindTo: 'Whether the sound is better for it.',
})

export const audioBitrateLow = bitrateCheck({
  type: 'audioBitrateLow',
  severity: 'info',
  weight: 2,
  limits: HOLDS_LOW,
  media: 'audio',
  side: 'low',
  limit: 'audioBitrate',
  bound: audioBound('min'),
  remedy: [
    'On the encoder, set the audio bitrate to 128 kb/s for stereo.',
    'For speech alone, less can be enough: listen to the stream, and leave it if it sounds right.',
    'Change it before the next event, not while this one is live.',
  ],
  why: "YouTube's name, and advice like audioBitrateHigh, so information. Encoders send little while it is silent, so what is judged is not what is sent now but what the encoder is set to.",
  blindTo: 'How it sounds: other kinds of AAC sound well at half the bitrate.',
})
