import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface VimeoFields {
  monitor?: unknown
  account?: unknown
  liveEvent?: unknown
  encoder?: unknown
  expected?: unknown
  interval?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

export type VimeoConfig = NodeDef & VimeoFields
