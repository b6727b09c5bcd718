import { setTimeout as sleep } from 'node:timers/promises'
import type { Packet } from '../stream/packet.ts'

/** Seconds: enough to tell a frame rate. */
const ENOUGH = 2
/** Seconds behind a key frame: what was read of it, a program may not have printed yet. */
export const BEHIND = 1
/** Seconds: the longest key frame interval that is common, and some. */
const LONGEST = 14
/** Bytes. */
const LARGEST = 8 * 1024 * 1024
/** Milliseconds. */
const LOOK = 100

/** What came of a stream for some seconds, for a program that says what it is: with a key frame where it has a picture. */
export class Sample {
  readonly #parts: Buffer[]
  readonly #since: number
  #size: number
  #hasVideo = false
  #isOver = false
  #keyframe: number | null = null

  /** @param first what tells the tracks, before anything else; `at`: monotonic seconds, here and below */
  constructor(first: Buffer, at: number) {
    this.#parts = [first]
    this.#size = first.length
    this.#since = at
  }

  /** Takes what came. */
  add(bytes: Buffer): void {
    if (this.#size > LARGEST) return
    this.#parts.push(bytes)
    this.#size += bytes.length
  }

  /** A packet of the stream was read meanwhile. */
  saw({ media, keyframe }: Packet, at: number): void {
    if (media !== 'video') return
    this.#hasVideo = true
    if (keyframe && at - this.#since >= BEHIND) this.#keyframe ??= at
  }

  /** Nothing more comes. */
  end(): void {
    this.#isOver = true
  }

  isWhole(at: number): boolean {
    if (this.#isOver || this.#size > LARGEST || at - this.#since >= LONGEST) return true
    return at - this.#since >= ENOUGH && (!this.#hasVideo || this.#keyframe !== null)
  }

  /** Resolves when it is whole; with null when `signal` aborts. */
  async bytes(now: () => number, signal: AbortSignal): Promise<Buffer | null> {
    while (!this.isWhole(now()) && !signal.aborted) {
      await sleep(LOOK, undefined, { signal }).catch(() => undefined)
    }
    return signal.aborted ? null : Buffer.concat(this.#parts)
  }
}
