import { askHttp } from '../connection/http-request.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Seconds that one call may take. */
const TRY_LIMIT = 20
/** A service that is called by its plain name often sends on to its secure one. */
const MOST_REDIRECTS = 5

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
      const { status } = await askHttp({
        ...{ url, mostBytes: 0, within: TRY_LIMIT, redirects: MOST_REDIRECTS },
        signal: this.#closing.signal,
      })
      if (status < 200 || status > 299) throw new Error(`the answer was ${status}`)
      this.#hasFailed = false
    } catch (error) {
      if (this.#closing.signal.aborted || this.#hasFailed) return
      this.#hasFailed = true
      failed((error as Error).message)
    }
  }
}
