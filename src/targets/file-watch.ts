import { guarded } from '../observation/internal-errors.ts'
import { currentFingerprint, type Fingerprint } from '../storage/small-file.ts'

/**
 * Says when a file is no longer what was read. It looks again and again instead of asking the kernel: that sees editors
 * that rename, symbolic links that Kubernetes and Docker swap, network mounts, and files that do not exist yet, and it
 * cannot lose a change between reading and watching. A change is told once it has stood still for one look, so that a
 * file is not read half written.
 */
export class FileWatch {
  readonly #interval: number
  readonly #changed: () => void
  #files = new Map<string, { read: Fingerprint; seen: Fingerprint }>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /** @param interval milliseconds between two looks */
  constructor(changed: () => void, interval: number) {
    this.#changed = changed
    this.#interval = interval
  }

  /** Replaces what is watched: each path with the fingerprint that it had when it was read. */
  follow(files: ReadonlyMap<string, Fingerprint>): void {
    if (this.#stopped) return
    this.#files = new Map(Array.from(files, ([path, read]) => [path, { read, seen: read }]))
    this.#timer ??= setTimeout(
      guarded('targets file watch', () => this.#look()),
      this.#interval,
    )
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#files.clear()
  }

  async #look(): Promise<void> {
    try {
      if (await this.#isChanged()) this.#changed()
    } finally {
      if (!this.#stopped) {
        this.#timer = setTimeout(
          guarded('targets file watch', () => this.#look()),
          this.#interval,
        )
      }
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
