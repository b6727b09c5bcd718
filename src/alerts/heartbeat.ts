import { guarded } from '../observation/internal-errors.ts'
export interface HeartbeatOptions {
  /** A secret: it is said to nobody. */
  url: string
  /** Whether the monitor itself can do its work. */
  isWell(): boolean
  /** Once for failures in a row. */
  failed(why: string): void
  /** Milliseconds. */
  every?: number
}

/** Calls an address each minute while all is well, so that its absence alarms somewhere else. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #hasFailed = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer ??= setInterval(
      guarded('heartbeat', () => this.#beat()),
      this.#options.every ?? 60_000,
    )
  }

  close(): void {
    clearInterval(this.#timer)
    this.#closing.abort()
  }

  async #beat(): Promise<void> {
    const { url, isWell, failed } = this.#options
    if (!isWell()) return
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(20_000)])
      const response = await fetch(url, { signal, headers: { 'user-agent': 'rtmp-hmonitor' } })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the answer was ${response.status}`)
      this.#hasFailed = false
    } catch (error) {
      if (this.#closing.signal.aborted || this.#hasFailed) return
      this.#hasFailed = true
      const { message, cause } = error as Error & { cause?: { code?: string } }
      failed(cause?.code ?? message)
    }
  }
}
