import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './fixtures/wait.ts'
import { type ProcessEntry, processesOf } from './process-table.ts'

const require = createRequire(import.meta.url)
/** The checkout, whose package.json lists our nodes. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** A node as a flow file holds it. */
export interface FlowNode {
  id: string
  type: string
  [property: string]: unknown
}

export type DeployType = 'full' | 'nodes' | 'flows'

export interface LogLine {
  level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'audit' | 'metric'
  text: string
  type?: string
  id?: string
}

/** A message that went over a wire. `msg` is without `req` and `res`. */
export interface SentMessage {
  source: string
  port: number
  destination: string
  msg: Record<string, unknown>
}

export interface NodeStatus {
  fill?: string
  shape?: string
  text?: string
}

/** Counts of what a deploy might leave behind. */
export interface Diagnostics {
  /** Handles and requests of the event loop, by kind. */
  resources: Record<string, number>
  routes: { node: number; admin: number }
  /** Listeners on the runtime's events and on the process, by event. */
  listeners: Record<string, number>
}

export interface RuntimeOptions {
  flows?: FlowNode[]
  env?: Record<string, string>
  /** Default `info`. */
  logLevel?: 'warn' | 'info' | 'debug' | 'trace'
  /** Where nodes are loaded from. Default: the checkout, as built in `dist`. */
  nodesDir?: string[]
  /** Over the settings of `runtime-settings.cjs`. Data only. */
  settings?: Record<string, unknown>
}

/** What Node-RED says of the way in which a test starts it, and not of the flows. */
const HARNESS_WARNINGS = [
  'Projects disabled : set editorTheme.projects.enabled=true to enable',
  'Encrypted credentials not found',
]

/** Seconds in which what Node-RED started must have ended after it. */
const LEFT_LIMIT = 5

type Heard =
  | { heard: 'started' }
  | { heard: 'failed'; reason: unknown }
  | { heard: 'status'; id: string; status: NodeStatus }
  | { heard: 'debug'; data: Record<string, unknown> }
  | ({ heard: 'send' } & SentMessage)
  | { heard: 'log'; line: LogLine }
  | { answer: number; value: unknown }

/** A real Node-RED in a process of its own, because Node-RED is one per process. Made by `startRuntime`. */
export class Runtime {
  /** Without a slash at the end. */
  url = ''
  readonly log: LogLine[] = []
  readonly sent: SentMessage[] = []
  readonly debugged: Record<string, unknown>[] = []
  /** Newest status of every node, by node id. */
  readonly status = new Map<string, NodeStatus>()
  /** Every status in turn. */
  readonly statuses: { id: string; status: NodeStatus }[] = []
  readonly userDir: string
  readonly #child: ChildProcess
  #starts = 0
  #failure: unknown
  #output = ''
  #questions = 0
  #end: Promise<void> | undefined
  readonly #answers = new Map<number, (value: unknown) => void>()

  constructor(child: ChildProcess, userDir: string) {
    this.#child = child
    this.userDir = userDir
    child.on('message', (message) => this.#hear(message as Heard))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('Node-RED was not started')
    return pid
  }

  /** What the process printed itself, past Node-RED's log. */
  get output(): string {
    return this.#output
  }

  #hear(message: Heard): void {
    if ('answer' in message) {
      this.#answers.get(message.answer)?.(message.value)
      this.#answers.delete(message.answer)
      return
    }
    switch (message.heard) {
      case 'started':
        this.#starts += 1
        return
      case 'failed':
        this.#failure = message.reason
        return
      case 'status':
        this.status.set(message.id, message.status)
        this.statuses.push({ id: message.id, status: message.status })
        return
      case 'debug':
        this.debugged.push(message.data)
        return
      case 'send': {
        const { source, port, destination, msg } = message
        this.sent.push({ source, port, destination, msg })
        return
      }
      case 'log': {
        const address = /http:\/\/[\d.]+:\d+/.exec(message.line.text)
        if (this.url === '' && address !== null) this.url = address[0]
        this.log.push(message.line)
      }
    }
  }

  /** Waits for the start after the `before`th, and fails with the runtime's own reason. */
  async untilStarted(before: number): Promise<void> {
    const isOver = () => this.#child.exitCode !== null || this.#failure !== undefined
    const isStarted = () => this.#starts > before && this.url !== ''
    await until(() => isOver() || isStarted(), 30, 'the flows start')
    if (this.#starts > before && this.#failure === undefined) return
    const reason = this.#failure === undefined ? `it ended with ${this.#child.exitCode}` : JSON.stringify(this.#failure)
    this.#failure = undefined
    const lines = this.log.map(({ level, text }) => `${level} ${text}`).join('\n')
    throw new Error(`Node-RED did not start the flows: ${reason}\n${lines}\n${this.#output}`)
  }

  /**
   * Deploys as the editor does, and waits until the flows run. Credentials may stand in the nodes.
   *
   * @param token of who deploys, where the editor asks for a login
   */
  async deploy(flows: FlowNode[], type: DeployType = 'full', token?: string): Promise<void> {
    const before = this.#starts
    const response = await this.fetch('/flows', {
      method: 'POST',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        'Node-RED-API-Version': 'v2',
        'Node-RED-Deployment-Type': type,
      },
      body: JSON.stringify({ flows }),
    })
    if (!response.ok) throw new Error(`deploy: ${response.status} ${await response.text()}`)
    await response.arrayBuffer()
    await this.untilStarted(before)
  }

  /** The flows as the editor or an export sees them. */
  async exported(): Promise<FlowNode[]> {
    return (await (await this.fetch('/flows')).json()) as FlowNode[]
  }

  /** One connection per request, so that a kept one does not count as a handle of the runtime. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('connection', 'close')
    return fetch(this.url + path, { ...init, headers })
  }

  /** What was sent from a node's output, oldest first. */
  from(node: string, port = 0): Record<string, unknown>[] {
    return this.sent.filter((sent) => sent.source === node && sent.port === port).map(({ msg }) => msg)
  }

  /** Log lines of warnings and errors, but for those about the way in which a test starts Node-RED. */
  complaints(): LogLine[] {
    const loud: LogLine['level'][] = ['warn', 'error', 'fatal']
    return this.log.filter(({ level, text }) => loud.includes(level) && !HARNESS_WARNINGS.includes(text))
  }

  diagnostics(): Promise<Diagnostics> {
    return new Promise((resolve) => {
      this.#questions += 1
      this.#answers.set(this.#questions, (value) => resolve(value as Diagnostics))
      this.#child.send({ ask: 'diagnostics', number: this.#questions })
    })
  }

  /** Everything that the runtime started and that still runs. */
  processes(): ProcessEntry[] {
    return processesOf(this.pid)
  }

  /**
   * Ends the runtime as a service manager does, and fails when it does not end well or leaves a process behind. May be
   * called again.
   */
  stop(): Promise<void> {
    this.#end ??= this.#stop()
    return this.#end
  }

  async #stop(): Promise<void> {
    const { pid } = this
    const exit = new Promise<void>((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve()
      else this.#child.once('exit', () => resolve())
    })
    const before = this.processes()
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 20_000)
    await exit
    clearTimeout(timer)
    await rm(this.userDir, { recursive: true, force: true })
    // A child learns by its end that its parent is gone, and a busy machine lets it run when it can.
    let left = processesOf(pid, before)
    const isEmpty = () => {
      left = processesOf(pid, before)
      return left.length === 0
    }
    await until(isEmpty, LEFT_LIMIT, 'nothing is left').catch(() => {})
    for (const { pid } of left) process.kill(pid, 'SIGKILL')
    if (left.length > 0) throw new Error(`left running: ${left.map(({ command }) => command).join('; ')}`)
    if (this.#child.exitCode !== 0) {
      throw new Error(`Node-RED ended with ${this.#child.exitCode ?? this.#child.signalCode}\n${this.#output}`)
    }
  }
}

/** Starts Node-RED on a free port of loopback, with a user directory of its own, and waits until the flows run. */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const userDir = await mkdtemp(join(tmpdir(), 'hmonitor-runtime-'))
  const settings = {
    logLevel: options.logLevel ?? 'info',
    nodesDir: options.nodesDir ?? [root],
    settings: options.settings ?? {},
  }
  await writeFile(
    join(userDir, 'settings.cjs'),
    `module.exports = require(${JSON.stringify(join(root, 'test/runtime-settings.cjs'))})(${JSON.stringify(settings)})\n`,
  )
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(options.flows ?? [], null, 4))
  const red = join(require.resolve('node-red/package.json'), '..', 'red.js')
  const child = spawn(
    process.execPath,
    [red, '--userDir', userDir, '--settings', join(userDir, 'settings.cjs')],
    // A session of its own, so that what it leaves behind can be told from what others run.
    { cwd: userDir, env: { ...process.env, ...options.env }, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  )
  const runtime = new Runtime(child, userDir)
  try {
    await runtime.untilStarted(0)
  } catch (error) {
    child.kill('SIGKILL')
    await rm(userDir, { recursive: true, force: true })
    throw error
  }
  return runtime
}
