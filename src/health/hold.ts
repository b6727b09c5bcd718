import type { Instant } from '../observation/clock.ts'

/** Where one value of a check lies: beyond the enter threshold, between the two, or at the clear threshold or better. */
export type Side = 'fault' | 'between' | 'fine' | 'unmeasured'

export interface HoldTimes {
  /** Seconds of fault, all of them measured, before the issue is raised. 0: at once. */
  enterHold: number
  /** Seconds of fine values, all of them measured, before the issue is cleared. 0: at once. */
  clearHold: number
}

export type Phase =
  | { phase: 'idle' }
  /** A fault that has not held long enough yet. `held`: seconds counted so far. */
  | { phase: 'entering'; since: Instant; held: number }
  | { phase: 'active'; since: Instant }
  /** Fine again, but not long enough yet. `fineSince`: monotonic seconds. */
  | { phase: 'clearing'; since: Instant; fineSince: number; held: number }

export interface Hold {
  state: Phase
  /** Monotonic seconds of the last reading, null when that one was not measured. */
  measuredAt: number | null
}

export type Change = { change: 'none' } | { change: 'raised' } | { change: 'cleared'; duration: number }

export type Step = Change & { hold: Hold }

/**
 * Seconds by which a hold may fall short. Readings come by timers that fire some milliseconds early or late;
 * without it a hold of three intervals would at times take four.
 */
const TIMER_TOLERANCE = 0.05

/** Of every check without a fault: when it was measured last counts only for what is on. */
export const IDLE: Hold = { state: { phase: 'idle' }, measuredAt: null }
const STAYS_IDLE: Step = { hold: IDLE, change: 'none' }

export function isActive(hold: Hold): boolean {
  return hold.state.phase === 'active' || hold.state.phase === 'clearing'
}

/**
 * One reading of one check. Only the time between two measured readings counts towards a hold, so that not
 * knowing neither raises nor clears.
 *
 * @param began seconds ago at which the fault began, where the check knows better than "now"
 */
export function step(hold: Hold, side: Side, at: Instant, times: HoldTimes, began = 0): Step {
  if (hold.state.phase === 'idle' && side !== 'fault') return STAYS_IDLE
  if (side === 'unmeasured') return { hold: { state: hold.state, measuredAt: null }, change: 'none' }
  const gained = hold.measuredAt === null ? 0 : at.monotonic - hold.measuredAt
  const { state, ...change } = next(hold.state, side, at, gained, times, began)
  return { hold: state.phase === 'idle' ? IDLE : { state, measuredAt: at.monotonic }, ...change }
}

function next(
  state: Phase,
  side: Exclude<Side, 'unmeasured'>,
  at: Instant,
  gained: number,
  times: HoldTimes,
  began: number,
): Change & { state: Phase } {
  const active = state.phase === 'active' || state.phase === 'clearing'
  if (side === 'fault') {
    if (active) return { state: { phase: 'active', since: state.since }, change: 'none' }
    const since = state.phase === 'entering' ? state.since : earlier(at, began)
    const held = state.phase === 'entering' ? state.held + gained : 0
    if (reached(held, times.enterHold)) return { state: { phase: 'active', since }, change: 'raised' }
    return { state: { phase: 'entering', since, held }, change: 'none' }
  }
  if (!active) return { state: { phase: 'idle' }, change: 'none' }
  if (side === 'between') return { state: { phase: 'active', since: state.since }, change: 'none' }
  const fineSince = state.phase === 'clearing' ? state.fineSince : at.monotonic
  const held = state.phase === 'clearing' ? state.held + gained : 0
  if (reached(held, times.clearHold)) {
    return { state: { phase: 'idle' }, change: 'cleared', duration: fineSince - state.since.monotonic }
  }
  return { state: { phase: 'clearing', since: state.since, fineSince, held }, change: 'none' }
}

/** Ends what is active whatever was measured: the check does not apply any more. */
export function end(hold: Hold, at: Instant): Step {
  if (hold.state.phase === 'idle' || hold.state.phase === 'entering') return STAYS_IDLE
  const until = hold.state.phase === 'clearing' ? hold.state.fineSince : at.monotonic
  return { hold: IDLE, change: 'cleared', duration: until - hold.state.since.monotonic }
}

/** Seconds for which it has been active; 0 where it is not. */
export function lengthOf({ state }: Hold, at: Instant): number {
  return state.phase === 'idle' ? 0 : Math.max(0, at.monotonic - state.since.monotonic)
}

/** Begins both hold times anew, as when a new publisher makes the values before it worthless. What is active stays. */
export function restartHolds(hold: Hold): Hold {
  const { state } = hold
  if (state.phase === 'entering') return IDLE
  if (state.phase === 'clearing') return { state: { phase: 'active', since: state.since }, measuredAt: null }
  return { state, measuredAt: null }
}

function reached(held: number, wanted: number): boolean {
  return held >= wanted - TIMER_TOLERANCE
}

function earlier(at: Instant, seconds: number): Instant {
  return { wall: at.wall - seconds * 1000, monotonic: at.monotonic - seconds }
}
