import type { State } from '../observation/observation.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { CAUSE_WAIT } from './timing.ts'

/** What is known of a watched target. Times are milliseconds since the epoch. */
export interface TargetView {
  kind: string
  name: string
  /** Seconds between observations. */
  interval: number
  /** Names of targets without which it cannot work. */
  dependsOn: readonly string[]
  /** Of the newest observation; null where there is none that is fresh. */
  state: State | null
  /** When the newest observation came. */
  measuredAt: number | null
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

/** What depends on what, and what of it fires: made once for a moment, so that hundreds of alerts are decided quickly. */
export class Dependencies {
  readonly #byName = new Map<string, TargetView[]>()
  readonly #byKey = new Map<string, TargetView>()
  readonly #causes = new Map<TargetView, readonly TargetView[]>()
  readonly #effects = new Map<TargetView, TargetView[]>()
  readonly #firing = new Set<string>()
  readonly #critical = new Map<string, AlertRecord>()

  constructor(book: AlertBook, targets: readonly TargetView[]) {
    for (const target of targets) {
      this.#byKey.set(describeTarget(target), target)
      this.#byName.set(target.name, [...(this.#byName.get(target.name) ?? []), target])
    }
    for (const target of targets) {
      for (const cause of this.#causesOf(target)) {
        const effects = this.#effects.get(cause)
        if (effects === undefined) this.#effects.set(cause, [target])
        else effects.push(target)
      }
    }
    for (const record of recordsOf(book)) {
      // Only what this monitor sees itself can mute anything: what came by webhook may be anybody's.
      if (record.status !== 'firing' || record.source === 'alertmanager') continue
      const key = describeTarget({ kind: record.labels.kind, name: record.labels.target })
      this.#firing.add(key)
      if (record.labels.severity === 'critical' && !this.#critical.has(key)) this.#critical.set(key, record)
    }
  }

  isWatched({ kind, target }: { kind: string; target: string }): boolean {
    return this.#byKey.has(describeTarget({ kind, name: target }))
  }

  hasCritical({ kind, target }: { kind: string; target: string }): boolean {
    return this.#critical.has(describeTarget({ kind, name: target }))
  }

  /** Whether an alert is the effect of another one, along `dependsOn` only. */
  standingOf(record: AlertRecord, at: number): Standing {
    const own = this.#byKey.get(describeTarget({ kind: record.labels.kind, name: record.labels.target }))
    const causes = own === undefined ? [] : this.#causesOf(own)
    const failing = causes.flatMap((cause) => {
      const alert = this.#critical.get(describeTarget(cause))
      return alert ? [{ cause, alert }] : []
    })
    // The cause of the causes: the one that needs none of the other failing ones.
    const root = failing.find(({ cause }) => {
      const deeper = this.#causesOf(cause)
      return !failing.some((other) => deeper.includes(other.cause))
    })
    const by = (root ?? failing[0])?.alert
    if (by) return { standing: 'muted', by }
    const isWaiting = at < record.raisedAt + CAUSE_WAIT && causes.some((cause) => mayHaveFailed(cause, record))
    return { standing: isWaiting ? 'waits' : 'alone' }
  }

  /** Which of the targets that need this one, directly or not, are affected now. */
  affectedBy({ kind, target }: { kind: string; target: string }): { all: TargetView[]; hit: TargetView[] } {
    const own = this.#byKey.get(describeTarget({ kind, name: target }))
    const all = (own && this.#effects.get(own)) ?? []
    return { all, hit: all.filter((effect) => effect.state === 'down' || this.#firing.has(describeTarget(effect))) }
  }

  /** Everything that a target needs to work, directly or not, nearest first. Circles end. */
  #causesOf(target: TargetView): readonly TargetView[] {
    const known = this.#causes.get(target)
    if (known) return known
    const found = new Set<TargetView>()
    let names = target.dependsOn
    while (names.length > 0) {
      const next = [...new Set(names)]
        .flatMap((name) => this.#byName.get(name) ?? [])
        .filter((other) => other !== target && !found.has(other))
      for (const cause of next) found.add(cause)
      names = next.flatMap(({ dependsOn }) => dependsOn)
    }
    const causes = [...found]
    this.#causes.set(target, causes)
    return causes
  }
}

/** It is down and no issue says so yet, or what is known of it is from before the fault. */
function mayHaveFailed({ state, measuredAt, interval }: TargetView, { startsAt }: AlertRecord): boolean {
  if (state === 'down' || state === 'unknown' || state === null) return true
  return measuredAt === null || measuredAt - interval * 1000 < startsAt
}
