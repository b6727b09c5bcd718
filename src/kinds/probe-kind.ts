import type { Judge } from '../health/judge.ts'
import type { OtherTargets } from '../health/other.ts'
import { eventBegan, eventEnded } from '../monitor/event-end.ts'
import type { CreateWatch } from '../monitor/held-watch.ts'
import { othersOf } from '../monitor/others.ts'
import type { MonitorState } from '../monitor/state.ts'
import { Watch } from '../monitor/watch.ts'
import { eventBudget } from '../objectives/event-budget.ts'
import type { EventBudget } from '../observation/event-budget.ts'
import type { Handover } from '../observation/handover.ts'
import type { Kind, MeasurementsOf } from '../observation/observation.ts'
import type { Probe, ProbeContext } from '../observation/reading.ts'
import { placeholdersIn } from '../secrets/placeholder.ts'
import { addressOf } from '../targets/parse-target.ts'
import type { Target } from '../targets/target.ts'
import { scheduleAt } from '../targets/windows.ts'

/** What every probe may use of its monitor. */
interface WatchContext<M> extends ProbeContext<M> {
  /** Tells when a `${NAME}` of the target's address has another value. @returns the way to stop listening */
  onSecretChanged(listener: () => void): () => void
  /** Somebody has begun, or ended, what the target shows: so do the streams that depend on it. */
  eventBegan(): void
  eventEnded(): void
}

/** What a probe may know beside what every probe gets. */
interface Surroundings<S, G> {
  state: MonitorState
  others: OtherTargets
  /** What all watches of the kind share in this monitor. */
  shared: S
  /** What the node gives that watches it. */
  given: G
}

/**
 * How the targets of a kind are measured and judged.
 *
 * @typeParam S what its watches share in one monitor
 * @typeParam G what the node that watches them gives
 */
export interface ProbeKind<K extends Kind, S, G> {
  kind: K
  /** How long each field of the measurements is true. */
  handover: Handover<MeasurementsOf[K]>
  /** Made once in every monitor. */
  share(): S
  probe(
    target: Target<K>,
    context: WatchContext<MeasurementsOf[K]>,
    surroundings: Surroundings<S, G>,
  ): Probe<MeasurementsOf[K]>
  /** @throws MonitorError as `refuse` of its descriptor */
  judge(target: Target<K>): Judge<MeasurementsOf[K]>
}

/** How the targets of a kind are watched in a monitor. A watch outlives the node that made it, and knows nothing of it. */
export type Watches<K extends Kind, G = undefined> = (
  state: MonitorState,
  ...given: G extends undefined ? [] : [G]
) => CreateWatch<K, MeasurementsOf[K]>

export function watches<K extends Kind, S = null, G = undefined>(of: ProbeKind<K, S, G>): Watches<K, G> {
  const { kind } = of
  return (state, ...[given]) => {
    const { clock, secrets, network } = state
    const redact = (text: string) => secrets.redact(text)
    const shared = state.shared(kind, () => of.share())
    return (target, settings, before) => {
      const { name, labels, interval, expected: rule } = target
      const others = othersOf(state, kind, name)
      const names = new Set(placeholdersIn(addressOf(state.kinds[kind], target)))
      const context: WatchContext<MeasurementsOf[K]> = {
        clock,
        redact,
        expand: (template) => secrets.expand(template),
        onSecretChanged: (listener) => secrets.onChanged((changed) => (names.has(changed) ? listener() : undefined)),
        eventBegan: () => eventBegan(state, kind, name),
        eventEnded: () => eventEnded(state, kind, name),
        ...(before && { before: before.probe.read().measurements }),
      }
      // It is there wherever the kind asks for it.
      const probe = of.probe(target, context, { state, others, shared, given: given as G })
      return new Watch<K, MeasurementsOf[K]>({
        ...{ kind, target: name, labels, interval, rule, settings, probe, others, network, clock, redact },
        paceBy: probe.refresh ? 'probe' : 'interval',
        judge: of.judge(target),
        handover: of.handover,
        known: () => ({ usual: state.baselines.usualOf(kind, name), budget: budgetOf(state, target) }),
        ...(before && { expectation: before.expectation }),
      })
    }
  }
}

/** What the event of a stream may miss and how much of that is gone; null where none is on, or its length is not known. */
function budgetOf({ eventTimes, clock }: MonitorState, target: Target): EventBudget | null {
  if (!('eventMinutes' in target)) return null
  const event = eventTimes.of(target.name)
  if (event === null) return null
  const planned = plannedSeconds(target, event.startedAt, clock.wall())
  return planned === null ? null : eventBudget(event, { objective: target.objective / 100, planned })
}

/** By the target's own word, else from when it began to the end of its window. */
function plannedSeconds(
  { eventMinutes, expected }: Extract<Target, { eventMinutes: unknown }>,
  startedAt: number,
  wall: number,
): number | null {
  if (eventMinutes !== null) return eventMinutes * 60
  if (expected === 'always' || expected === 'manual') return null
  const { until } = scheduleAt(expected, wall)
  return until === null || until <= startedAt ? null : (until - startedAt) / 1000
}
