import timers from 'node:timers/promises'
import { AbortScope } from '../connection/abort-scope.ts'
import { guarded } from '../observation/internal-errors.ts'
import { Limiter } from '../observation/limiter.ts'
import type { ContentMeter } from '../stream/content/meter.ts'
import { ChangingProgram } from './changing-program.ts'
import type { PacketReader } from './packet-reader.ts'

/** See `LOOKS`. */
export type LookTimes = Readonly<
  Record<
    | 'every'
    | 'first'
    | 'firstAtMost'
    | 'atLeast'
    | 'keyframeIntervals'
    | 'atMost'
    | 'whileFaulty'
    | 'apart'
    | 'patience'
    | 'retry',
    number
  >
>

/** When content is looked at with `checks: auto`. Seconds. */
export const LOOKS: LookTimes = {
  /** From the beginning of a session, at most, and from the end of one look to the next. Spread at random. */
  every: 300,
  /** From the beginning of a session to the first look, at least: the packets' baselines stand by then. */
  first: 10,
  /** The same at most, so that what is wrong from the beginning is found soon. */
  firstAtMost: 40,
  /** How long a look lasts, at least. */
  atLeast: 15,
  /** The same in key frame intervals: two to see that a picture stands still, two that B-frames hold it back. */
  keyframeIntervals: 5,
  /** It goes on while it finds a fault, up to this: every check has made up its mind by then. */
  atMost: 60,
  /** To the next look where this one still found a fault: its end should be seen. */
  whileFaulty: 20,
  /** From the end of a look to one on suspicion, so that a bitrate that swings does not make it endless. */
  apart: 30,
  /** For the other program to connect and to catch up: it analyses at most 15 s. */
  patience: 25,
  /** After a program that would not take over. */
  retry: 15,
}

/** Looks that run at once in one thread; suspicions have places of their own. */
const MOST_AT_ONCE = 8
const scheduled = new Limiter(MOST_AT_ONCE)
const suspected = new Limiter(MOST_AT_ONCE)

/** One session, of which the content can be looked at for a while. */
export interface LookedAt {
  /** Resolves when it is over. */
  readonly ended: Promise<unknown>
  /** Resolves with false where it cannot be looked at within `patience` seconds. Never rejects. */
  begin(patience: number): Promise<boolean>
  /** Resolves with false where that goes on, and is to be ended once more. Never rejects. */
  finish(patience: number): Promise<boolean>
}

export interface LooksOptions {
  meter: ContentMeter
  /** Whether something is wrong with what is seen now. */
  isFaulty(): boolean
  times?: LookTimes
}

/** Has the content of one session looked at now and then, by schedule and on suspicion, until it ends. */
export class Looks {
  readonly #options: LooksOptions
  readonly #times: LookTimes
  readonly #over = new AbortController()
  #wait: AbortScope | null = null
  #isSuspected = false
  #isLooking = false

  constructor(options: LooksOptions) {
    this.#options = options
    this.#times = options.times ?? LOOKS
  }

  /** Whether anything is known of the content now. */
  get isLooking(): boolean {
    return this.#isLooking
  }

  /** Looks at once, or as soon as the last look is long enough ago. What is seen already need not be suspected. */
  suspect(): void {
    this.#isSuspected = true
    this.#wait?.abort()
  }

  /** Takes a session from its beginning to its end. Never rejects. */
  async follow(session: LookedAt): Promise<void> {
    session.ended.finally(() => this.#over.abort()).catch(() => {})
    await this.#pause(this.#times.first)
    await this.#pauseUnlessSuspected(Math.random() * (this.#times.firstAtMost - this.#times.first))
    for (let failures = 0; !this.#over.signal.aborted; ) {
      const limiter = this.#isSuspected ? suspected : scheduled
      const found = await limiter.run(() => this.#look(session), this.#over.signal).catch(() => 'over' as const)
      failures = found === 'nothing' ? failures + 1 : 0
      if (found === 'nothing') this.#isSuspected = false
      await this.#pause(found === 'faulty' ? this.#times.whileFaulty : this.#times.apart * 2 ** Math.min(failures, 4))
      if (found !== 'faulty')
        await this.#pauseUnlessSuspected(this.#times.every * (0.9 + Math.random() * 0.2) - this.#times.apart)
    }
  }

  async #look(session: LookedAt): Promise<'fine' | 'faulty' | 'nothing'> {
    const { meter, isFaulty } = this.#options
    const { patience, retry } = this.#times
    this.#isLooking = true
    try {
      if (!(await session.begin(patience))) return 'nothing'
      await this.#watch(isFaulty)
      const faulty = isFaulty()
      this.#isSuspected = false
      while (!this.#over.signal.aborted && !(await session.finish(patience))) {
        await this.#pause(retry)
      }
      return faulty ? 'faulty' : 'fine'
    } finally {
      this.#isLooking = false
      meter.cut()
    }
  }

  async #watch(isFaulty: () => boolean): Promise<void> {
    for (let passed = 0; passed < this.#times.atMost && !this.#over.signal.aborted; passed++) {
      const interval = this.#options.meter.keyframeInterval ?? 0
      const enough = passed >= Math.max(this.#times.atLeast, this.#times.keyframeIntervals * interval)
      if (enough && !isFaulty()) return
      await this.#pause(1)
    }
  }

  async #pauseUnlessSuspected(seconds: number): Promise<void> {
    if (this.#isSuspected) return
    const wait = new AbortScope(this.#over.signal)
    this.#wait = wait
    await timers.setTimeout(seconds * 1000, undefined, { signal: wait.signal }).catch(() => undefined)
    wait.end()
    this.#wait = null
  }

  async #pause(seconds: number): Promise<void> {
    await timers.setTimeout(seconds * 1000, undefined, { signal: this.#over.signal }).catch(() => undefined)
  }
}

/**
 * Reads the packets alone, and now and then the content beside them, by key frames: on a schedule, and on suspicion. It
 * is for one session.
 */
export function autoReader(options: LooksOptions & { packets: PacketReader; content: PacketReader }): PacketReader {
  const { packets, content } = options
  let running: ChangingProgram | null = null
  let looks: Looks | null = null
  return {
    get name() {
      return running?.reader.name ?? packets.name
    },
    // Without an ffmpeg the content would never be looked at, and nobody would know.
    program: async () => {
      await content.program()
      return packets.program()
    },
    start: async (run) => {
      const started = await ChangingProgram.start(run, packets)
      const following = new Looks(options)
      running = started
      looks = following
      const session: LookedAt = {
        ended: started.ended,
        begin: (patience) => started.changeTo(content, patience),
        finish: (patience) => started.changeTo(packets, patience),
      }
      guarded('content looks', () => following.follow(session))()
      return started
    },
    suspect: () => looks?.suspect(),
  }
}
