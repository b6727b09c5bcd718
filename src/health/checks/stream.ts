import { SESSION_ENDS, type StreamMeasurements } from '../../observation/stream.ts'
import type { KindRules } from '../check.ts'
import { BACKUP_CHECKS } from './backup.ts'
import { CONTENT_CHECKS } from './content.ts'
import { eventBudgetHalf, eventBudgetSpent, stillSending } from './event.ts'
import { notMeasured, streamNeverReached, streamNeverSeen } from './every-kind.ts'
import { INGEST_CHECKS } from './ingest.ts'
import { STREAM_RELATIONS, withRelations } from './relations.ts'
import {
  driftDeviation,
  timestampJump,
  timestampRegression,
  timestampsStandStill,
  videoIngestionFasterThanRealtime,
  videoIngestionStarved,
} from './stream-flow.ts'
import type { StreamCheck, StreamOptions } from './stream-options.ts'
import { streamOffline, streamStalled } from './stream-presence.ts'
import { bitrateDropped, frameRateLow } from './stream-rates.ts'
import { keyframeIntervalVaries, streamFlapping, trackTimestampSkew } from './stream-steadiness.ts'
import {
  noAudioSequenceHeader,
  noAudioStream,
  noVideoSequenceHeader,
  noVideoStream,
  parametersChanged,
  parametersNotSeen,
} from './stream-tracks.ts'
import { unusual } from './unusual.ts'

/** A new check is a new row. */
const ROWS: readonly StreamCheck[] = [
  streamOffline,
  streamStalled,
  streamFlapping,
  notMeasured,
  streamNeverReached,
  streamNeverSeen,
  stillSending,
  noVideoStream,
  noAudioStream,
  timestampsStandStill,
  noVideoSequenceHeader,
  noAudioSequenceHeader,
  videoIngestionStarved,
  videoIngestionFasterThanRealtime,
  driftDeviation,
  frameRateLow,
  bitrateDropped,
  timestampJump,
  timestampRegression,
  trackTimestampSkew,
  keyframeIntervalVaries,
  parametersChanged,
  parametersNotSeen,
  ...INGEST_CHECKS,
  ...BACKUP_CHECKS,
  ...CONTENT_CHECKS,
  eventBudgetHalf,
  eventBudgetSpent,
  unusual,
]

/** The table of checks of a stream. */
export const STREAM_CHECKS: readonly StreamCheck[] = withRelations(ROWS, STREAM_RELATIONS)

export const STREAM_RULES: KindRules<StreamMeasurements, StreamOptions> = {
  checks: STREAM_CHECKS,
  tracked: ({ total, parameters, parameterChanges, lastPacketAge, window, keyframeInterval }) => ({
    counters: {
      publisherRestarts: total.publisherRestarts,
      sessions: SESSION_ENDS.reduce((sum, reason) => sum + total.sessions[reason], 0),
      ...total.timestampFaults,
    },
    // While the parameters are read anew, what changed is not known.
    signatures: { parameters: parameters === null ? null : parameterChanges.join('\n') },
    values: {
      frameRate: window.framesPerSecond,
      videoBytesPerSecond: window.videoBytesPerSecond,
      audioBytesPerSecond: window.audioBytesPerSecond,
      keyframeInterval,
    },
    levelsEndWith: ['publisherRestarts', 'parameters'],
    lastSeen: lastPacketAge,
  }),
  warmingUp: (measurements) => measurements.warmingUp,
  resets: { publisherRestarts: 'publisher restart', sessions: 'new session' },
}
