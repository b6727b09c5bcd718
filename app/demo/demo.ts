import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { programEnvironment } from '../../src/programs/environment.ts'
import { Failure } from '../prepare/failure.mjs'
import type { DemoVimeo } from './vimeo-event.ts'

export interface DemoOptions {
  dataDir: string
  /** Path of ffmpeg. */
  ffmpeg: string
  /** 0 means any free one. */
  rtmpPort: number
}

/** Where the demo's parts are. */
export interface DemoAddresses {
  rtmpUrl: string
  controlUrl: string
  vimeo: DemoVimeo
  encoderAddress: string
}

/** What the demo's process tells. */
export type DemoNews =
  | ({ news: 'listening' } & DemoAddresses)
  | { news: 'publishing' }
  | { news: 'failed'; reason: string }

/** How long the demo's process may take to end, in milliseconds. */
const STOP_LIMIT = 3000

/** A stream to try the monitor with, and faults to cause on it. It runs in a process of its own. */
export class Demo {
  readonly #child: ChildProcess
  #stopping = false
  /** Where its stream can be read, and where it is controlled. Rejects with a Failure where it cannot run. */
  readonly listening: Promise<DemoAddresses>

  /** `onFailure` is told when it fails later on, in a sentence. */
  constructor(options: DemoOptions, onFailure: (what: string) => void) {
    const script = fileURLToPath(new URL('process.ts', import.meta.url))
    this.#child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: programEnvironment(),
      // With its publisher in a group of its own, which can be killed as a whole.
      detached: true,
    })
    let isListening = false
    this.listening = new Promise((resolve, reject) => {
      const fail = (what: string) => {
        if (isListening && !this.#stopping) onFailure(`The demo failed: ${what}.`)
        reject(new Failure(`The demo cannot run: ${what}.`, ['Without it: DEMO=off npm start']))
      }
      this.#child.on('message', (message) => {
        const news = message as DemoNews
        if (news.news === 'failed') fail(news.reason)
        if (news.news !== 'listening') return
        isListening = true
        resolve(news)
      })
      this.#child.once('exit', () => fail('its process ended'))
    })
    // Whoever waits for it hears of it; a stop before that is no fault.
    this.listening.catch(() => {})
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const timer = setTimeout(() => this.kill(), STOP_LIMIT)
      this.#child.kill('SIGTERM')
      await once(this.#child, 'exit')
      clearTimeout(timer)
    }
    this.kill()
  }

  /** Kills whatever is left of it, its publisher too. */
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
