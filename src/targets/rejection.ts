import { type ErrorCode, MonitorError } from '../observation/errors.ts'

/** A part of the targets that is not watched, and why. */
export interface Rejection {
  /** `streams[2] "main"`, the file, or an environment variable. */
  entry: string
  code: ErrorCode
  /** Begins with the entry and says what to do. Without secrets. */
  message: string
}

export function toRejection(entry: string, error: unknown): Rejection {
  const code = error instanceof MonitorError ? error.code : 'internal'
  const text = error instanceof Error ? error.message : String(error)
  return { entry, code, message: text.startsWith(entry) ? text : `${entry}: ${text}` }
}
