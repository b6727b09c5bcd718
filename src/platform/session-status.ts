import { textOf } from '../connection/legible.ts'
import { INGEST_STATES, type IngestSession, type IngestState } from '../observation/platform.ts'
import { isRecord } from '../observation/shape.ts'
import { at, countOf, unixTimeOf } from './json.ts'

/** What is believed of `event-session-status`. The stream key and the ingest's addresses in it are never taken. */
export interface SessionStatus {
  ingestState: IngestState | null
  session: IngestSession | null
}

/** Null where it cannot be believed. */
export function parseSessionStatus(body: unknown): SessionStatus | null {
  const ingest = at(body, 'ingest')
  if (!isRecord(ingest)) return null
  const status = at(ingest, 'status')
  if (status === undefined) return null
  const ingestState = status === null ? null : stateOf(status)
  if (status !== null && ingestState === null) return null
  const startedAt = unixTimeOf(at(ingest, 'start_time'))
  if (startedAt === null && at(ingest, 'session_id') == null) return { ingestState, session: null }
  return {
    ingestState,
    session: {
      startedAt,
      endedAt: unixTimeOf(at(ingest, 'end_time')),
      width: countOf(at(ingest, 'width')),
      height: countOf(at(ingest, 'height')),
      encoderType: textOf(at(ingest, 'encoder_type')),
      endedReason: countOf(at(ingest, 'stream_ended_reason')),
    },
  }
}

/** The specification declares text and lists numbers: both are taken. */
function stateOf(status: unknown): IngestState | null {
  const code = typeof status === 'string' && /^\d$/.test(status) ? Number(status) : countOf(status)
  return code === null ? null : (INGEST_STATES[code] ?? null)
}

/** Viewers now and at most, of `/videos/{id}/stats/live`; null where it is not told. */
export function parseViewers(body: unknown): { viewers: number | null; viewersPeak: number | null } {
  return {
    viewers: countOf(at(body, 'viewers', 'current')),
    viewersPeak: countOf(at(body, 'viewers', 'peak')),
  }
}
