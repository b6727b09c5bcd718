import type { NodeDef } from 'node-red'

/** What the dialog saves. Numbers may be text, as every field that may be `${NAME}`. */
export interface FfprobeFields {
  monitor?: unknown
  url?: unknown
  checks?: unknown
  media?: unknown
  /** `manual`, `always` or `windows`. */
  expected?: unknown
  /** What `windows` means, as in the targets file. */
  windows?: unknown
  profile?: unknown
  rateControl?: unknown
  backupOf?: unknown
  interval?: unknown
  stallAfter?: unknown
  verifyTls?: unknown
  ffprobePath?: unknown
  /** Limits of the profile that are others for this stream: JSON, as in the targets file. */
  profileLimits?: unknown
  /** JSON, as in the targets file. */
  limits?: unknown
  labels?: unknown
}

export interface FfprobeCredentials {
  streamKey?: string
}

/** What the runtime gives the node. */
export type FfprobeConfig = NodeDef & FfprobeFields
