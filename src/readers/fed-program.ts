import { PassThrough, type Readable } from 'node:stream'
import type { PacketReader, ReaderInput, ReaderRun } from '../ffmpeg/packet-reader.ts'
import type { Program } from '../ffmpeg/program.ts'
import { isStopped, type ProgramExit, type RunningProgram } from '../ffmpeg/running-program.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Ending } from '../stream/packet-source.ts'

/** Bytes that a program may be behind before it is given up: it reads no more. */
const MOST_BEHIND = 128 * 1024 * 1024

export interface FedRun extends Pick<ReaderRun, 'packet' | 'broken'> {
  reader: PacketReader
  program: Program
  /** How it reads, and what its environment holds. */
  input(program: Program): Pick<ReaderInput, 'args' | 'url' | 'isNamed' | 'env'>
  /** What another program that takes over is given: before what comes from then on, or in its place. Null: none can. */
  takeOver(): Promise<Buffer | Readable | null>
}

/** A program that reads what it is given by its standard input; one that takes over from it is given the same. */
export class FedProgram {
  readonly #feeds = new Set<PassThrough>()
  #running: RunningProgram | null = null

  /** Starts it; it reads nothing yet. */
  static async start(run: FedRun): Promise<FedProgram> {
    const fed = new FedProgram()
    const stdin = fed.#feed()
    const { reader, program, packet, broken } = run
    fed.#running = await reader.start({
      ...{ program, packet, broken, ...run.input(program), stdin },
      inputFor: async (other) => {
        const given = await run.takeOver()
        if (given === null) return null
        const from = Buffer.isBuffer(given) ? fed.#feed(given) : given
        return { ...run.input(other), stdin: from, release: () => from.destroy() }
      },
    })
    fed.#followEnd()
    return fed
  }

  get pid(): number | undefined {
    return this.#running?.pid
  }

  get isStopped(): boolean {
    return this.pid !== undefined && isStopped(this.pid)
  }

  /** Resolves when it is gone. */
  get ended(): Promise<ProgramExit> {
    return this.#running?.ended ?? new Promise(() => {})
  }

  /** Resolves when the program takes more, when it is gone, or when `signal` aborts. */
  async feed(bytes: Buffer, signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#feeds].map(async (feed) => {
        if (feed.destroyed || feed.writableLength > MOST_BEHIND) return feed.destroy()
        if (!feed.write(bytes)) await drained(feed, signal)
      }),
    )
  }

  /** Lets it read what it has been given, to its end; stops it where `signal` aborts. */
  async finish(signal: AbortSignal): Promise<ProgramExit> {
    for (const feed of this.#feeds) feed.end()
    const stop = guarded('fed program', () => this.stop())
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    const exit = await this.ended
    signal.removeEventListener('abort', stop)
    return exit
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
  }

  #feed(beginning?: Buffer): PassThrough {
    const feed = new PassThrough()
    feed.on('error', () => {})
    const feeds = this.#feeds
    feed.once('close', () => feeds.delete(feed))
    if (beginning !== undefined && beginning.length > 0) feed.write(beginning)
    this.#feeds.add(feed)
    return feed
  }

  /** Nobody waits for what is gone. */
  #followEnd(): void {
    guarded('fed program', async () => {
      await this.ended
      for (const feed of this.#feeds) feed.destroy()
    })()
  }
}

function drained(feed: PassThrough, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve) => {
    const done = guarded('fed program', () => {
      feed.off('drain', done).off('close', done)
      signal.removeEventListener('abort', done)
      resolve()
    })
    feed.once('drain', done).once('close', done)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}

/** Programs that may begin for one stream within `LATELY`. */
const MOST_BEGINNINGS = 15
/** Seconds. */
const LATELY = 10

/** That a server does not have us start programs all the time. */
export class Beginnings {
  #newest: number[] = []

  /** Counts one; false where there were too many lately. @param at monotonic seconds */
  allow(at: number): boolean {
    this.#newest = [...this.#newest.filter((one) => at - one < LATELY), at]
    return this.#newest.length <= MOST_BEGINNINGS
  }
}

export const TOO_MANY: Ending = {
  end: 'bad-output',
  message: `the server announces another encoding more than ${MOST_BEGINNINGS} times in ${LATELY} s`,
}

const FIRST_INDEX = { video: 0, audio: 1, other: 2 } as const

/** Gives tracks numbers that stay, in the order in which those of a medium come, whatever a program calls them. */
export class TrackNumbers {
  readonly #first: number
  readonly #numbers = new Map<number, number>()

  /** @param first a multiple of three, where another reader of the same stream has the numbers below */
  constructor(first = 0) {
    this.#first = first
  }

  /** The number of a track that a program calls `index`, and whether it is the first time. */
  of(index: number, media: keyof typeof FIRST_INDEX): { index: number; isFirst: boolean } {
    const known = this.#numbers.get(index)
    if (known !== undefined) return { index: known, isFirst: false }
    const taken = [...this.#numbers.values()].filter((number) => number % 3 === FIRST_INDEX[media]).length
    const number = this.#first + FIRST_INDEX[media] + 3 * taken
    this.#numbers.set(index, number)
    return { index: number, isFirst: true }
  }
}
