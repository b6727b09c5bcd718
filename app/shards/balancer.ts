import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { askHttp } from '../../src/connection/http-request.ts'
import { onPath } from '../../src/ffmpeg/program.ts'
import { programEnvironment } from '../../src/programs/environment.ts'
import { writeWhole } from '../data-dir.ts'
import { Failure } from '../prepare/failure.mjs'
import { balancerConfiguration } from './nginx-configuration.ts'

/** Where Debian and Homebrew have it, which is not on every user's PATH. */
const ELSEWHERE = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

/** How long nginx may take to answer and to end, in milliseconds. */
const START_LIMIT = 10_000
const STOP_LIMIT = 3000

/** @throws Failure that says how to get it */
export async function findNginx(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = await onPath('nginx', { ...env, PATH: [env.PATH, ...ELSEWHERE].join(delimiter) })
  if (found !== null) return found
  throw new Failure('--shards needs nginx, and there is none on PATH.', [
    'Install it (Debian: apt-get install nginx-light), or start without --shards.',
  ])
}

export interface BalancerOptions {
  nginx: string
  dataDir: string
  host: string
  port: number
  /** Of the monitors. */
  monitors: readonly number[]
}

/** nginx before the monitors. */
export class Balancer {
  readonly #child: ChildProcess
  readonly #url: string
  readonly #ended: Promise<unknown>
  #stopping = false

  /** @param say for what a person should know later on */
  constructor({ nginx, dataDir, ...where }: BalancerOptions, url: string, say: (line: string) => void) {
    const folder = join(dataDir, 'balancer')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, 'nginx.conf')
    writeWhole(file, balancerConfiguration({ ...where, folder }))
    const script = fileURLToPath(new URL('nginx-process.ts', import.meta.url))
    this.#url = url
    this.#child = spawn(process.execPath, [script, nginx, '-c', file, '-p', folder, '-e', 'stderr'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: programEnvironment(),
      // With nginx in a group of its own: Ctrl-C is for the supervisor.
      detached: true,
    })
    this.#ended = once(this.#child, 'exit').catch(() => {})
    this.#ended.then(() => {
      if (!this.#stopping) say('nginx ended by itself. The monitors go on, each at its own address.')
    })
  }

  /** @throws Failure where nginx does not answer */
  async up(): Promise<void> {
    const until = performance.now() + START_LIMIT
    const isRunning = () => this.#child.exitCode === null && this.#child.signalCode === null
    while (isRunning() && performance.now() < until) {
      const signal = AbortSignal.timeout(1000)
      const answer = await askHttp({ url: `${this.#url}/health`, mostBytes: 0, within: 1, signal }).catch(() => null)
      if (answer !== null) return
      await wait(50)
    }
    throw new Failure(`nginx does not answer at ${this.#url}.`, ['What it says stands above.'])
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const timer = setTimeout(() => this.kill(), STOP_LIMIT)
    this.#child.kill('SIGTERM')
    await this.#ended
    clearTimeout(timer)
    this.kill()
  }

  /** Kills whatever is left of it. */
  kill(): void {
    this.#stopping = true
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // The group is gone.
    }
  }
}
