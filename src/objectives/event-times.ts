import { messageOrNull } from '../observation/messages.ts'
import type { Observation } from '../observation/observation.ts'
import { type DamagedFile, JsonFile } from '../storage/json-file.ts'
import type { EventTime } from './event-budget.ts'

/**
 * Seconds for which a stream may be not expected, as by a button that was pressed too early, or the monitor may be away, and
 * it goes on with its event.
 */
const PAUSE = 600

/** Seconds between two writings while streams are on the air, while one is not, and where a thousand go away at once. */
const SAVE_EVERY = { up: 60, down: 5, news: 1 } as const

interface Event extends EventTime {
  /** Milliseconds since the epoch, UTC. */
  startedAt: number
}

interface Followed {
  event: Event
  /** Of the newest observation. */
  at: number
  /** The same in milliseconds since the epoch. */
  wall: number
  isExpected: boolean
  state: Observation['state']
  /** Monotonic seconds since when it is not expected; null while it is. */
  pausedSince: number | null
}

/** What is on disk of one stream. */
interface KeptEvent extends Event {
  target: string
  /** Of the newest observation, in milliseconds since the epoch. */
  at: number
  isExpected: boolean
}

/** Counts the time of the event of every stream of a monitor. It lasts over a restart. */
export class EventTimes {
  readonly #followed = new Map<string, Followed>()
  /** Of an earlier process, until the stream is observed. */
  #kept = new Map<string, KeptEvent>()
  /** Streams whose event has ended while nobody looked. */
  readonly #endedUnseen = new Set<string>()
  #file = new JsonFile(null)
  #isOpen = false
  /** Monotonic seconds. */
  #savedAt = Number.NEGATIVE_INFINITY
  /** Something has begun or ended since. */
  #isNews = false

  /**
   * Reads what an earlier process counted. Called again it does nothing.
   *
   * @param path null: memory only
   * @param damaged told of a file that is not what it should be
   */
  open(path: string | null, damaged: (file: DamagedFile) => void): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#file = new JsonFile(path, damaged)
    const kept = this.#file.read((value) => messageOrNull<{ events: KeptEvent[] }>('eventTimes', value))
    this.#kept = new Map((kept?.events ?? []).map((event) => [event.target, event]))
  }

  /**
   * @param at monotonic seconds
   * @param holds seconds for which an observation says something, where no other comes
   */
  observe({ kind, target, state, expected, time }: Observation, at: number, holds: number): void {
    if (kind !== 'stream') return
    const wall = Date.parse(time)
    const before = this.#followed.get(target) ?? this.#takenUp(target, expected, at, wall)
    if (before === null) {
      if (expected) this.#begin(target, wall, at, state)
      return
    }
    if (before.isExpected) count(before, at - before.at, holds)
    if (expected && before.pausedSince !== null && at - before.pausedSince > PAUSE) {
      this.#begin(target, wall, at, state)
      return
    }
    if (before.isExpected !== expected || (before.state === 'down') !== (state === 'down')) this.#isNews = true
    before.pausedSince = expected ? null : (before.pausedSince ?? at)
    Object.assign(before, { at, wall, isExpected: expected, state })
    this.#saveWhereDue(at, expected, state)
  }

  /** The event that is on; null where none is. */
  of(target: string): Readonly<Event> | null {
    const followed = this.#followed.get(target)
    return followed?.isExpected ? followed.event : null
  }

  /** Whether the event of a stream has ended while no process of this monitor ran: said once. */
  takeEndedUnseen(target: string): boolean {
    return this.#endedUnseen.delete(target)
  }

  forget(target: string): void {
    this.#followed.delete(target)
    this.#kept.delete(target)
    this.#endedUnseen.delete(target)
  }

  /** For when the monitor is removed for good. */
  remove(): void {
    this.#file.remove()
  }

  #begin(target: string, startedAt: number, at: number, state: Observation['state']): void {
    const event = { startedAt, expected: 0, measured: 0, bad: 0 }
    this.#followed.set(target, { event, at, wall: startedAt, isExpected: true, state, pausedSince: null })
    this.#isNews = true
    this.#saveWhereDue(at, true, state)
  }

  #saveWhereDue(at: number, isExpected: boolean, state: Observation['state']): void {
    if (!isExpected && !this.#isNews) return
    const every = this.#isNews ? SAVE_EVERY.news : state === 'down' ? SAVE_EVERY.down : SAVE_EVERY.up
    if (at - this.#savedAt >= every) this.#save(at)
  }

  #save(at: number): void {
    this.#savedAt = at
    this.#isNews = false
    const followed = [...this.#followed].map(
      ([target, { event, wall, isExpected }]): KeptEvent => ({ target, ...event, at: wall, isExpected }),
    )
    this.#file.write({ version: 1, events: [...this.#kept.values(), ...followed] })
  }

  /** Of an event of an earlier process: the time in between was expected, and not measured. Null where none goes on. */
  #takenUp(target: string, expected: boolean, at: number, wall: number): Followed | null {
    const kept = this.#kept.get(target)
    if (kept === undefined) return null
    this.#kept.delete(target)
    const away = (wall - kept.at) / 1000
    const isLong = Math.abs(away) > PAUSE
    if (kept.isExpected && (!expected || isLong)) {
      this.#endedUnseen.add(target)
      this.#isNews = true
    }
    if (isLong) return null
    const { startedAt, measured, bad } = kept
    const event = { startedAt, measured, bad, expected: kept.expected + (kept.isExpected ? Math.max(0, away) : 0) }
    const pausedSince = kept.isExpected ? null : at
    const followed: Followed = { event, at, wall, isExpected: false, state: 'unknown', pausedSince }
    this.#followed.set(target, followed)
    return followed
  }
}

/** An observation stands until the next, and no longer than it may: what comes after that is not measured. */
function count({ event, state }: Followed, passed: number, holds: number): void {
  const stood = Math.min(passed, holds)
  event.expected += passed
  if (state === 'unknown') return
  event.measured += stood
  if (state === 'down') event.bad += stood
}
