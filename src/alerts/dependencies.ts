import type { State } from '../observation/observation.ts'
import type { DependencyGraph } from '../targets/dependency-graph.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { CAUSE_WAIT } from './timing.ts'

/** A watched target. */
export interface WatchedTarget {
  readonly kind: string
  readonly name: string
  /** Seconds between observations. */
  readonly interval: number
}

/** What is known of a watched target now. */
export interface LastSeen {
  /** Of the newest observation; null where there is none that is fresh. */
  state: State | null
  /** When the newest observation came, in milliseconds since the epoch. */
  measuredAt: number | null
}

/** What alerts need to know of what is watched. */
export interface Targets {
  /** By `dependsOn` only. */
  graph: Pick<DependencyGraph<WatchedTarget>, 'get' | 'causesOf' | 'effectsOf'>
  seen(target: WatchedTarget): LastSeen
}

/** How an alert stands to what its target depends on. */
export type Standing =
  | { standing: 'alone' }
  /** Whether a cause has failed is not known yet. */
  | { standing: 'waits' }
  /** It is an effect of this alert. */
  | { standing: 'muted'; by: AlertRecord }

export function describeTarget({ kind, name }: { kind: string; name: string }): string {
  return `${kind} ${name}`
}

/** What fires of what depends on what: made once for a moment, so that hundreds of alerts are decided quickly. */
export class Dependencies {
  readonly #targets: Targets
  readonly #firing = new Set<string>()
  readonly #critical = new Map<string, AlertRecord>()

  constructor(book: AlertBook, targets: Targets) {
    this.#targets = targets
    for (const record of recordsOf(book)) {
      // Only what this monitor sees itself can mute anything: what came by webhook may be anybody's.
      if (record.status !== 'firing' || record.source === 'alertmanager') continue
      const key = describeTarget({ kind: record.labels.kind, name: record.labels.target })
      this.#firing.add(key)
      if (record.labels.severity === 'critical' && !this.#critical.has(key)) this.#critical.set(key, record)
    }
  }

  isWatched({ kind, target }: { kind: string; target: string }): boolean {
    return this.#targets.graph.get(kind, target) !== undefined
  }

  hasCritical({ kind, target }: { kind: string; target: string }): boolean {
    return this.#critical.has(describeTarget({ kind, name: target }))
  }

  /** Whether an alert is the effect of another one, along `dependsOn` only. */
  standingOf(record: AlertRecord, at: number): Standing {
    const { graph } = this.#targets
    const own = graph.get(record.labels.kind, record.labels.target)
    const causes = own === undefined ? [] : graph.causesOf(own)
    const failing = causes.flatMap((cause) => {
      const alert = this.#critical.get(describeTarget(cause))
      return alert ? [{ cause, alert }] : []
    })
    // The cause of the causes: the one that needs none of the other failing ones.
    const root = failing.find(({ cause }) => {
      const deeper = graph.causesOf(cause)
      return !failing.some((other) => deeper.includes(other.cause))
    })
    const by = (root ?? failing[0])?.alert
    if (by) return { standing: 'muted', by }
    const isWaiting = at < record.raisedAt + CAUSE_WAIT && causes.some((cause) => this.#mayHaveFailed(cause, record))
    return { standing: isWaiting ? 'waits' : 'alone' }
  }

  /** Which of the targets that need this one, directly or not, are affected now. */
  affectedBy({ kind, target }: { kind: string; target: string }): Affected {
    const { graph, seen } = this.#targets
    const own = graph.get(kind, target)
    const all = own === undefined ? [] : graph.effectsOf(own)
    return {
      all,
      hit: all.filter((effect) => this.#firing.has(describeTarget(effect)) || seen(effect).state === 'down'),
    }
  }

  /** It is down and no issue says so yet, or what is known of it is from before the fault. */
  #mayHaveFailed(cause: WatchedTarget, { startsAt }: AlertRecord): boolean {
    const { state, measuredAt } = this.#targets.seen(cause)
    if (state === 'down' || state === 'unknown' || state === null) return true
    return measuredAt === null || measuredAt - cause.interval * 1000 < startsAt
  }
}

interface Affected {
  all: readonly WatchedTarget[]
  hit: WatchedTarget[]
}
