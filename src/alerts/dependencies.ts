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

/** Everything that a target needs to work, directly or not, nearest first. Circles end. */
export function causesOf(target: { kind: string; name: string }, targets: readonly TargetView[]): TargetView[] {
  const own = targets.find(({ kind, name }) => kind === target.kind && name === target.name)
  const found: TargetView[] = []
  let names = own?.dependsOn ?? []
  while (names.length > 0) {
    const next = targets.filter((other) => names.includes(other.name) && other !== own && !found.includes(other))
    found.push(...next)
    names = next.flatMap(({ dependsOn }) => dependsOn)
  }
  return found
}

/** Everything that needs a target to work, directly or not. */
export function effectsOf(target: { kind: string; name: string }, targets: readonly TargetView[]): TargetView[] {
  return targets.filter((other) =>
    causesOf(other, targets).some(({ kind, name }) => kind === target.kind && name === target.name),
  )
}

/** Whether an alert is the effect of another one, along `dependsOn` only. */
export function standingOf(record: AlertRecord, book: AlertBook, targets: readonly TargetView[], at: number): Standing {
  const causes = causesOf({ kind: record.labels.kind, name: record.labels.target }, targets)
  const failing = causes.flatMap((cause) => {
    const alert = criticalOf(cause, book)
    return alert ? [{ cause, alert }] : []
  })
  // The cause of the causes: the one that needs none of the other failing ones.
  const root = failing.find(({ cause }) => {
    const deeper = causesOf(cause, targets)
    return !failing.some((other) => deeper.includes(other.cause))
  })
  const by = (root ?? failing[0])?.alert
  if (by) return { standing: 'muted', by }
  const isWaiting = at < record.raisedAt + CAUSE_WAIT && causes.some((cause) => mayHaveFailed(cause, record))
  return { standing: isWaiting ? 'waits' : 'alone' }
}

/** Which of the targets that need this one are affected now. */
export function affected(target: { kind: string; name: string }, book: AlertBook, targets: readonly TargetView[]) {
  const all = effectsOf(target, targets)
  const hit = all.filter(
    (effect) =>
      effect.state === 'down' ||
      recordsOf(book).some(
        ({ labels, status }) => status === 'firing' && labels.kind === effect.kind && labels.target === effect.name,
      ),
  )
  return { all, hit }
}

function criticalOf({ kind, name }: TargetView, book: AlertBook): AlertRecord | undefined {
  return recordsOf(book).find(
    ({ labels, status }) =>
      status === 'firing' && labels.severity === 'critical' && labels.kind === kind && labels.target === name,
  )
}

/** It is down and no issue says so yet, or what is known of it is from before the fault. */
function mayHaveFailed({ state, measuredAt, interval }: TargetView, { startsAt }: AlertRecord): boolean {
  if (state === 'down' || state === 'unknown' || state === null) return true
  return measuredAt === null || measuredAt - interval * 1000 < startsAt
}
