/** Names of the file in DATA_DIR/logs. Shared by the dialog and the runtime. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
/** What rotation gives to older files. */
const ROTATED = /\.\d+$/

/** Megabytes (1 000 000 bytes) of one file. */
export const MEGABYTES = { from: 1, to: 1000, otherwise: 10 } as const
/** Older files that are kept beside the one that is written. */
export const KEPT = { from: 0, to: 100, otherwise: 5 } as const
/** Megabytes that may wait to be shipped. */
export const WAITING_MEGABYTES = { from: 1, to: 10_000, otherwise: 50 } as const
export const FILE_OTHERWISE = 'hmonitor.ndjson'

/** Whether this is a bare file name that rotation does not use itself. */
export function isLogFileName(name: string): boolean {
  return FILE_NAME.test(name) && !ROTATED.test(name)
}
