import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../fixtures/wait.ts'
import { type ProcessEntry, processesOf } from '../process-table.ts'
import { root } from '../runtime.ts'

const script = join(root, 'app', 'start.mjs')

/** A start may have to build first. */
const START_LIMIT = 90

/** A folder for the user's data, and the one from which the monitor is started: no `.env`, no `targets.json`. */
export function makeFolder(): { path: string; dataDir: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hmonitor-app-'))
  return { path, dataDir: join(path, 'data'), remove: () => rmSync(path, { recursive: true, force: true }) }
}

const variables = (env: Record<string, string>) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PORT: '0',
  ...env,
})

/** Runs `npm start`'s script where it is to fail. */
export function startAndFail(cwd: string, env: Record<string, string>, args: string[] = []) {
  const options = { cwd, env: variables(env), encoding: 'utf8', timeout: START_LIMIT * 1000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options)
  return { status, stdout, stderr }
}

/** The application as a user starts it, in a process group of its own, as a shell would. */
export class MonitorProcess {
  readonly #child: ChildProcess
  #output = ''
  #known: ProcessEntry[] = []
  readonly #exit: Promise<number | null>

  /** `inShell`: below a shell that waits for it, as npm starts it. */
  constructor(
    cwd: string,
    env: Record<string, string>,
    options: { inShell?: boolean; umask?: string; args?: string[] } = {},
  ) {
    const { inShell, umask } = options
    const command = umask === undefined ? '"$0" "$@"; exit $?' : `umask ${umask}; exec "$0" "$@"`
    const isInShell = inShell || umask !== undefined
    const given = [script, ...(options.args ?? [])]
    const [file, args] = isInShell ? ['sh', ['-c', command, process.execPath, ...given]] : [process.execPath, given]
    this.#child = spawn(file, args, {
      ...{ cwd, env: variables(env), detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (text: string) => {
      this.#output += text
    }
    this.#child.stdout?.setEncoding('utf8').on('data', keep)
    this.#child.stderr?.setEncoding('utf8').on('data', keep)
    this.#exit = once(this.#child, 'exit').then(([code]) => code as number | null)
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('The monitor was not started')
    return pid
  }

  /** Everything it wrote. */
  get output(): string {
    return this.#output
  }

  /** Waits until it says that it is up. Resolves with the seconds it took. */
  async up(): Promise<number> {
    const isThere = () => this.#output.includes('Ctrl-C ends it.') || this.#child.exitCode !== null
    const seconds = await until(isThere, START_LIMIT, () => `up; it wrote:\n${this.#output}`)
    if (this.#child.exitCode !== null) throw new Error(`It ended with ${this.#child.exitCode}:\n${this.#output}`)
    return seconds
  }

  /** Where it answers, as it said. */
  get url(): string {
    return /^ {2}Editor +(\S+)\/$/m.exec(this.#output)?.[1] ?? ''
  }

  /** The password that it showed. */
  get password(): string | undefined {
    return /^ +password +(\S+)$/m.exec(this.#output)?.[1]
  }

  /** What it started and what that started. Once seen, they are known, whoever their parent is then. */
  processes(): ProcessEntry[] {
    const { pid } = this.#child
    if (pid === undefined) return []
    this.#known = processesOf(pid, this.#known)
    return this.#known
  }

  /** The process whose command line matches. */
  find(pattern: RegExp): number {
    const found = this.processes().find(({ command }) => pattern.test(command))
    if (!found) throw new Error(`No process matches ${pattern}`)
    return found.pid
  }

  /** Ctrl-C in a terminal: the signal goes to the whole process group. */
  interrupt(): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGINT')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves with the exit code. */
  ended(): Promise<number | null> {
    return this.#exit
  }

  /** Resolves when nothing of it is left. */
  async gone(seconds = 15): Promise<void> {
    await until(
      () => this.processes().length === 0,
      seconds,
      () => `these are left: ${this.#known.map(({ pid, command }) => `${pid} ${command}`).join('\n')}`,
    )
  }

  /** Ends whatever is left of it, for the end of a test. */
  async end(): Promise<void> {
    this.processes()
    this.#child.kill('SIGTERM')
    await this.gone(20).catch(() => {})
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL')
    this.#child.kill('SIGKILL')
  }

  /** Logs in to the editor. Undefined where it is refused. */
  async logIn(password: string): Promise<string | undefined> {
    const body = new URLSearchParams({
      ...{ client_id: 'node-red-editor', grant_type: 'password', scope: '*', username: 'admin', password },
    })
    const response = await fetch(`${this.url}/auth/token`, { method: 'POST', body })
    return response.ok ? ((await response.json()) as { access_token: string }).access_token : undefined
  }
}
