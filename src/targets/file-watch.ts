import { guarded } from '../observation/internal-errors.ts'
import { currentFingerprint, type Fingerprint } from '../storage/small-file.ts'

/** Of a file that could not be taken in: no file has it. */
const UNREAD: Fingerprint = ''

/**
 * Says when a file is no longer what was read. It looks again and again instead of asking the kernel: that sees editors
 * that rename, symbolic links that Kubernetes and Docker swap, network mounts, and files that do not exist yet, and it
 * cannot lose a change between reading and watching. A change is told once it has stood still for one look, so that a
 * file is not read half written.
 */
export class FileWatch {
  readonly #interval: number
  readonly #changed: () => unknown
  #files = new Map<string, { read: Fingerprint; seen: Fingerprint }>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /**
   * @param changed reads the files anew; where that fails, the change is told once more at the next look
   * @param interval milliseconds between two looks
   */
  constructor(changed: () => unknown, interval: number) {
    this.#changed = changed
    this.#interval = interval
  }

  /** Replaces what is watched: each path with the fingerprint that it had when it was read. */
  follow(files: ReadonlyMap<string, Fingerprint>): void {
    if (this.#stopped) return
    this.#files = new Map(Array.from(files, ([path, read]) => [path, { read, seen: read }]))
    if (this.#timer === undefined) this.#arm()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#files.clear()
  }

  #arm(): void {
    if (this.#stopped) return
    const look = guarded(
      'targets file watch',
      () => this.#look(),
      () => this.#arm(),
    )
    this.#timer = setTimeout(look, this.#interval)
  }

  async #look(): Promise<void> {
    if (await this.#isChanged()) await this.#tell()
    this.#arm()
  }

  async #tell(): Promise<void> {
    const files = this.#files
    try {
      await this.#changed()
    } catch (error) {
      for (const known of files.values()) known.read = UNREAD
      throw error
    }
  }

  async #isChanged(): Promise<boolean> {
    const files = this.#files
    let isChanged = false
    for (const [path, known] of files) {
      const found = await currentFingerprint(path)
      if (found !== known.read && found === known.seen) {
        known.read = found
        isChanged = true
      }
      known.seen = found
    }
    return isChanged && !this.#stopped && files === this.#files
  }
}
