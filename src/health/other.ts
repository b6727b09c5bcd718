import type { State } from '../observation/observation.ts'

/** The newest observation of another target, for the checks that compare two. */
export interface Other<M> {
  state: State
  measurements: M
  /** Seconds since it came, on the monotonic clock. */
  age: number
  /** Seconds between its observations. */
  interval: number
}

/** What is older than three intervals says nothing about now (DESIGN.md, section 7). */
const INTERVALS = 3

/** The other where it is there now and says so freshly, else null. Pure. */
export function presentOther<M>(other: Other<M> | null): Other<M> | null {
  if (other === null || other.age > INTERVALS * other.interval) return null
  return other.state === 'ok' || other.state === 'degraded' ? other : null
}
