import { guarded } from '../observation/internal-errors.ts'
import type { Alertmanagers, PostableAlert } from './alertmanager.ts'
import type { KnownSilence } from './silence.ts'

/** Milliseconds between two looks for silences, which also say whether an Alertmanager answers. */
const LOOK_EVERY = 5_000
/** Milliseconds between two tries of what was not taken. */
const RETRY_EVERY = 2_000
/** Milliseconds after which everything that fires is posted again: an Alertmanager may have lost it. */
const POST_EVERY = 30_000

export interface AlertmanagerLinkListener {
  /** One has answered. */
  heard(silences: readonly KnownSilence[] | null): void
  /** What is to be posted now. */
  postables(): PostableAlert[]
  /** These were taken. */
  accepted(alerts: readonly PostableAlert[]): void
}

/** Keeps the Alertmanagers at the level of the alerts, and learns from them what is silenced. */
export class AlertmanagerLink {
  readonly #alertmanagers: Alertmanagers
  readonly #listener: AlertmanagerLinkListener
  readonly #closing = new AbortController()
  #looking: NodeJS.Timeout | undefined
  #posting: NodeJS.Timeout | undefined
  #isPosting = false
  #isDue = false

  constructor(alertmanagers: Alertmanagers, listener: AlertmanagerLinkListener) {
    this.#alertmanagers = alertmanagers
    this.#listener = listener
    this.#look()
    this.#post()
  }

  /** Something has changed. */
  postNow(): void {
    if (this.#isPosting) this.#isDue = true
    else this.#post()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#looking)
    clearTimeout(this.#posting)
  }

  readonly #look = guarded(
    'alertmanager',
    async () => {
      const { signal } = this.#closing
      const silences = await this.#alertmanagers.silences(signal)
      if (!signal.aborted && silences !== null) this.#listener.heard(silences)
      this.#lookLater()
    },
    () => this.#lookLater(),
  )

  #lookLater(): void {
    if (!this.#closing.signal.aborted) this.#looking = setTimeout(this.#look, LOOK_EVERY)
  }

  readonly #post = guarded(
    'alertmanager',
    async () => {
      clearTimeout(this.#posting)
      if (this.#isPosting || this.#closing.signal.aborted) return
      this.#isPosting = true
      this.#postLater((await this.#postAll()) ? POST_EVERY : RETRY_EVERY)
    },
    () => this.#postLater(RETRY_EVERY),
  )

  #postLater(wait: number): void {
    this.#isPosting = false
    clearTimeout(this.#posting)
    if (!this.#closing.signal.aborted) this.#posting = setTimeout(this.#post, this.#isDue ? 0 : wait)
    this.#isDue = false
  }

  async #postAll(): Promise<boolean> {
    const { signal } = this.#closing
    const alerts = this.#listener.postables()
    if (alerts.length === 0) return true
    const isTaken = await this.#alertmanagers.post(alerts, signal)
    if (isTaken && !signal.aborted) {
      this.#listener.heard(null)
      this.#listener.accepted(alerts)
    }
    return isTaken
  }
}
