import type { Kind } from '../observation/observation.ts'

/** One list of the targets file. */
export interface TargetList {
  /** Its key in the file. */
  list: string
  kind: Kind
  /** The environment variable that holds such a list where there is no file. */
  variable: string
  /** What stands after `name=` in that variable, and the only field that may hold `${NAME}`. */
  field: 'url' | 'address' | 'liveEvent'
}

/**
 * Targets of one kind that one monitor watches: with 10 000 services it answered nothing for minutes, with 2000 idle streams
 * or 1000 services it was well (docs/operations.md).
 */
export const MOST_TARGETS = 2000

export const TARGET_LISTS: readonly TargetList[] = [
  { list: 'streams', kind: 'stream', variable: 'RTMP_STREAMS', field: 'url' },
  { list: 'hosts', kind: 'ping', variable: 'PING_HOSTS', field: 'address' },
  { list: 'services', kind: 'service', variable: 'SERVICES', field: 'url' },
  { list: 'bandwidth', kind: 'bandwidth', variable: 'BANDWIDTH_TESTS', field: 'url' },
  { list: 'webPresenters', kind: 'encoder', variable: 'WEB_PRESENTERS', field: 'address' },
  { list: 'vimeo', kind: 'platform', variable: 'VIMEO_LIVE_EVENTS', field: 'liveEvent' },
]
