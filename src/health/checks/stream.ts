import { SESSION_ENDS, type StreamMeasurements } from '../../observation/stream.ts'
import type { Check, KindRules } from '../check.ts'
import { notMeasured } from './probe.ts'
import { timestampJump, timestampRegression, videoIngestionStarved } from './stream-flow.ts'
import { streamOffline, streamStalled } from './stream-presence.ts'
import { noAudioStream, noVideoStream, parametersChanged } from './stream-tracks.ts'

/** What a stream's target says that its checks need to know. */
export interface StreamOptions {
  /** Which tracks the stream is meant to have. */
  media: 'both' | 'video' | 'audio'
  /** It arrives a segment at a time (HLS, DASH), known from its address before an inspection says so. */
  segmented?: boolean
}

/** The table of checks of a stream. A new check is a new row. */
export const STREAM_CHECKS: readonly Check<StreamMeasurements, StreamOptions>[] = [
  streamOffline,
  streamStalled,
  notMeasured,
  noVideoStream,
  noAudioStream,
  videoIngestionStarved,
  timestampJump,
  timestampRegression,
  parametersChanged,
]

export const STREAM_RULES: KindRules<StreamMeasurements, StreamOptions> = {
  checks: STREAM_CHECKS,
  tracked: ({ total, parameters, parameterChanges, lastPacketAge }) => ({
    counters: {
      publisherRestarts: total.publisherRestarts,
      sessions: SESSION_ENDS.reduce((sum, reason) => sum + total.sessions[reason], 0),
      ...total.timestampFaults,
    },
    // While the parameters are read anew, what changed is not known.
    signatures: { parameters: parameters === null ? null : parameterChanges.join('\n') },
    lastSeen: lastPacketAge,
  }),
  warmingUp: (measurements) => measurements.warmingUp,
  resets: { publisherRestarts: 'publisher restart', sessions: 'new session' },
}
