import { bad, firstSummary, good, LATE, lacks, type Question, UNKNOWN } from './question.ts'

/** From here on it keeps pace. */
const ON_TIME = 0.97

/** What the stream itself shows. */
export const STREAM_QUESTIONS = {
  mediaArrives: {
    leak: 0.01,
    ask({ stream: { state, measurements, issues } }) {
      if (state === 'down') return bad(firstSummary(issues, ['streamOffline', 'streamStalled']) ?? 'nothing arrives')
      const comesAndGoes = firstSummary(issues, ['streamFlapping'])
      if (comesAndGoes !== null) return bad(comesAndGoes)
      if (measurements.up === true) return good('media arrives')
      return UNKNOWN
    },
  },
  flowsSteadily: {
    // Somebody may have mended it for a moment.
    leak: 0.05,
    ask({ stream: { issues } }) {
      const comesAndGoes = firstSummary(issues, ['streamFlapping'])
      return comesAndGoes === null ? UNKNOWN : bad(comesAndGoes)
    },
  },
  pace: {
    leak: 0.03,
    ask({ stream: { measurements, issues } }) {
      const late = firstSummary(issues, ['videoIngestionStarved', 'driftDeviation'])
      if (late !== null) return bad(late)
      const ratio = measurements.window.realtimeRatio
      if (measurements.up !== true || measurements.warmingUp || ratio === null) return UNKNOWN
      if (ratio < LATE) return bad(`media arrives at ${ratio.toFixed(2)} times real time`)
      return ratio >= ON_TIME ? good('what is sent arrives on time') : UNKNOWN
    },
  },
  keepsUp: {
    // That it is late for a moment, a busy machine does; that it stays late, hardly anything without a cause.
    leak: 0.005,
    ask({ stream: { measurements, issues } }) {
      const staysLate = firstSummary(issues, ['videoIngestionStarved'])
      if (staysLate !== null) return bad(`it stays so: ${staysLate}`)
      const ratio = measurements.window.realtimeRatio
      if (measurements.up !== true || measurements.warmingUp || ratio === null) return UNKNOWN
      return ratio >= ON_TIME ? good('it does not fall behind') : UNKNOWN
    },
  },
  frames: {
    leak: 0.03,
    ask({ stream: { measurements, issues } }) {
      const few = firstSummary(issues, ['frameRateLow', 'keyframeIntervalVaries'])
      if (few !== null) return bad(few)
      const isKnown = measurements.up === true && measurements.tracks.video === true
      return isKnown ? good('no frame is missing') : UNKNOWN
    },
  },
  bitrate: {
    leak: 0.03,
    ask({ stream: { measurements, issues } }) {
      const less = firstSummary(issues, ['bitrateDropped'])
      if (less !== null) return bad(less)
      const isKnown = measurements.up === true && measurements.tracks.video === true && !measurements.warmingUp
      return isKnown ? good('its bitrate has not fallen') : UNKNOWN
    },
  },
  timestamps: {
    leak: 0.02,
    ask({ stream: { measurements, issues } }) {
      const jump = firstSummary(issues, ['timestampJump', 'timestampRegression', 'trackTimestampSkew'])
      if (jump !== null) return bad(jump)
      return measurements.up === true && !measurements.warmingUp ? good('the time stamps go on evenly') : UNKNOWN
    },
  },
  tracks: {
    leak: 0.01,
    ask({ stream: { measurements, issues } }) {
      const lacking = firstSummary(issues, [
        'noVideoStream',
        'noAudioStream',
        'noVideoSequenceHeader',
        'noAudioSequenceHeader',
      ])
      if (lacking !== null) return bad(lacking)
      return measurements.up === true && measurements.tracks.video !== null ? good('no track is missing') : UNKNOWN
    },
  },
  picture: {
    leak: 0.01,
    ask({ stream: { measurements, issues } }) {
      const fault = firstSummary(issues, ['videoBlack', 'videoFrozen'])
      if (fault !== null) return bad(fault)
      const { content } = measurements
      if (content === null) return lacks('let the monitor look at the picture (`"checks": "auto"` of the stream)')
      return content.black === false && content.frozen === false ? good('the picture moves') : UNKNOWN
    },
  },
  sound: {
    leak: 0.01,
    ask({ stream: { measurements, issues } }) {
      const fault = firstSummary(issues, [
        'audioSilent',
        'audioOneSided',
        'audioClipping',
        'loudnessLow',
        'loudnessHigh',
      ])
      if (fault !== null) return bad(fault)
      const { content } = measurements
      if (content === null) return lacks('let the monitor listen to the sound (`"checks": "auto"` of the stream)')
      return content.silent === false ? good('there is sound') : UNKNOWN
    },
  },
  settings: {
    leak: 0.02,
    ask({ stream: { measurements, issues } }) {
      const fault = firstSummary(issues, SETTINGS)
      if (fault !== null) return bad(fault)
      return measurements.up === true && measurements.parameters !== null ? good('its settings are right') : UNKNOWN
    },
  },
  parametersKept: {
    leak: 0.01,
    ask({ stream: { measurements, issues } }) {
      const change = firstSummary(issues, ['parametersChanged'])
      if (change !== null) return bad(change)
      return measurements.up === true && measurements.parameters !== null ? good('it is as it was before') : UNKNOWN
    },
  },
} as const satisfies Record<string, Question>

/** Issues by which an encoder is set wrongly: what a platform does not take. */
const SETTINGS = [
  'gopSizeOver',
  'gopSizeLong',
  'gopSizeShort',
  'openGop',
  'videoCodec',
  'interlacedVideo',
  'videoResolutionUnsupported',
  'bFramesNotAllowed',
  'audioCodec',
  'audioSampleRate',
  'audioTooManyChannels',
  'bitrateHigh',
  'bitrateLow',
  'badContainer',
  'frameRateHigh',
] as const
