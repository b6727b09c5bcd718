import { clearLine, cursorTo } from 'node:readline'
import type { PreflightProgress } from '../inspection/preflight.ts'

/** One line that says what goes on, for who waits at a terminal; nothing anywhere else. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  readonly #isShown: boolean

  constructor(stream: NodeJS.WriteStream, isQuiet: boolean) {
    this.#stream = stream
    this.#isShown = stream.isTTY === true && !isQuiet
  }

  show({ measuring, after }: PreflightProgress): void {
    if (!this.#isShown) return
    this.clear()
    this.#stream.write(`${measuring ? 'Measuring' : 'Waiting for media'}, ${Math.round(after)} s`)
  }

  clear(): void {
    if (!this.#isShown) return
    clearLine(this.#stream, 0)
    cursorTo(this.#stream, 0)
  }
}
