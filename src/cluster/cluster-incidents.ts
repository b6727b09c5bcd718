import { newestFirst } from '../monitor/incident-log.ts'
import type { IncidentsDocument } from '../monitor/incidents-document.ts'
import type { Incident } from '../observation/incident.ts'
import { messagesIn } from '../observation/messages.ts'
import { objectIn } from './ask-peer.ts'
import type { HeardAll } from './peers.ts'

/** The answer of `GET /api/v1/incidents?scope=cluster`. */
export interface ClusterIncidentsDocument extends IncidentsDocument {
  /** Indexes of shards that did not answer, so that theirs are not among these. */
  silent: number[]
}

const MOST = 500

/** The incidents of all, the newest first. @param own null where nothing groups what fires here */
export function clusterIncidents(
  own: IncidentsDocument | null,
  { answers }: HeardAll,
  shard: { index: number; count: number },
): ClusterIncidentsDocument {
  const heard = new Set([shard.index])
  const all: Incident[] = [...(own?.incidents ?? [])]
  let omitted = own?.omitted ?? 0
  for (const { answer, identity } of answers) {
    heard.add(identity.index)
    const document = objectIn(answer)
    all.push(...messagesIn<Incident>('incident', document?.incidents))
    if (typeof document?.omitted === 'number') omitted += document.omitted
  }
  const incidents = all.sort(newestFirst)
  return {
    incidents: incidents.slice(0, MOST),
    omitted: omitted + Math.max(0, incidents.length - MOST),
    silent: Array.from({ length: shard.count }, (_, index) => index).filter((index) => !heard.has(index)),
  }
}
