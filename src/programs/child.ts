import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { execa, type Options, type ResultPromise } from 'execa'
import { guarded } from '../observation/internal-errors.ts'
import { programEnvironment } from './environment.ts'
import { MEMORY_LIMITS, type MemoryOver, type MemoryPurpose, watchMemory } from './memory.ts'

/** How a program is run; what is the same for all of them is not to be chosen. */
type ChildOptions = Options & { env?: never; extendEnv?: never; shell?: never }

export interface ChildProgram {
  file: string
  args: readonly string[]
  /** How much memory it may hold, by what it is for. */
  memory: MemoryPurpose
  /** What its environment holds besides what every program gets. */
  env?: Readonly<Record<string, string>>
  /** Names of our own environment that it needs as well. */
  passOn?: readonly string[]
  /** Whether the system is to hold the limit too, and to write no core file, which would hold stream keys. */
  confined?: boolean
}

export interface Child<O extends ChildOptions> {
  readonly process: ResultPromise<O>
  /** That it was ended for the memory that it held; null where it was not. */
  memoryOver(): MemoryOver | null
}

/** Told when a program has begun, and when it has ended, by its process id. It must not throw. */
type ProgramListener = (pid: number, runs: boolean) => void

let programListener: ProgramListener = () => {}

/** For a thread: who outlives it then knows what it has started. There is one listener. */
export function listenToPrograms(listener: ProgramListener): void {
  programListener = listener
}

/** For a program whose output is one answer: it ends with this process and all that it started, and its end is a result. */
export const ONE_ANSWER = { reject: false, killSignal: 'SIGKILL', killDescendants: true, cleanup: true } as const

/**
 * Starts a program: the one place where this package does. It gets a short environment and no shell, and is killed when
 * it holds more memory than what it is for allows.
 */
export function startChild<O extends ChildOptions>(program: ChildProgram, options: O): Child<O> {
  const { env, passOn, memory } = program
  const [file, args] = program.confined ? confine(program) : [program.file, program.args]
  const process = execa(file, [...args], {
    ...options,
    env: programEnvironment(env, passOn),
    extendEnv: false,
  } as Options) as unknown as ResultPromise<O>
  const { pid } = process
  if (pid === undefined) return { process, memoryOver: () => null }
  programListener(pid, true)
  const watch = watchMemory(pid, MEMORY_LIMITS[memory], () => process.kill('SIGKILL'))
  process.nodeChildProcess.once(
    'exit',
    guarded('child program', () => {
      watch.stop()
      programListener(pid, false)
    }),
  )
  return { process, memoryOver: () => watch.over }
}

/**
 * The system's own limit stands above ours: it counts what is asked for and not what is held, and a program that meets it
 * fails in its own way. It is for the time in which this process is too busy to look.
 */
const HARD_LIMIT_FACTOR = 2
const MB = 1024 * 1024

/** Whether `prlimit` of util-linux, which becomes the program, can be used here; null until it was tried. */
let canConfine: boolean | null = null

function confine({ file, args, memory }: ChildProgram): [string, readonly string[]] {
  const bytes = Math.min(MEMORY_LIMITS[memory] * HARD_LIMIT_FACTOR * MB, ownDataLimit())
  const limits = [`--data=${bytes}`, '--core=0', '--']
  canConfine ??= process.platform === 'linux' ? tryOut(limits) : false
  return canConfine ? ['prlimit', [...limits, file, ...args]] : [file, args]
}

/** Null where the system could not start anything just now. A sandbox may refuse to set limits. */
function tryOut(limits: readonly string[]): boolean | null {
  const { status, error } = spawnSync('prlimit', [...limits, 'true'], { env: programEnvironment(), timeout: 5000 })
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return explainShortage(code) === null ? status === 0 : null
}

/** Bytes: only root may set a limit above the one that it has itself. */
function ownDataLimit(): number {
  try {
    const [, hard] = /^Max data size +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** What the system lacked, by the error of the attempt to start a program, and what to do. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE:
    'the monitor has as many files and connections open as it may have; let it have more (ulimit -n, LimitNOFILE= in a unit of systemd, ulimits in Compose) or watch fewer targets',
  ENFILE: 'the system has as many files open as it can have; raise fs.file-max, or see what opens so many',
  ENOMEM: 'the system has not enough free memory to start a program; free some, or watch fewer targets',
  EAGAIN:
    'there are as many processes as there may be; let there be more (ulimit -u, TasksMax= in a unit of systemd, pids_limit in Compose) or watch fewer targets',
}

/** Why the system could not start a program now, though the program is there; null where it is for another reason. */
export function explainShortage(code: string | null | undefined): string | null {
  return (code && SHORTAGES[code]) || null
}
