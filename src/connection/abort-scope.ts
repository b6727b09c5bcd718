import { guarded } from '../observation/internal-errors.ts'

/**
 * Ends work with the signal that it was given, after some seconds, or by hand, whichever comes first. Used in the place of
 * `AbortSignal.any`, whose signal may be collected as garbage before it fires, or lose what it fired for, in versions of
 * Node that this package allows (nodejs/node#57736, #65995): here both ends hold each other until `end`.
 */
export class AbortScope {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | null
  readonly #timer: NodeJS.Timeout | undefined
  readonly #followOuter = () => this.abort(this.#outer?.reason)
  /** Aborts again where that threw: what waits for it would wait for ever. */
  readonly #follow = guarded('abort', this.#followOuter, this.#followOuter)

  /** @param seconds after which the signal aborts with a `TimeoutError`, as that of `AbortSignal.timeout` does; null: never */
  constructor(outer: AbortSignal | null, seconds: number | null = null) {
    this.#outer = outer
    if (outer?.aborted) this.#follow()
    else outer?.addEventListener('abort', this.#follow, { once: true })
    if (seconds === null || this.signal.aborted) return
    const timeUp = () => this.abort(new DOMException(`It was not done within ${seconds} s`, 'TimeoutError'))
    this.#timer = setTimeout(guarded('abort', timeUp, timeUp), seconds * 1000)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abort(reason?: unknown): void {
    this.end()
    this.#controller.abort(reason)
  }

  /** To be called when the work is over: nothing stays behind. */
  end(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#follow)
  }
}

/** Whether a signal aborted because the time for the work was over, its own or that of a scope around it. */
export function isTimeUp({ reason }: AbortSignal): boolean {
  return isTimeoutError(reason)
}

export function isTimeoutError(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}

/**
 * Waits for what cannot be ended, and for no longer than until a signal aborts.
 *
 * @throws what `signal` aborts with
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = guarded('abort', () => reject(signal.reason))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
