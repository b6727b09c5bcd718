/** Where time comes from, so that tests can make it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. It may step when the host's clock is set. */
  wall(): number
  /** Seconds from an arbitrary start. It never steps and never goes back. */
  monotonic(): number
}

/** One moment on both clocks. */
export interface Instant {
  /** Milliseconds since the epoch, UTC. */
  wall: number
  /** Seconds, monotonic. */
  monotonic: number
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now() / 1000,
}

export function now(clock: Clock): Instant {
  return { wall: clock.wall(), monotonic: clock.monotonic() }
}
