import { anyOf, quantity } from '../../observation/words.ts'
import { parameterCheck } from './against-profile.ts'
import { audioBitrateHigh, audioBitrateLow, bitrateHigh, bitrateLow } from './ingest-bitrate.ts'
import { badContainer, multipleAudioStreams, multipleVideoStreams } from './ingest-container.ts'
import { gopSizeLong, gopSizeOver, gopSizeShort, openGop } from './ingest-gop.ts'
import {
  bFramesNotAllowed,
  frameRateHigh,
  interlacedVideo,
  videoCodec,
  videoResolutionSuboptimal,
  videoResolutionUnsupported,
} from './ingest-video.ts'
import type { StreamCheck } from './stream-options.ts'

const NEW_SETTINGS = 'Stop the stream on the encoder and start it again: a change while it is live can stop players.'

const audioCodec = parameterCheck({
  type: 'audioCodec',
  severity: 'error',
  weight: 30,
  limit: 'audioCodec',
  judged({ allowed }, { audio }) {
    const codec = audio[0]?.codec
    if (codec === undefined) return 'unmeasured'
    return { fault: !allowed.includes(codec), measured: codec, expected: anyOf(allowed) }
  },
  says: ({ measured }) => `The audio codec is ${measured}`,
  remedy: [
    'On the encoder, choose AAC as the audio codec.',
    NEW_SETTINGS,
    'Then listen to the stream on the platform.',
  ],
  text: {
    measures: 'the codec of the first audio track',
    raised: 'a codec that is not among those of the profile',
    why: "YouTube's name. What a platform cannot decode is silent, so it is an error.",
    blindTo: 'Which kind of AAC it is, and what a relay on the way to the platform makes of it.',
  },
})

const audioSampleRate = parameterCheck({
  type: 'audioSampleRate',
  unit: 'Hz',
  severity: 'warning',
  weight: 5,
  limit: 'sampleRate',
  judged({ allowed }, { audio }) {
    const rate = audio[0]?.sampleRate ?? null
    if (rate === null) return 'unmeasured'
    return { fault: !allowed.includes(rate), measured: rate, expected: `${anyOf(allowed)} Hz` }
  },
  says: ({ measured }) => `The audio sample rate is ${measured} Hz`,
  remedy: [
    'On the encoder, set the sample rate of the audio to 48 kHz, or to 44.1 kHz (in OBS: Settings, Audio).',
    'Set the sound card and the mixing desk to the same sample rate.',
    NEW_SETTINGS,
  ],
  text: {
    measures: 'the sample rate of the first audio track',
    raised: 'a sample rate that is not among those of the profile',
    why: "YouTube's name. The platform converts it, at some cost of sound: a warning.",
    blindTo: 'A sound card that runs at another rate than the encoder believes.',
  },
})

const audioTooManyChannels = parameterCheck({
  type: 'audioTooManyChannels',
  unit: 'channels',
  severity: 'warning',
  weight: 5,
  limit: 'channels',
  judged({ max }, { audio }) {
    const channels = audio[0]?.channels ?? null
    if (channels === null) return 'unmeasured'
    return { fault: channels > max, measured: channels, expected: `at most ${max}` }
  },
  says: ({ measured }) => `The audio has ${quantity(Number(measured), 'channel')}`,
  remedy: [
    'On the encoder, set the audio to stereo (in OBS: Settings, Audio, Channels).',
    NEW_SETTINGS,
    'Listen on the platform whether speech is still there: it may be on a channel that was dropped.',
  ],
  text: {
    measures: 'the channels of the first audio track',
    raised: 'more than the profile takes',
    why: "YouTube's name. Channels are mixed together or lost, and the broadcast goes on: a warning.",
    blindTo: 'What is on which channel, and channels that are silent.',
  },
})

/** What a platform takes, by YouTube's names. None of them judges a stream without a profile. */
export const INGEST_CHECKS: readonly StreamCheck[] = [
  gopSizeOver,
  gopSizeLong,
  gopSizeShort,
  openGop,
  bFramesNotAllowed,
  interlacedVideo,
  frameRateHigh,
  videoCodec,
  videoResolutionUnsupported,
  videoResolutionSuboptimal,
  bitrateHigh,
  bitrateLow,
  audioCodec,
  audioSampleRate,
  audioTooManyChannels,
  audioBitrateHigh,
  audioBitrateLow,
  multipleVideoStreams,
  multipleAudioStreams,
  badContainer,
]
