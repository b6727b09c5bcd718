import { PictureFiles } from '../history/picture-files.ts'
import type { MonitorState } from '../monitor/state.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Observation } from '../observation/observation.ts'
import { type Picture, Pictures } from './pictures.ts'

/** Seconds between two pictures of a stream that is well: the last one before a fault is at most as old. */
const EVERY = 60
/** Seconds for which a stream has to be well again before the picture after a fault is taken. */
const WELL_FOR = 10
/** Milliseconds: what was taken so shortly before a fault was known may show it already. */
const TOO_NEW = 20_000
/** Seconds between two looks for what is too old. */
const SWEPT_EVERY = 86_400
/** Pictures that are kept of one event. */
const MOST_OF_EVENT = 24

interface Followed {
  /** The last one while it was well. */
  newest: Picture | null
  /** The one before it. */
  earlier: Picture | null
  /** Monotonic seconds from which on another one is taken. */
  next: number
  isFaulty: boolean
  /** Of when the last is that was kept: after one fault is before the next. */
  keptAt: number | null
  /** Pictures of this event that are kept. */
  count: number
}

/**
 * Pictures for the report of an event: the last one before each fault, one of the fault where media still comes, and one
 * when it is well again. Only of streams whose target says `picture: true`, only while they are expected, and only where
 * somebody makes reports. What a target does not allow any more is removed.
 */
export class EventPictures {
  readonly #state: MonitorState
  readonly #pictures: Pictures
  readonly #files: PictureFiles
  readonly #followed = new Map<string, Followed>()
  /** Those of which no picture may be kept, and none is. */
  readonly #cleared = new Set<string>()
  /** Monotonic seconds. */
  #sweepAt = 0

  constructor(state: MonitorState, pictures = state.part(Pictures), files = state.part(PictureFiles)) {
    this.#state = state
    this.#pictures = pictures
    this.#files = files
    state.directory.onLeft(({ kind, name }) => {
      if (kind !== 'stream') return
      this.#followed.delete(name)
      this.#cleared.delete(name)
    })
  }

  /** There is somebody who makes reports. @returns the way to say that there is not */
  want(): () => void {
    this.#sweep()
    const stop = this.#state.newest.onPut((observation) => this.#observed(observation))
    return () => {
      stop()
      this.#followed.clear()
    }
  }

  #observed({ kind, target, state, expected }: Observation): void {
    if (kind !== 'stream') return
    if (this.#state.clock.monotonic() >= this.#sweepAt) this.#sweep()
    if (!this.#pictures.isForEmails(target)) {
      this.#clear(target)
      return
    }
    this.#cleared.delete(target)
    if (!expected) {
      this.#followed.delete(target)
      return
    }
    const followed = this.#followed.get(target) ?? NEW()
    this.#followed.set(target, followed)
    const at = this.#state.clock.monotonic()
    if (state === 'degraded' || state === 'down') {
      if (!followed.isFaulty) this.#run(() => this.#faultBegan(target, followed, state === 'degraded'))
      followed.isFaulty = true
      followed.next = at + WELL_FOR
    } else if (state === 'ok' && at >= followed.next) {
      const isBack = followed.isFaulty
      followed.isFaulty = false
      followed.next = at + EVERY
      this.#run(() => this.#well(target, followed, isBack))
    }
  }

  async #faultBegan(target: string, followed: Followed, comes: boolean): Promise<void> {
    const { newest, earlier } = followed
    const isOldEnough = newest !== null && this.#state.clock.wall() - newest.at >= TOO_NEW
    const before = isOldEnough ? newest : earlier
    if (before !== null) await this.#keep(target, followed, before)
    const now = comes ? await this.#now(target) : null
    if (now !== null) await this.#keep(target, followed, now)
  }

  async #well(target: string, followed: Followed, isBack: boolean): Promise<void> {
    const picture = await this.#now(target)
    // What was asked for while all was well and comes when it is not shows the fault.
    if (picture === null || followed.isFaulty) return
    followed.earlier = isBack ? null : followed.newest
    followed.newest = picture
    if (isBack) await this.#keep(target, followed, picture)
  }

  async #keep(target: string, followed: Followed, { at, jpeg }: Picture): Promise<void> {
    if (followed.count >= MOST_OF_EVENT || followed.keptAt === at || !this.#pictures.isForEmails(target)) return
    followed.count += 1
    followed.keptAt = at
    await this.#files.keep(target, { at, jpeg })
  }

  /** Null where there is none: the report lacks it, and nothing else. */
  #now(target: string): Promise<Picture | null> {
    return this.#pictures.of(target).catch(() => null)
  }

  #sweep(): void {
    const { clock } = this.#state
    this.#sweepAt = clock.monotonic() + SWEPT_EVERY
    this.#run(() => this.#files.sweep(clock.wall()))
  }

  #clear(target: string): void {
    this.#followed.delete(target)
    if (this.#cleared.has(target)) return
    this.#cleared.add(target)
    this.#run(() => this.#files.forget(target))
  }

  /** A full disk costs a picture. */
  #run(work: () => Promise<void>): void {
    guarded('pictures of events', () => work().catch(() => undefined))()
  }
}

const NEW = (): Followed => ({ newest: null, earlier: null, next: 0, isFaulty: false, keptAt: null, count: 0 })
