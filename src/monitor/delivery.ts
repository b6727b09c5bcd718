import type { Handover } from '../observation/handover.ts'
import type { Kind, MonitorEvent, Observation } from '../observation/observation.ts'

/** Events kept while nobody listens; the oldest go first. */
const MOST_EVENTS = 100

/** What takes the outputs of a watch. */
export interface WatchListener<K extends Kind, M> {
  observed(observation: Observation<K, M>): void
  happened(event: MonitorEvent): void
}

/**
 * Hands the outputs of a watch to whoever listens. While nobody does, as over a deploy, it keeps the newest
 * observation, with what the ones before it still had to hand over, and the events.
 */
export class Delivery<K extends Kind, M> {
  readonly #handover: Handover<M>
  readonly #failed: (error: unknown) => void
  #listener: WatchListener<K, M> | null = null
  #newest: Observation<K, M> | null = null
  #taken = false
  #events: MonitorEvent[] = []

  /** @param failed told when a listener throws; the watch goes on */
  constructor(handover: Handover<M>, failed: (error: unknown) => void) {
    this.#handover = handover
    this.#failed = failed
  }

  get newest(): Observation<K, M> | null {
    return this.#newest
  }

  attach(listener: WatchListener<K, M>): void {
    this.#listener = listener
    const events = this.#events
    this.#events = []
    if (this.#newest) {
      const { measurements } = this.#newest
      this.#give({
        ...this.#newest,
        measurements: this.#taken ? this.#handover.withoutNews(measurements) : measurements,
      })
    }
    for (const event of events) this.happened(event)
  }

  detach(): void {
    this.#listener = null
  }

  observed(observation: Observation<K, M>): void {
    const missed = this.#taken ? null : this.#newest
    this.#newest = missed
      ? {
          ...observation,
          measurements: this.#handover.withNewsOf(missed.measurements, observation.measurements),
        }
      : observation
    this.#taken = false
    this.#give(this.#newest)
  }

  happened(event: MonitorEvent): void {
    const listener = this.#listener
    if (listener) this.#try(() => listener.happened(event))
    else this.#events = [...this.#events, event].slice(-MOST_EVENTS)
  }

  #give(observation: Observation<K, M>): void {
    const listener = this.#listener
    if (!listener) return
    this.#taken = true
    this.#try(() => listener.observed(observation))
  }

  #try(give: () => void): void {
    try {
      give()
    } catch (error) {
      this.#failed(error)
    }
  }
}
