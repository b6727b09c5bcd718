import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface BandwidthFields {
  monitor?: unknown
  url?: unknown
  direction?: unknown
  interval?: unknown
  seconds?: unknown
  megabytes?: unknown
  required?: unknown
  whileLive?: unknown
  verifyTls?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

export interface BandwidthCredentials {
  /** The token of another monitor, or the password of an HTTP server. */
  token?: string
}

export type BandwidthConfig = NodeDef & BandwidthFields
