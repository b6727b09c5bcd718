import { availableParallelism } from 'node:os'
import { guarded } from '../observation/internal-errors.ts'
import { ReadingThread } from './reading-thread.ts'
import type { ThreadOptions } from './running-worker.ts'

/**
 * Streams after which another thread is begun. A stream by our own RTMP reader takes about 0.1 % of a core with everything
 * that is measured of it (docs/performance.md), so that one thread is late only where the computer is.
 */
const STREAMS_PER_THREAD = 300

/** Built, it is JavaScript. */
const SCRIPT = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

const THREAD: ThreadOptions = {
  script: SCRIPT,
  // Long: on a computer that does other work a thread needs seconds to begin.
  silence: 20,
  // Far more than so many streams have been seen to hold: something grows that should not, and only this thread ends for it.
  heap: 400,
}

export interface ThreadPoolOptions extends Partial<ThreadOptions> {
  /** Threads at the most. Default: one less than there are processors, so that Node-RED has its own. */
  most?: number
  streamsPerThread?: number
}

/** The threads of a process that read streams. There are none while there is nothing to be read. */
export class ThreadPool {
  readonly #most: number
  readonly #streamsPerThread: number
  readonly #thread: ThreadOptions
  readonly #threads = new Set<ReadingThread>()
  /** At the end of the process nobody is left who could wait for the end of a thread. */
  readonly #exit = guarded('reading thread', () => {
    for (const thread of this.#threads) thread.leaveNothing()
  })

  constructor(options: ThreadPoolOptions = {}) {
    const { most = Math.max(1, availableParallelism() - 1), streamsPerThread = STREAMS_PER_THREAD, ...thread } = options
    this.#most = most
    this.#streamsPerThread = streamsPerThread
    this.#thread = { ...THREAD, ...thread }
  }

  get size(): number {
    return this.#threads.size
  }

  /** The thread for one more stream: the one with the fewest, or another where all have enough. */
  choose(): ReadingThread {
    const [least] = [...this.#threads].sort((a, b) => a.load - b.load)
    if (least && (least.load < this.#streamsPerThread || this.#threads.size >= this.#most)) return least
    return this.#add()
  }

  /** Ends all threads, and with them what they read. */
  async end(): Promise<void> {
    const threads = [...this.#threads]
    for (const thread of threads) this.#remove(thread)
    await Promise.all(threads.map((thread) => thread.end()))
  }

  #add(): ReadingThread {
    const thread: ReadingThread = new ReadingThread(this.#thread, () => this.#remove(thread))
    if (this.#threads.size === 0) process.on('exit', this.#exit)
    this.#threads.add(thread)
    return thread
  }

  #remove(thread: ReadingThread): void {
    this.#threads.delete(thread)
    if (this.#threads.size === 0) process.off('exit', this.#exit)
  }
}

/** Those of this process. */
export const readingThreads = new ThreadPool()
