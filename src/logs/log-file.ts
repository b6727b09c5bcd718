import { guarded } from '../observation/internal-errors.ts'
import { reasonOf } from '../storage/json-file.ts'
import { withFile } from './append.ts'
import { Backlog, type BacklogBounds, DEFAULT_BOUNDS } from './backlog.ts'
import { rotate } from './rotation.ts'

/** How large a file becomes, and how many older ones stay. */
export interface LogLimits {
  bytes: number
  kept: number
}

export interface LogFileOptions {
  path: string
  /** Asked for before each write, because it may change while the file is in use. */
  limits(): LogLimits
  /** The line for so many that could not be kept until the file could be written. */
  sayLost(count: number): string
  /** The state is another one. */
  changed(): void
  bounds?: BacklogBounds
}

/** What the world sees of a log file. */
export interface LogFileState {
  /** Lines that wait to be written. */
  waiting: number
  /** Lines that did not fit any more, and are not told of in the file yet. */
  lost: number
  /** Why the last write failed, in words; null where all is well. */
  problem: string | null
  /** Milliseconds since the epoch; null where all is well. */
  failingSince: number | null
}

/** Bytes of one write: the disk is asked often enough that little is written again after a failure. */
const LARGEST_PIECE = 1_000_000

/** Milliseconds between tries: doubled each time, within these. */
const FIRST_RETRY = 500
const LONGEST_RETRY = 30_000

/**
 * A file to which lines are appended in their order, without anybody waiting for the disk: one write is under way, what
 * comes meanwhile is the next one. Where the file cannot be written, lines wait within bounds and it is tried again.
 */
export class LogFile {
  readonly path: string
  readonly #options: LogFileOptions
  readonly #backlog: Backlog
  #working: Promise<void> | null = null
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #problem: string | null = null
  #failingSince: number | null = null
  #closed = false
  /** What the listener knows. */
  #said = 'null false'

  constructor(options: LogFileOptions) {
    this.path = options.path
    this.#options = options
    this.#backlog = new Backlog(options.bounds ?? DEFAULT_BOUNDS, options.sayLost)
  }

  get state(): LogFileState {
    const { length, lost } = this.#backlog
    return { waiting: length, lost, problem: this.#problem, failingSince: this.#failingSince }
  }

  /** @param line with its end */
  append(line: string): void {
    if (this.#closed) return
    this.#backlog.add(line)
    this.#tell()
    if (this.#retry === undefined) this.#work()
  }

  /** Resolves when all that waits is written, or one try has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#work()
    while (this.#working !== null) await this.#working
  }

  /** Nothing is written any more but what is under way. What waits is lost: flush first. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  #work(): void {
    if (this.#working !== null || this.#closed || this.#backlog.isEmpty) return
    this.#working = this.#writeAll().finally(() => {
      this.#working = null
      if (this.#retry === undefined) this.#work()
    })
  }

  async #writeAll(): Promise<void> {
    try {
      // What comes within the same turn is one write.
      await new Promise(setImmediate)
      while (!this.#backlog.isEmpty && !this.#closed) await this.#writePiece()
      this.#become(null)
    } catch (error) {
      this.#become(reasonOf((error as NodeJS.ErrnoException).code))
      this.#retryLater()
    }
  }

  async #writePiece(): Promise<void> {
    const { path } = this
    const limits = this.#options.limits()
    const isFull = await withFile(path, async ({ size, append }) => {
      const room = Math.min(LARGEST_PIECE, limits.bytes - size)
      const { piece, count } = this.#backlog.peek(room)
      if (size > 0 && size + piece.length > limits.bytes) return true
      await append(piece)
      this.#backlog.drop(count)
      return false
    })
    if (isFull) await rotate(path, limits.kept)
  }

  #retryLater(): void {
    if (this.#closed) return
    const wait = Math.min(FIRST_RETRY * 2 ** Math.min(this.#failures, 10), LONGEST_RETRY)
    this.#failures += 1
    this.#retry = setTimeout(
      guarded(
        'log file',
        () => {
          this.#retry = undefined
          this.#work()
        },
        () => this.#retryLater(),
      ),
      wait,
    )
  }

  #become(problem: string | null): void {
    if (problem === null) this.#failures = 0
    this.#problem = problem
    this.#failingSince = problem === null ? null : (this.#failingSince ?? Date.now())
    this.#tell()
  }

  #tell(): void {
    const said = `${this.#problem} ${this.#backlog.lost > 0}`
    if (said === this.#said) return
    this.#said = said
    guarded('log file', this.#options.changed)()
  }
}
