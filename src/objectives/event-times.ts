import type { Observation } from '../observation/observation.ts'
import type { EventTime } from './event-budget.ts'

/** Seconds for which a stream may be not expected, as by a button that was pressed too early, and goes on with its event. */
const PAUSE = 600

interface Event extends EventTime {
  /** Milliseconds since the epoch, UTC. */
  startedAt: number
}

interface Followed {
  event: Event
  /** Of the newest observation. */
  at: number
  isExpected: boolean
  state: Observation['state']
  /** Monotonic seconds since when it is not expected; null while it is. */
  pausedSince: number | null
}

/** Counts the time of the event of every stream of a monitor. */
export class EventTimes {
  readonly #followed = new Map<string, Followed>()

  /**
   * @param at monotonic seconds
   * @param holds seconds for which an observation says something, where no other comes
   */
  observe({ kind, target, state, expected, time }: Observation, at: number, holds: number): void {
    if (kind !== 'stream') return
    const before = this.#followed.get(target)
    if (before === undefined) {
      if (expected) this.#followed.set(target, begun(Date.parse(time), at, state))
      return
    }
    if (before.isExpected) count(before, at - before.at, holds)
    if (expected && before.pausedSince !== null && at - before.pausedSince > PAUSE) {
      this.#followed.set(target, begun(Date.parse(time), at, state))
      return
    }
    before.pausedSince = expected ? null : (before.pausedSince ?? at)
    before.at = at
    before.isExpected = expected
    before.state = state
  }

  /** The event that is on; null where none is. */
  of(target: string): Readonly<Event> | null {
    const followed = this.#followed.get(target)
    return followed?.isExpected ? followed.event : null
  }

  forget(target: string): void {
    this.#followed.delete(target)
  }
}

function begun(startedAt: number, at: number, state: Observation['state']): Followed {
  return { event: { startedAt, expected: 0, measured: 0, bad: 0 }, at, isExpected: true, state, pausedSince: null }
}

/** An observation stands until the next, and no longer than it may: what comes after that is not measured. */
function count({ event, state }: Followed, passed: number, holds: number): void {
  const stood = Math.min(passed, holds)
  event.expected += passed
  if (state === 'unknown') return
  event.measured += stood
  if (state === 'down') event.bad += stood
}
