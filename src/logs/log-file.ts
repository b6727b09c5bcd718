import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { guarded } from '../observation/internal-errors.ts'
import { reasonOf } from '../storage/json-file.ts'
import { Backlog, type BacklogBounds, DEFAULT_BOUNDS } from './backlog.ts'

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

const NEWLINE = 10

/** What is in a file before something is appended. */
interface Appendable {
  /** Bytes. */
  size: number
  /** @throws the error of the file system; then nothing of the piece is in the file */
  append(piece: Buffer): Promise<void>
}

/**
 * Opens a file for one piece, so that one that was deleted or moved meanwhile is made anew, and closes it afterwards.
 * Files are for the user of the monitor alone.
 */
async function withFile<T>(path: string, use: (file: Appendable) => Promise<T>): Promise<T> {
  const handle = await opened(path)
  try {
    const { size } = await handle.stat()
    return await use({ size, append: (piece) => append(handle, size, piece) })
  } finally {
    await handle.close()
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a+', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return open(path, 'a+', 0o600)
  }
}

async function append(handle: FileHandle, size: number, piece: Buffer): Promise<void> {
  // A process that was killed while it wrote has left half a line.
  const whole = (await endsWithLine(handle, size)) ? piece : Buffer.concat([Buffer.from('\n'), piece])
  try {
    let written = 0
    while (written < whole.length) {
      const { bytesWritten } = await handle.write(whole, written, whole.length - written)
      written += bytesWritten
    }
  } catch (error) {
    // A disk that is full has taken a part. The piece is written again, so half of it must not stay.
    await handle.truncate(size).catch(() => {})
    throw error
  }
}

async function endsWithLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return bytesRead === 0 || buffer[0] === NEWLINE
}

/**
 * Makes room for a new file: `log` becomes `log.1`, `log.1` becomes `log.2`, and so on. What is older than the last one
 * kept goes, also what an earlier, larger number had kept.
 *
 * @param kept older files that stay, 0 or more
 */
export async function rotate(path: string, kept: number): Promise<void> {
  const folder = dirname(path)
  const numbers = numbersOf(basename(path), await readdir(folder))
  for (const number of numbers.filter((number) => number > kept)) {
    await rm(join(folder, `${basename(path)}.${number}`), { force: true })
  }
  // The oldest first, so that none is overwritten.
  for (const number of numbers.filter((number) => number < kept).sort((one, other) => other - one)) {
    await rename(`${path}.${number}`, `${path}.${number + 1}`)
  }
  if (kept === 0) await rm(path, { force: true })
  else await rename(path, `${path}.1`)
}

function numbersOf(name: string, entries: string[]): number[] {
  return entries
    .filter((entry) => entry.startsWith(`${name}.`) && /^[1-9]\d*$/.test(entry.slice(name.length + 1)))
    .map((entry) => Number(entry.slice(name.length + 1)))
}
