/**
 * What becomes of a live event from one moment to the next, and what Vimeo's objects say of it then: `video.live.status`,
 * the code of `event-session-status.ingest.status`, and the two connections of an event.
 */
export interface Phase {
  /** Whether there is a clip to stream into. */
  clip: boolean
  live: string | null
  /** 0 no URL, 1 provisioning, 2 provisioned, 3 timed out, 4 underway, 5 ended; null: no session. */
  ingest: 0 | 1 | 2 | 3 | 4 | 5 | null
  /** What the user did, not what the stream does. */
  status: 'started' | 'ended' | null
  preLive: 'pending' | 'ready' | 'streaming' | 'unavailable' | null
  onAir: boolean
}

const phase = (
  live: Phase['live'],
  ingest: Phase['ingest'],
  status: Phase['status'] = null,
  preLive: Phase['preLive'] = null,
): Phase => ({ clip: live !== null, live, ingest, status, preLive, onAir: live === 'streaming' })

export const PHASES = {
  /** A recurring event between two occurrences. */
  idle: phase(null, null),
  unavailable: phase('unavailable', 0, null, 'unavailable'),
  pending: phase('pending', 1, null, 'pending'),
  ready: phase('ready', 2, null, 'ready'),
  timedOut: phase('unavailable', 3, null, 'unavailable'),
  preview: phase('streaming_preview', 4, null, 'streaming'),
  streaming: phase('streaming', 4, 'started'),
  /** The user has started it, and the encoder's stream has stopped coming. */
  starved: phase('ready', 2, 'started', 'ready'),
  streamingError: phase('streaming_error', 5, 'started'),
  archiving: phase('archiving', 5, 'ended'),
  archivingError: phase('archiving_error', 5, 'ended'),
  done: phase('done', 5, 'ended'),
} as const satisfies Record<string, Phase>

export type PhaseName = keyof typeof PHASES
