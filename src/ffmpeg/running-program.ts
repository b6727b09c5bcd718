import { readFileSync } from 'node:fs'
import { pipeline, type Readable, type Writable } from 'node:stream'
import { guarded } from '../observation/internal-errors.ts'
import { startChild } from '../programs/child.ts'
import { PROXY_VARIABLES } from '../programs/environment.ts'
import type { MemoryOver, MemoryPurpose } from '../programs/memory.ts'
import { type OutputPipe, openPipes } from './output-pipe.ts'

/** How a process ended. */
export interface ProgramExit {
  code: number | null
  signal: string | null
  /** Why it could not be started at all, as a system error code; null when it was. */
  startError: string | null
  /** That it was ended for the memory that it held; null where it was not. */
  memoryOver: MemoryOver | null
  /** The newest 4 KB of what it wrote to stderr. It may hold secrets. */
  stderr: string
}

/** A running program. Its owner ends it by `stop`; the end of this process ends it too. */
export interface RunningProgram {
  readonly pid: number | undefined
  /** Resolves when the process is gone and all of its output was handed over. */
  readonly ended: Promise<ProgramExit>
  /** SIGTERM, and SIGKILL 2 s later: some builds ignore the first while they wait for the server. */
  stop(): Promise<void>
}

const STDERR_LIMIT = 4096
/** Milliseconds. */
const KILL_AFTER = 2000
/** Milliseconds from the end of the process until nothing more is expected on its pipes. */
const LINGER = 1000

export interface ProgramRun {
  file: string
  args: readonly string[]
  /** How much memory it may hold, by what it is for. */
  memory: MemoryPurpose
  /** What its environment holds besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** What it reads from its standard input; ended with the program. Default: nothing. */
  stdin?: Readable
  /** Takes what it prints. A chunk is only valid until this returns. */
  output(chunk: Buffer): void
  /** Takes what it writes to stderr, and gives back what of it is kept to explain its end. Default: all. */
  errors?(chunk: Buffer): Buffer
  /** Periods of 50 ms from one read of what it prints to the next. Default: 1. */
  outputEvery?: number
  /** Take what it writes to descriptors 3, 4 …, every 600 ms. Likewise. */
  furtherOutputs?: readonly ((chunk: Buffer) => void)[]
}

/** Periods of 50 ms between reads of what a program finds rather than of what comes in. */
const FINDINGS_EVERY = 12

/** Starts a program and hands over what it prints. */
export async function startProgram(run: ProgramRun): Promise<RunningProgram> {
  const { output, outputEvery = 1, furtherOutputs = [] } = run
  const listeners = [
    { take: output, every: outputEvery },
    ...furtherOutputs.map((take) => ({ take, every: FINDINGS_EVERY })),
  ]
  // Where there are no named pipes we are woken for every packet, which only costs more.
  const pipes = await openPipes(listeners).catch(() => [])
  try {
    return start(run, pipes)
  } catch (error) {
    for (const pipe of pipes) pipe.finish()
    throw error
  }
}

/** @param pipes one for each output, or none */
function start(
  { file, args, env, memory, stdin, output, errors = (chunk) => chunk, furtherOutputs = [] }: ProgramRun,
  pipes: readonly OutputPipe[],
): RunningProgram {
  // execa takes any descriptor; its types name those up to 9.
  const end = (index: number) => (pipes[index]?.fd ?? 'pipe') as 9 | 'pipe'
  const program = { file, args, memory, env, passOn: PROXY_VARIABLES, confined: true }
  const { process: child, memoryOver } = startChild(program, {
    stdio: [
      stdin === undefined ? 'ignore' : 'pipe',
      end(0),
      'pipe',
      ...furtherOutputs.map((_, index) => end(1 + index)),
    ],
    buffer: false,
    encoding: 'buffer',
    reject: false,
    // When this process ends nobody is left to send a second signal.
    cleanup: true,
    killSignal: 'SIGKILL',
    // What is called by its name may be a script that starts it.
    killDescendants: true,
  })
  for (const pipe of pipes) pipe.started()
  if (stdin !== undefined) feed(child.stdin, stdin)
  let stderr = Buffer.alloc(0)
  child.stdout?.on('data', guarded('reader output', output))
  for (const [index, take] of furtherOutputs.entries())
    child.stdio[3 + index]?.on('data', guarded('reader output', take))
  child.stderr.on(
    'data',
    guarded('reader output', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, errors(chunk)]).subarray(-STDERR_LIMIT)
    }),
  )
  // A descendant that escaped may hold them open for ever.
  child.nodeChildProcess.once(
    'exit',
    guarded('reader end', () => {
      lingering = setTimeout(
        guarded('reader end', () => {
          for (const stream of child.stdio.slice(2)) stream?.destroy()
        }),
        LINGER,
      )
    }),
  )
  let lingering: NodeJS.Timeout | undefined
  let killer: NodeJS.Timeout | undefined
  const ended = child.then((result): ProgramExit => {
    clearTimeout(killer)
    clearTimeout(lingering)
    for (const pipe of pipes) pipe.finish()
    return {
      code: result.exitCode ?? null,
      signal: result.signal ?? null,
      startError: child.pid === undefined ? (result.code ?? 'unknown') : null,
      memoryOver: memoryOver(),
      stderr: stderr.toString('utf8'),
    }
  })
  return {
    pid: child.pid,
    ended,
    stop: async () => {
      if (killer === undefined && child.kill('SIGTERM')) {
        // A process that was stopped takes no signal but these two until it goes on.
        child.kill('SIGCONT')
        killer = setTimeout(
          guarded('reader end', () => child.kill('SIGKILL')),
          KILL_AFTER,
        )
      }
      await ended
    },
  }
}

/** Whichever of the two ends first ends the other; that a program reads no more is told by its end. */
function feed(input: Writable | null, from: Readable): void {
  if (input === null) from.destroy()
  else pipeline(from, input, () => {})
}

/**
 * Whether a process is stopped: by SIGSTOP, by job control or by a debugger. False where it is gone, and where the
 * system does not say (only Linux does; proc_pid_stat(5), field 3).
 */
export function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before it stands in parentheses and may hold anything.
    return /^[Tt]$/.test(stat.charAt(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
