import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface ServiceFields {
  monitor?: unknown
  url?: unknown
  interval?: unknown
  timeout?: unknown
  verifyTls?: unknown
  family?: unknown
  /** Numbers with commas between them. */
  status?: unknown
  bodyContains?: unknown
  expected?: unknown
  labels?: unknown
}

export type ServiceConfig = NodeDef & ServiceFields
