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
    void this.#look()
    void this.#post()
  }

  /** Something has changed. */
  postNow(): void {
    if (this.#isPosting) this.#isDue = true
    else void this.#post()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#looking)
    clearTimeout(this.#posting)
  }

  async #look(): Promise<void> {
    const silences = await this.#alertmanagers.silences(this.#closing.signal)
    if (this.#closing.signal.aborted) return
    if (silences !== null) this.#listener.heard(silences)
    this.#looking = setTimeout(() => void this.#look(), LOOK_EVERY)
  }

  async #post(): Promise<void> {
    clearTimeout(this.#posting)
    if (this.#isPosting || this.#closing.signal.aborted) return
    this.#isPosting = true
    const alerts = this.#listener.postables()
    const isTaken = alerts.length === 0 || (await this.#alertmanagers.post(alerts, this.#closing.signal))
    this.#isPosting = false
    if (this.#closing.signal.aborted) return
    if (isTaken && alerts.length > 0) {
      this.#listener.heard(null)
      this.#listener.accepted(alerts)
    }
    const wait = this.#isDue ? 0 : isTaken ? POST_EVERY : RETRY_EVERY
    this.#isDue = false
    this.#posting = setTimeout(() => void this.#post(), wait)
  }
}
