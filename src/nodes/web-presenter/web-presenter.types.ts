import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface WebPresenterFields {
  monitor?: unknown
  address?: unknown
  protocol?: unknown
  expected?: unknown
  idle?: unknown
  interval?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

/** What the runtime gives the node. */
export type WebPresenterConfig = NodeDef & WebPresenterFields
