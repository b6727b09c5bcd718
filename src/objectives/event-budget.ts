import type { EventBudget } from '../observation/event-budget.ts'

/** The time of one event so far. */
export type EventTime = Pick<EventBudget, 'expected' | 'measured' | 'bad'>

/** What is promised of an event. */
export type EventPlan = Pick<EventBudget, 'objective' | 'planned'>

/** Seconds that have to be measured: before, a hiccup of 5 s at the start would be all there is. */
const MEASURED_FROM = 300

/**
 * The budget of an event: `bad seconds so far / ((1 - objective) * planned seconds)`. By the planned length and not by the
 * time so far, so that what is gone stays gone. What was not measured is neither up nor down. Where it lasts longer than
 * planned, the longer time counts.
 */
export function eventBudget({ expected, measured, bad }: EventTime, { objective, planned }: EventPlan): EventBudget {
  const allowed = (1 - objective) * Math.max(planned, expected)
  const used = bad / allowed
  return { expected, measured, bad, objective, planned, allowed, used, level: levelOf(used, measured) }
}

function levelOf(used: number, measured: number): EventBudget['level'] {
  if (measured < MEASURED_FROM) return 'early'
  if (used >= 1) return 'spent'
  return used >= 0.5 ? 'half' : 'kept'
}
