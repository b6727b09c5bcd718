import { type ChildProcess, fork } from 'node:child_process'
import { guarded } from '../../observation/internal-errors.ts'
import { programEnvironment } from '../../programs/environment.ts'
import type { PingRun, PingRunResult } from './ping-run.ts'
import type { HelperAnswer, HelperRequest } from './run-helper-child.ts'

/** Seconds without work after which the helper ends. */
const IDLE = 30

const LOST: PingRunResult = { stdout: '', stderr: '', timedOut: false }

/**
 * A small process that starts pings for this one. To start a process, the system copies the page tables of who starts it:
 * with Node-RED's 300 MB that stops everything in it for 10 to 20 ms, which 200 hosts ask for 40 times a second; with a
 * bare Node.js it is 2 ms, and in a process that has nothing else to do. It is started when first needed, and ends when
 * it has been idle, or this process ends.
 */
export class PingHelper {
  #child: ChildProcess | null = null
  #next = 0
  readonly #waiting = new Map<number, (result: PingRunResult) => void>()
  #idle: NodeJS.Timeout | undefined

  /** Runs ping. Ends it when `signal` aborts and when it takes too long; never rejects. */
  run(run: PingRun, signal: AbortSignal): Promise<PingRunResult> {
    if (signal.aborted) return Promise.resolve(LOST)
    clearTimeout(this.#idle)
    const child = this.#child ?? this.#start()
    child.ref()
    child.channel?.ref()
    const id = this.#next++
    return new Promise((resolve) => {
      const abort = guarded('ping helper', () => this.#send(child, { id }))
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.set(id, (result) => {
        signal.removeEventListener('abort', abort)
        this.#waiting.delete(id)
        if (this.#waiting.size === 0) this.#rest()
        resolve(result)
      })
      this.#send(child, { id, run })
    })
  }

  #start(): ChildProcess {
    // Built, it is JavaScript.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const script = new URL(`./run-helper-child.${extension}`, import.meta.url)
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as ['ignore', 'ignore', 'ignore', 'ipc']
    const child = fork(script, { execArgv: [], stdio, env: programEnvironment() })
    this.#child = child
    child.on(
      'message',
      guarded('ping helper', ({ id, result }: HelperAnswer) => this.#waiting.get(id)?.(result)),
    )
    const gone = guarded('ping helper', () => this.#gone(child))
    child.once('exit', gone).on('error', gone)
    return child
  }

  #send(child: ChildProcess, request: HelperRequest): void {
    if (child.connected) child.send(request, () => {})
  }

  /** What it was running is lost; the next run starts another. */
  #gone(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = null
    for (const settle of [...this.#waiting.values()]) settle(LOST)
  }

  /** Neither it nor its timer keeps this process from ending. */
  #rest(): void {
    const child = this.#child
    child?.unref()
    child?.channel?.unref()
    this.#idle = setTimeout(
      guarded('ping helper', () => {
        if (child && this.#child === child) this.#child = null
        child?.disconnect()
      }),
      IDLE * 1000,
    ).unref()
  }
}
