/** Something that runs and can be ended. */
interface Running {
  stop(): Promise<void>
  /** Ends it at once. */
  kill(): void
}

/** A signal that comes again within this many milliseconds is the same Ctrl-C, passed on by npm. */
const SAME_SIGNAL = 2000

const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Ends everything in the order opposite to that in which it began, when a signal says so or the parent is gone. */
export class Shutdown {
  readonly #say: (line: string) => void
  readonly #running: Running[] = []
  readonly #afterwards: (() => void)[] = []
  #begunAt: number | null = null

  constructor(say: (line: string) => void) {
    this.#say = say
    for (const signal of SIGNALS) process.on(signal, () => this.#onSignal())
    process.once('disconnect', () => void this.end(0))
    // Whatever ends this process, an uncaught error too.
    process.once('exit', () => {
      for (const running of this.#running) running.kill()
      for (const after of this.#afterwards) after()
    })
  }

  get begun(): boolean {
    return this.#begunAt !== null
  }

  add(running: Running): void {
    this.#running.push(running)
    if (this.begun) running.kill()
  }

  /** Called last, when nothing runs any more. Must not wait for anything. */
  afterwards(after: () => void): void {
    this.#afterwards.push(after)
  }

  #onSignal(): void {
    if (this.#begunAt === null) {
      this.#say('\nStopping …')
      void this.end(0)
    } else if (performance.now() - this.#begunAt > SAME_SIGNAL) {
      this.#say('Killed.')
      process.exit(1)
    }
  }

  async end(exitCode: number): Promise<void> {
    if (this.#begunAt !== null) return
    this.#begunAt = performance.now()
    for (const running of this.#running.toReversed()) await running.stop()
    process.exit(exitCode)
  }
}
