import { guarded } from '../observation/internal-errors.ts'
import type { Limiter } from '../observation/limiter.ts'
import type { StreamParameters } from '../observation/stream.ts'
import type { Inspection } from './packet-source.ts'

/** Seconds until a failed inspection is tried again; after the third failure in a row, as long as `RELOOK`. */
const RETRY = 10
const PATIENCE = 3
/** Seconds between looks at a stream that lacks a medium: its publisher may add it without beginning anew. */
const RELOOK = 60

type Medium = 'video' | 'audio'

export interface InspectorOptions {
  limiter: Limiter
  inspect(signal: AbortSignal): Promise<Inspection>
  /** The media that the stream is to have. */
  wanted: readonly Medium[]
  /** Whether the present session has shown a medium. */
  shows(medium: Medium): boolean
  found(parameters: StreamParameters): void
  /** The present session is blind to a medium that is there: open it again. */
  reopen(): void
}

/**
 * Inspects a stream when its media begins and when its publisher changed, and takes a second look at a stream that
 * lacks a medium: ffprobe never prints a track that it did not see at its beginning.
 */
export class Inspector {
  readonly #options: InspectorOptions
  #running: AbortController | null = null
  #again = false
  #timer: NodeJS.Timeout | null = null
  #failures = 0
  #reopened = false
  #lacking: readonly Medium[] = []
  #lookedTwice = false
  /** Whether it was looked once more because of a medium that the session shows and the inspection did not. */
  #lookedForLate = false

  constructor(options: InspectorOptions) {
    this.#options = options
  }

  /** Whether a medium that the session has not shown may be said to be missing. */
  get lookedTwice(): boolean {
    return this.#lookedTwice
  }

  /** Media began to flow in a session, or another publisher's did: then it is inspected already. */
  begin(publisher: 'same' | 'other'): void {
    if (publisher === 'same' && this.#running) return
    if (publisher === 'other') this.#reopened = false
    this.#lookedTwice = false
    this.#failures = 0
    this.#lacking = []
    this.#lookedForLate = false
    this.inspect()
  }

  /** The session shows a medium for the first time: what was inspected before it began does not say what it is. */
  showsNow(medium: Medium): void {
    if (this.#lacking.includes(medium)) this.inspect()
  }

  /** Inspects now, or once more after the inspection that runs. */
  inspect(): void {
    this.#again = this.#running !== null
    if (this.#running) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const running = new AbortController()
    this.#running = running
    const failed = () => {
      if (this.#running !== running) return
      this.#running = null
      this.#later(RELOOK)
    }
    guarded('stream inspection', () => this.#run(running), failed)()
  }

  /** The session is over, or the watch is: nothing runs afterwards. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#running?.abort()
    this.#running = null
    this.#again = false
  }

  async #run(running: AbortController): Promise<void> {
    const { limiter, inspect } = this.#options
    const result = await limiter.run(() => inspect(running.signal), running.signal).catch(() => 'failed' as const)
    if (this.#running !== running) return
    this.#running = null
    if (this.#again) this.inspect()
    else this.#take(result)
  }

  #take(result: Inspection): void {
    const { wanted, shows, found } = this.#options
    const blind = wanted.filter((medium) => !shows(medium))
    if (result === 'failed' || result === 'turned-away') this.#failed(result, blind)
    else {
      this.#failures = 0
      found(result)
      const lacking = wanted.filter((medium) => result[medium].length === 0)
      const isLate = lacking.some((medium) => shows(medium)) && !this.#lookedForLate
      if (blind.length > 0) this.#compare(blind, result)
      this.#lacking = lacking
      if (isLate) {
        this.#lookedForLate = true
        this.inspect()
      }
    }
  }

  #failed(result: 'failed' | 'turned-away', blind: readonly Medium[]): void {
    this.#failures++
    const isEnough = this.#failures >= PATIENCE && blind.length > 0 && !this.#reopened
    // A server that serves one reader only would end the stream if its session was opened again.
    if (isEnough && result === 'turned-away') this.#lookedTwice = true
    if (isEnough && result === 'failed') this.#reopen()
    else this.#later(this.#failures < PATIENCE ? RETRY : RELOOK)
  }

  #compare(blind: readonly Medium[], parameters: StreamParameters): void {
    const overlooked = blind.filter((medium) => parameters[medium].length > 0)
    const isNew = overlooked.some((medium) => this.#lacking.includes(medium))
    if (overlooked.length > 0 && (isNew || !this.#reopened)) this.#reopen()
    else {
      this.#lookedTwice = true
      this.#later(RELOOK)
    }
  }

  #reopen(): void {
    this.#reopened = true
    this.#options.reopen()
  }

  #later(seconds: number): void {
    this.#timer = setTimeout(
      guarded(
        'stream inspection',
        () => this.inspect(),
        () => this.#later(RELOOK),
      ),
      seconds * 1000,
    )
  }
}
