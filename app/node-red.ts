import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const red = createRequire(import.meta.url).resolve('node-red/red.js')
const settings = fileURLToPath(new URL('settings.cjs', import.meta.url))

/** How long its last words may take after its end, in milliseconds. */
const LAST_WORDS = 1000

/** How long Node-RED may take to end before it is killed, in milliseconds: longer than its nodes may take to close. */
const STOP_LIMIT = 10_000

export interface NodeRedOptions {
  dataDir: string
  /** What `settings.cjs` reads. */
  runtime: {
    host: string
    port: number
    logLevel: string
    passwordHash: string
    /** Null where viewers have no password. */
    viewerHash: string | null
    credentialSecret: string
    hiddenVariables: string[]
  }
  env: NodeJS.ProcessEnv
  /** Opens the editor without starting the flows. */
  safe: boolean
}

/** Node-RED is up. */
export interface Up {
  url: string
  /** Why the flows are not running, where they are not: Node-RED's code and the node types or modules that it lacks. */
  problem: { error: string; types: string[] } | null
  /** The credentials of nodes could not be decrypted: the flows run without them. */
  areCredentialsLost: boolean
}

/** What `settings.cjs` tells. */
type News =
  | { news: 'listening'; url: string }
  | { news: 'started' }
  | { news: 'credentials-lost' }
  | { news: 'stopped'; error: string; types: string[] }
  | { news: 'ending'; cause: string }

/** One run of Node-RED as a child process. */
export class NodeRed {
  readonly #child: ChildProcess
  /** Resolves when it answers and its flows run, or are known not to; rejects where it ends before. */
  readonly up: Promise<Up>
  /** Resolves when it has ended, with a word on how, and why where it is known. Without secrets. */
  readonly ended: Promise<string>
  #cause: string | null = null

  constructor({ dataDir, runtime, env, safe }: NodeRedOptions) {
    const args = [red, '--settings', settings, '--userDir', dataDir, '--title', 'rtmp-hmonitor-node-red']
    this.#child = spawn(process.execPath, safe ? [...args, '--safe'] : args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...env, HMONITOR_RUNTIME: JSON.stringify(runtime) },
      // A group of its own: Ctrl-C reaches the supervisor, which ends things in order.
      detached: true,
    })
    this.ended = this.#untilEnded()
    this.up = Promise.race([
      this.#untilUp(),
      this.ended.then((how) => Promise.reject(new Error(`Node-RED ended before it was up: ${how}.`))),
    ])
    // It is for whoever waits for it; a stop before it is up is no fault.
    this.up.catch(() => {})
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  async #untilEnded(): Promise<string> {
    try {
      const [code, signal] = await once(this.#child, 'exit')
      // What it said last may come after its end.
      if (this.#child.connected)
        await once(this.#child, 'disconnect', { signal: AbortSignal.timeout(LAST_WORDS) }).catch(() => {})
      const how = signal ? `it was ended by ${signal}` : `exit code ${code}`
      return this.#cause === null ? how : `${how}, ${this.#cause}`
    } catch (error) {
      // As where the machine has no memory or no process left for now: the next try may do.
      return `it could not be started, ${(error as Error).message}`
    }
  }

  #untilUp(): Promise<Up> {
    return new Promise((resolve) => {
      let url: string | undefined
      let flows: { problem: Up['problem'] } | undefined
      let areCredentialsLost = false
      this.#child.on('message', (message) => {
        const news = message as News
        if (news.news === 'ending') this.#cause = news.cause
        if (news.news === 'listening') url = news.url
        if (news.news === 'credentials-lost') areCredentialsLost = true
        if (news.news === 'started') flows ??= { problem: null }
        if (news.news === 'stopped') flows ??= { problem: { error: news.error, types: news.types } }
        if (url !== undefined && flows) resolve({ url, ...flows, areCredentialsLost })
      })
    })
  }

  /** Ends it, and after a while kills it and what it started. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.kill(), STOP_LIMIT)
    this.#child.kill('SIGTERM')
    await this.ended
    clearTimeout(timer)
  }

  /** Kills it and whatever is left of its process group. */
  kill(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // The group is gone.
    }
  }
}
