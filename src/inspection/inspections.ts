import { type ErrorCode, MonitorError } from '../observation/errors.ts'
import type { LimitLine } from './limits.ts'
import { couldNotLook, type PreflightVerdict } from './verdict.ts'

/** The payload of the answer to an *inspect* command, and of `GET /api/v1/inspect`. */
export interface InspectionAnswer extends PreflightVerdict {
  /** The name that was asked for, or the URL without its secrets. */
  subject: string
  /** The platform whose limits it was held to; null: only what is a fault on every platform. */
  profile: string | null
  /** Every limit of that platform, with the value of the stream; none without a platform. */
  limits: LimitLine[]
  /** Why it could not be looked at; null where it could. */
  error: { code: ErrorCode; message: string } | null
}

/** Never rejects but for an abort. */
export type InspectWatched = (name: string, profile: string | null, signal: AbortSignal) => Promise<InspectionAnswer>

/** Inspections that run at once in one monitor: each may be a process and a connection of its own for 20 s. */
const MOST_AT_ONCE = 4

/** HTTP status by error. Everything else has a verdict, and so is answered by 200. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'unknown-target': 404,
  'no-ffprobe': 503,
  'no-ffmpeg': 503,
  'no-resources': 503,
  busy: 503,
  internal: 500,
}

export function statusCodeOf({ error }: Pick<InspectionAnswer, 'error'>): number {
  return error === null ? 200 : (STATUS_BY_CODE[error.code] ?? 400)
}

/**
 * Takes `?target=` and `?profile=`, each at most once, from a parsed query string.
 *
 * @throws MonitorError `invalid-message` where there is no target, and for other forms
 */
export function parseInspectQuery(query: unknown): { target: string; profile: string | null } {
  const { target, profile = null } = (query ?? {}) as { target?: unknown; profile?: unknown }
  if (typeof target !== 'string' || target === '') {
    throw new MonitorError('invalid-message', 'the parameter target must name one stream, as in ?target=main')
  }
  if (profile !== null && typeof profile !== 'string') {
    throw new MonitorError('invalid-message', 'the parameter profile must name one profile, as in ?profile=youtube')
  }
  return { target, profile }
}

/** The answer where nothing could be looked at. */
export function refusedInspection(subject: string, profile: string | null, error: MonitorError): InspectionAnswer {
  const { code, message } = error
  return { subject, profile, ...couldNotLook(message), limits: [], error: { code, message } }
}

/** Who inspects the watched streams of one monitor, and how many inspections run. */
export class Inspections {
  readonly #byOwner = new Map<string, InspectWatched>()
  #running = 0

  /** @returns the way to take it back, which a node must do when it closes */
  offer(owner: string, inspect: InspectWatched): () => void {
    this.#byOwner.set(owner, inspect)
    return () => {
      if (this.#byOwner.get(owner) === inspect) this.#byOwner.delete(owner)
    }
  }

  get running(): number {
    return this.#running
  }

  /** Undefined while the node with that id is not there, as in the middle of a deploy. */
  by(owner: string): InspectWatched | undefined {
    return this.#byOwner.get(owner)
  }

  /** @throws MonitorError `busy` where as many as may run are running: who asks is not kept waiting for his turn */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) {
      throw new MonitorError('busy', `${this.#running} inspections are running already. Try again in 20 s.`)
    }
    this.#running += 1
    try {
      return await task()
    } finally {
      this.#running -= 1
    }
  }
}
