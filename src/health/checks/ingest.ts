import { audioCodec, audioSampleRate, audioTooManyChannels } from './ingest-audio.ts'
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
