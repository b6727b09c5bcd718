import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface PingFields {
  monitor?: unknown
  address?: unknown
  interval?: unknown
  count?: unknown
  family?: unknown
  control?: unknown
  expected?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

export type PingConfig = NodeDef & PingFields
