import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { programEnvironment } from '../programs/environment.ts'
import { makePipeFolder, removePipeFolder } from './pipe-folder.ts'

/** Made at once: to start a process costs one of Node-RED's size 20 ms, whatever it makes (Node 22, measured). */
const MADE_AT_ONCE = 16

/** Seconds that it may take. */
const PATIENCE = 10

const run = promisify(execFile)

/** Named pipes, made in stock and each used once. Who no longer uses any calls `clear`. */
export class PipeNames {
  #folder: string | null = null
  #ready: string[] = []
  #making: Promise<void> | null = null

  /**
   * Hands over the path of a named pipe, which is gone when `open` returns.
   *
   * @throws Error where the system has no named pipes (Windows), the temporary directory cannot be written or was
   *   emptied, and what `open` throws
   */
  async use<T>(open: (file: string) => T): Promise<T> {
    for (;;) {
      const file = this.#ready.pop()
      if (file !== undefined) return this.#used(file, open)
      this.#making ??= this.#make().finally(() => {
        this.#making = null
      })
      await this.#making
    }
  }

  /** Removes what nobody has used. */
  clear(): void {
    this.#ready = []
    if (this.#folder !== null) removePipeFolder(this.#folder)
    this.#folder = null
  }

  #used<T>(file: string, open: (file: string) => T): T {
    try {
      const opened = open(file)
      rmSync(file, { force: true })
      return opened
    } catch (error) {
      // The others are as good as this one.
      this.clear()
      throw error
    }
  }

  async #make(): Promise<void> {
    this.clear()
    const folder = await makePipeFolder()
    const files = Array.from({ length: MADE_AT_ONCE }, (_, index) => path.join(folder, String(index)))
    try {
      await run('mkfifo', ['-m', '600', ...files], { env: programEnvironment(), timeout: PATIENCE * 1000 })
    } catch (error) {
      removePipeFolder(folder)
      throw error
    }
    this.#folder = folder
    this.#ready = files
  }
}
