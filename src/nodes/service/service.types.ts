import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface ServiceFields {
  monitor?: unknown
  url?: unknown
  interval?: unknown
  timeout?: unknown
  verifyTls?: unknown
  family?: unknown
  /** Numbers with commas between them. Not `status`: in the editor that is what stands under the node. */
  httpStatus?: unknown
  bodyContains?: unknown
  expected?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

export type ServiceConfig = NodeDef & ServiceFields
