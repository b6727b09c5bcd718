/** Every code a flow can switch on (`msg.error.code` in a Catch node). */
export type ErrorCode =
  | 'invalid-message'
  | 'invalid-target'
  | 'unknown-profile'
  | 'invalid-profile'
  | 'invalid-url'
  | 'forbidden-protocol'
  | 'publish-only'
  | 'missing-variable'
  | 'forbidden-variable'
  | 'duplicate-target'
  | 'too-many-targets'
  | 'unknown-target'
  | 'unreadable-file'
  | 'invalid-file'
  | 'unknown-key'
  | 'no-ffprobe'
  | 'no-ffmpeg'
  | 'unsupported'
  | 'no-resources'
  | 'invalid-metric'
  | 'metric-conflict'
  | 'inspection-failed'
  | 'no-picture'
  | 'no-history'
  | 'invalid-receiver'
  | 'invalid-timezone'
  | 'invalid-language'
  | 'invalid-alerting'
  | 'invalid-log'
  | 'invalid-shard'
  | 'invalid-peers'
  | 'silent-peer'
  | 'unknown-alert'
  | 'unknown-incident'
  | 'not-in-use'
  | 'credentials-damaged'
  | 'busy'
  | 'internal'

/**
 * An error with a code. Its message is for a person: what is wrong and what to do.
 * It never holds a secret.
 */
export class MonitorError extends Error {
  readonly code: ErrorCode
  /** The right word in the place of one that was mistyped, where one is near; the message has it too. */
  readonly suggestion: string | null
  constructor(code: ErrorCode, message: string, options: ErrorOptions & { suggestion?: string | null } = {}) {
    super(message, options)
    this.name = 'MonitorError'
    this.code = code
    this.suggestion = options.suggestion ?? null
  }
}
