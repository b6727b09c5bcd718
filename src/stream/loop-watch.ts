import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Seconds between looks at the clock. */
const PERIOD = 0.25
/** Seconds after the event loop runs again until what waited in the sockets has been read. */
const CATCH_UP = 0.5
/** Seconds until connections show whether they outlived a host that slept. */
const WAKE_UP = 3
/**
 * Seconds that this process may be absent without losing a connection: SRT gives up a peer that is silent for 5 s
 * (libsrt's SRTO_PEERIDLETIMEO), everything else waits longer.
 */
const OUTLIVED = 5
/** Seconds after an absence in which a connection from which nothing comes any more shows that it did not outlive it. */
const AFTERMATH = 20
/** The same where media has come since, which may be what waited in the buffers: SRT ends 5 s later. */
const DRAINED = 8

/** This process did not run, for so long that connections may have ended meanwhile. */
export interface Absence {
  seconds: number
  /** When it ran again. Monotonic seconds. */
  until: number
}

/**
 * Knows whether this process itself was late, because its event loop was blocked, it was stopped, or the host slept:
 * then silence says nothing of a stream. One for all streams of a process; it runs while somebody uses it.
 */
export class LoopWatch {
  readonly #clock: Clock
  #users = 0
  #timer: NodeJS.Timeout | null = null
  #looked = 0
  #wallLooked = 0
  /** What was missed last, and until when that matters. Monotonic seconds. */
  #gap = 0
  #until = Number.NEGATIVE_INFINITY
  #absence: Absence | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns the way to stop using it */
  use(): () => void {
    this.#users++
    if (this.#users === 1) {
      this.#mark()
      this.#timer = setInterval(
        guarded('loop watch', () => this.#look()),
        PERIOD * 1000,
      )
      this.#timer.unref()
    }
    let using = true
    return () => {
      if (!using) return
      using = false
      this.#users--
      if (this.#users > 0 || !this.#timer) return
      clearInterval(this.#timer)
      this.#timer = null
    }
  }

  /** Seconds by which this process was late just now, or 0. */
  lateness(): number {
    if (!this.#timer) return 0
    this.#look()
    return this.#clock.monotonic() < this.#until ? this.#gap : 0
  }

  /** The last time that this process was away for long; null where it never was while somebody used this. */
  absence(): Absence | null {
    if (this.#timer) this.#look()
    return this.#absence
  }

  /** The absence by which a connection may have ended that ends now. `lastPacket`: when its newest came, seconds. */
  aftermath(lastPacket: number): Absence | null {
    const absence = this.absence()
    if (absence === null) return null
    const patience = lastPacket > absence.until ? DRAINED : AFTERMATH
    return this.#clock.monotonic() - absence.until < patience ? absence : null
  }

  #look(): void {
    const now = this.#clock.monotonic()
    const blocked = now - this.#looked - PERIOD
    // The monotonic clock stands still while a host sleeps, the other one does not.
    const asleep = (this.#clock.wall() - this.#wallLooked) / 1000 - (now - this.#looked)
    if (blocked >= PERIOD) this.#late(blocked, now + CATCH_UP)
    if (asleep >= WAKE_UP) this.#late(asleep, now + WAKE_UP)
    this.#mark()
  }

  #late(gap: number, until: number): void {
    const now = this.#clock.monotonic()
    this.#gap = now < this.#until ? Math.max(this.#gap, gap) : gap
    this.#until = Math.max(this.#until, until)
    if (gap > OUTLIVED) this.#absence = { seconds: gap, until: now }
  }

  #mark(): void {
    this.#looked = this.#clock.monotonic()
    this.#wallLooked = this.#clock.wall()
  }
}

const loopWatches = new WeakMap<Clock, LoopWatch>()

/** One for all streams that have the same clock. */
export function loopWatch(clock: Clock): LoopWatch {
  const known = loopWatches.get(clock) ?? new LoopWatch(clock)
  loopWatches.set(clock, known)
  return known
}
