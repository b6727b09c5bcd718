import { type Finding, UNREADABLE_ROUNDS } from './log-alerts.ts'
import type { LogstashFigures } from './logstash-figures.ts'
import type { WatchState } from './watch-metrics.ts'

/** What one round of questions came to. */
export interface Round {
  findings: readonly Finding[]
  logstashes: readonly LogstashFigures[]
  /** When the certificate of Elasticsearch ends, milliseconds since the epoch; null: it has shown none. */
  certificateEnds: number | null
  /** Whether an Alertmanager has taken what was found. */
  isTaken: boolean
}

/** Whether it does what it is for; `why` in words where it does not. */
export type Health = { isWell: true } | { isWell: false; why: string }

/** Rounds that may be late, and seconds beside them for one in which every question runs into its time. */
const LATE_ROUNDS = 3
const LONGEST_ROUND = 300

/** What the rounds of questions came to, for whoever watches the watcher. */
export class WatchedRounds {
  /** Milliseconds after which it must have ended a round. */
  readonly #patience: number
  #state: WatchState
  #failedInARow = 0

  /** @param every seconds from one round to the next @param now milliseconds since the epoch */
  constructor(every: number, now: number) {
    this.#patience = (LATE_ROUNDS * every + LONGEST_ROUND) * 1000
    const nothing = { findings: [], logstashes: [], certificateEnds: null }
    this.#state = { lastRound: now, answered: 0, failed: 0, unposted: 0, ...nothing }
  }

  get state(): WatchState {
    return this.#state
  }

  /** @param now milliseconds since the epoch */
  add({ isTaken, ...round }: Round, now: number): void {
    const { answered, failed, unposted, certificateEnds } = this.#state
    const isFailed = round.findings.some((finding) => 'failed' in finding)
    this.#failedInARow = isFailed ? this.#failedInARow + 1 : 0
    this.#state = {
      ...round,
      lastRound: now,
      answered: answered + (isFailed ? 0 : 1),
      failed: failed + (isFailed ? 1 : 0),
      unposted: unposted + (isTaken ? 0 : 1),
      // Where it does not answer, what it has shown before is all that is known.
      certificateEnds: round.certificateEnds ?? certificateEnds,
    }
  }

  /** @param now milliseconds since the epoch */
  readonly health = (now = Date.now()): Health => {
    const { lastRound, findings } = this.#state
    const silent = now - lastRound
    if (silent > this.#patience) {
      return { isWell: false, why: `no round of questions has ended for ${Math.round(silent / 60_000)} min` }
    }
    if (this.#failedInARow < UNREADABLE_ROUNDS) return { isWell: true }
    const reasons = findings.flatMap((finding) => ('failed' in finding ? [finding.failed] : []))
    return { isWell: false, why: `the log cannot be asked: ${[...new Set(reasons)].join('; ')}` }
  }
}
