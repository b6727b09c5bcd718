import { setTimeout as wait } from 'node:timers/promises'
import type { EndedRuntime } from '../src/node-red/ended-runtime.ts'
import type { NodeRed, Up } from './node-red.ts'

/** Seconds between a crash and the next try: doubled with each crash, up to the last of them. */
const FIRST_DELAY = 1
const LONGEST_DELAY = 30

/** A run of this many seconds was a good one: the next crash is the first again. */
const GOOD_RUN = 300

/** Seconds to wait before the next start, after `crashes` crashes in a row. */
export const restartDelay = (crashes: number): number => Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (crashes - 1))

/** Keeps Node-RED running: starts it again when it ends by itself. A monitor that stays down sees nothing. */
export class Supervisor {
  readonly #launch: (after: EndedRuntime | null) => NodeRed
  readonly #say: (line: string) => void
  readonly #stopping = new AbortController()
  #run: NodeRed | null = null
  #loop: Promise<void> = Promise.resolve()

  /** @param launch starts a run; told how the one before ended by itself, and null for the first */
  constructor(launch: (after: EndedRuntime | null) => NodeRed, say: (line: string) => void) {
    this.#launch = launch
    this.#say = say
  }

  /** Resolves when Node-RED is up for the first time. Rejects where it ends before: starting again would not help. */
  async start(): Promise<Up> {
    const run = this.#launch(null)
    this.#run = run
    const up = await run.up
    this.#loop = this.#keep(run)
    return up
  }

  async #keep(first: NodeRed): Promise<void> {
    let crashes = 0
    let began = performance.now()
    let untold = 0
    for (let run = first; ; ) {
      this.#run = run
      const isUp = run.up.then(
        () => true,
        () => false,
      )
      const how = await run.ended
      if (this.#stopping.signal.aborted) return
      crashes = performance.now() - began > GOOD_RUN * 1000 ? 1 : crashes + 1
      const at = Date.now()
      // A run that was up has told of those before it.
      untold = (await isUp) ? 1 : untold + 1
      const delay = restartDelay(crashes)
      this.#say(
        `Node-RED ended by itself: ${how}. It starts again in ${delay} s.\n` +
          '  Does a node or a flow make it crash? npm start -- --safe opens the editor without starting the flows.',
      )
      await wait(delay * 1000, undefined, { signal: this.#stopping.signal }).catch(() => {})
      if (this.#stopping.signal.aborted) return
      began = performance.now()
      run = this.#launch({ at, how, times: untold })
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#run?.stop()
    await this.#loop
  }

  /** Kills what runs, without waiting. */
  kill(): void {
    this.#stopping.abort()
    this.#run?.kill()
  }
}
