import { guarded } from '../observation/internal-errors.ts'
import { RequestError } from './request-error.ts'

/**
 * Ends a request after some seconds, or with another signal. Not by `AbortSignal.any`, whose signal may be collected as
 * garbage before it fires (nodejs/node#57736, in versions that this package allows).
 */
export class RequestLimit {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #giveUp = guarded('request', () => this.#end(new RequestError('aborted', 'it was given up')))
  #cause: RequestError | null = null

  constructor(outer: AbortSignal, seconds: number) {
    this.#outer = outer
    this.#timer = setTimeout(
      guarded('request', () => this.#end(new RequestError('timeout', `there is no whole answer within ${seconds} s`))),
      seconds * 1000,
    )
    if (outer.aborted) this.#giveUp()
    else outer.addEventListener('abort', this.#giveUp, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Why it ended; null: it did not. */
  get cause(): RequestError | null {
    return this.#cause
  }

  /** @throws RequestError where it has ended */
  check(): void {
    if (this.#cause !== null) throw this.#cause
  }

  /** The request is over: nothing stays behind. */
  end(): void {
    clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#giveUp)
  }

  #end(cause: RequestError): void {
    this.#cause ??= cause
    this.#controller.abort()
  }
}
