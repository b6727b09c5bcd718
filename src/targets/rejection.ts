import { type ErrorCode, MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'

/**
 * What a mistake means for what is watched. `not-watched`: what it concerns is not. `watched-as-before`: it goes on as it
 * was before the mistake. `ignored`: the part counts for nothing, and what is watched does not change by it.
 */
export type RejectionEffect = 'not-watched' | 'watched-as-before' | 'ignored'

/** A part of the targets that could not be taken, and why. */
export interface Rejection {
  /** `streams[2] "main"`, the file, or an environment variable. */
  entry: string
  code: ErrorCode
  /** Begins with the entry and says what to do. Without secrets. */
  message: string
  /** The right word in the place of a mistyped one, where one is near; the message has it too. */
  suggestion: string | null
  effect: RejectionEffect
  /** How many targets are not watched because of it. */
  targets: number
  /** Of an entry whose list and name can be read. */
  kind: Kind | null
  name: string | null
}

/** A rejection of one entry that is not watched. */
export function toRejection(entry: string, error: unknown, more: Partial<Rejection> = {}): Rejection {
  const { code, suggestion } = error instanceof MonitorError ? error : { code: 'internal' as const, suggestion: null }
  const text = error instanceof Error ? error.message : String(error)
  return {
    entry,
    code,
    message: text.startsWith(entry) ? text : `${entry}: ${text}`,
    suggestion,
    effect: 'not-watched',
    targets: 1,
    kind: null,
    name: null,
    ...more,
  }
}
