import { eventBudget } from '../objectives/event-budget.ts'
import type { EventBudget } from '../observation/event-budget.ts'
import type { Target } from '../targets/target.ts'
import { scheduleAt } from '../targets/windows.ts'
import type { MonitorState } from './state.ts'

/** What the event of a stream may miss and how much of that is gone; null where none is on, or its length is not known. */
export function budgetOf({ eventTimes, clock }: MonitorState, target: Target): EventBudget | null {
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
