/** What each asset is called. What belongs to it is named after Elastic's habit: `NAME@part`. */

/** What the index template is for, and all that reads the log: `logs-rtmp_hmonitor.events-default` and its like. */
export const DATA_STREAMS = 'logs-rtmp_hmonitor.*'

export const INDEX_TEMPLATE = 'logs-rtmp_hmonitor'
export const SETTINGS = 'rtmp_hmonitor@settings'
export const MAPPINGS = 'rtmp_hmonitor@mappings'
/** Of the user's own, where there is one: settings and fields beside ours. */
export const CUSTOM = 'rtmp_hmonitor@custom'
export const PIPELINE = 'rtmp_hmonitor@pipeline'
export const LIFECYCLE = 'rtmp_hmonitor'
export const SNAPSHOTS = 'rtmp_hmonitor'

/**
 * Of all assets together. It grows by one with every change of what is shipped: by it an older `elk setup` knows that it
 * must leave alone what a newer one has put there.
 */
export const VERSION = 1
