import type { Check, OtherIssue } from '../check.ts'

/** How the rows of one table stand to one another, and to issues of what the target depends on; by type. */
type Relations = Readonly<Record<string, Pick<Check<never, never>, 'supersedes' | 'explains' | 'explainedBy'>>>

/** Puts the relations of a table into its rows. */
export function withRelations<M, O>(checks: readonly Check<M, O>[], relations: Relations): readonly Check<M, O>[] {
  return checks.map((check) => ({ ...check, ...relations[check.type] }))
}

/** What says why less arrives than the encoder makes, where the stream depends on it: the surest first. */
const UPLINK: readonly OtherIssue[] = [
  { kind: 'encoder', type: 'encoderCacheHigh' },
  { kind: 'bandwidth', type: 'bandwidthLow' },
  { kind: 'ping', type: 'packetLoss' },
]

/** What says why nothing arrives. */
const NOTHING_SENT: readonly OtherIssue[] = [
  { kind: 'encoder', type: 'encoderInterrupted' },
  { kind: 'encoder', type: 'encoderIdle' },
  { kind: 'encoder', type: 'encoderConnecting' },
  ...UPLINK,
]

export const STREAM_RELATIONS: Relations = {
  // Nothing arrives: after the stall time it is a hiccup, and later an outage.
  streamOffline: { supersedes: ['streamStalled'], explainedBy: NOTHING_SENT },
  streamStalled: { explainedBy: NOTHING_SENT },
  // While a track stops, what is measured of it falls; then it cannot be measured any more.
  noVideoStream: {
    supersedes: [
      'frameRateLow',
      'bitrateDropped',
      'bitrateLow',
      'videoBlack',
      'videoFrozen',
      'pictureNotSeen',
      'trackTimestampSkew',
    ],
  },
  noAudioStream: {
    supersedes: [
      'audioSilent',
      'audioOneSided',
      'audioClipping',
      'loudnessLow',
      'loudnessHigh',
      'soundNotHeard',
      'trackTimestampSkew',
    ],
  },
  // No time passes: whatever is measured by it is none.
  timestampsStandStill: {
    supersedes: [
      'videoIngestionStarved',
      'driftDeviation',
      'frameRateLow',
      'bitrateDropped',
      'bitrateLow',
      'trackTimestampSkew',
      'keyframeIntervalVaries',
    ],
  },
  // What nobody can decode cannot be looked at, or listened to, either.
  noVideoSequenceHeader: { supersedes: ['videoBlack', 'videoFrozen', 'pictureNotSeen'] },
  noAudioSequenceHeader: { supersedes: ['audioSilent', 'soundNotHeard'] },
  // What arrives more slowly than real time comes later and later.
  videoIngestionStarved: {
    supersedes: ['driftDeviation'],
    explains: ['frameRateLow', 'bitrateDropped', 'trackTimestampSkew'],
    explainedBy: UPLINK,
  },
  driftDeviation: { explains: ['bitrateDropped'], explainedBy: UPLINK },
  // A bitrate that falls is a fault only where frames are missing: then these are what it lacks.
  frameRateLow: { supersedes: ['bitrateDropped', 'framerateMismatch'], explainedBy: UPLINK },
  bitrateDropped: { supersedes: ['bitrateLow', 'videoBitrateMismatch'], explainedBy: UPLINK },
  bitrateLow: { supersedes: ['videoBitrateMismatch'], explainedBy: UPLINK },
  bitrateHigh: { supersedes: ['videoBitrateMismatch'] },
  // The same number against two limits of the profile.
  gopSizeOver: { supersedes: ['gopSizeLong', 'gopMismatch'], explains: ['keyframeIntervalVaries'] },
  gopSizeLong: { supersedes: ['gopMismatch'], explains: ['keyframeIntervalVaries'] },
  gopSizeShort: { supersedes: ['gopMismatch'] },
  // What the platform does not take is told as that, and not as a difference from the main stream too.
  videoCodec: { supersedes: ['videoCodecMismatch', 'videoProfileMismatch'] },
  videoCodecMismatch: { supersedes: ['videoProfileMismatch'] },
  videoResolutionUnsupported: { supersedes: ['resolutionMismatch', 'videoResolutionSuboptimal'] },
  videoResolutionSuboptimal: { supersedes: ['resolutionMismatch'] },
  interlacedVideo: { supersedes: ['videoInterlaceMismatch'] },
  frameRateHigh: { supersedes: ['framerateMismatch'] },
  audioCodec: { supersedes: ['audioCodecMismatch'] },
  audioSampleRate: { supersedes: ['audioSampleRateMismatch'] },
  audioTooManyChannels: { supersedes: ['audioStereoMismatch'] },
  audioBitrateHigh: { supersedes: ['audioBitrateMismatch'] },
  audioBitrateLow: { supersedes: ['audioBitrateMismatch'] },
  // Silence is as quiet as can be, and what is cut off is loud.
  audioSilent: { supersedes: ['audioOneSided', 'loudnessLow', 'audioBitrateLow'], explains: ['videoFrozen'] },
  audioClipping: { supersedes: ['loudnessHigh'] },
  // A picture that turns black has stood still until it was.
  videoBlack: { supersedes: ['videoFrozen'] },
}

export const PING_RELATIONS: Relations = {
  // On its way to silence a host loses answers; one that never answered is not measured either.
  noReply: { supersedes: ['packetLoss', 'latencyHigh', 'jitterHigh', 'notMeasured'] },
  observerNetwork: { supersedes: ['noReply', 'packetLoss', 'latencyHigh', 'jitterHigh', 'notMeasured'] },
  packetLoss: { explains: ['latencyHigh', 'jitterHigh'] },
  latencyHigh: { explains: ['jitterHigh'] },
}

/** A service fails in one way at a time: that of the newest check. */
const FAULTS = ['nameNotFound', 'unreachable', 'refused', 'timeout', 'tlsInvalid', 'wrongAnswer']

export const SERVICE_RELATIONS: Relations = Object.fromEntries(
  FAULTS.map((type) => {
    const others = FAULTS.filter((other) => other !== type)
    return [type, { supersedes: type === 'tlsInvalid' ? [...others, 'tlsExpiring'] : others }]
  }),
)

export const BANDWIDTH_RELATIONS: Relations = {
  bandwidthTestFailed: { supersedes: ['notMeasured'] },
}

export const ENCODER_RELATIONS: Relations = {
  // Without its connection the encoder's cache fills, its bitrate falls, and it connects again and again.
  encoderInterrupted: { supersedes: ['encoderCacheHigh', 'encoderBitrateLow', 'encoderConnecting'] },
  // What the uplink does not carry waits in the cache, and then the encoder sends less.
  encoderCacheHigh: { explains: ['encoderBitrateLow'] },
}

export const PLATFORM_RELATIONS: Relations = {
  // Why nothing is measured.
  platformUnreachable: { supersedes: ['rateLimited', 'notMeasured'] },
  tokenInvalid: { supersedes: ['platformUnreachable', 'rateLimited', 'notMeasured'] },
  rateLimited: { supersedes: ['platformUnreachable', 'notMeasured'] },
  // Vimeo ended it, and so receives nothing.
  streamingError: { supersedes: ['ingestNotReceiving'] },
}
