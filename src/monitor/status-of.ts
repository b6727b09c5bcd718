import { packageVersion } from '../metrics/package-version.ts'
import { now } from '../observation/clock.ts'
import type { DirectoryEntry } from './directory.ts'
import { lastingOf } from './health-of.ts'
import type { MonitorState } from './state.ts'
import { type StatusDocument, type StatusQuery, statusDocument } from './status.ts'

/** What one monitor says of itself and its targets now. */
export function statusOf(state: MonitorState, query: StatusQuery = { kinds: null, targets: null }): StatusDocument {
  const { name, site, startedAt, shard } = state
  const input = {
    ...{ name, site, startedAt, shard, version: packageVersion(), at: now(state.clock) },
    entries: state.directory.list(),
    arrivalOf: ({ kind, name }: DirectoryEntry) => state.newest.get(kind, name),
    alerts: state.problemLog.alerts,
    incidents: state.incidents.isGrouping ? state.incidents.all : null,
    rejected: state.rejections,
    lasting: lastingOf(state),
  }
  return statusDocument(input, query)
}
