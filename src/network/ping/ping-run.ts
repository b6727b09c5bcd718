import { startChild } from '../../programs/child.ts'

/** One run of the system's ping, as it can be sent to another process. */
export interface PingRun {
  file: string
  args: string[]
  /** What its environment holds besides what every program gets. */
  env: Record<string, string>
  /** Seconds that it may take. */
  limit: number
}

/** What became of it. */
export interface PingRunResult {
  stdout: string
  stderr: string
  timedOut: boolean
  /** Undefined where it did not end by itself. */
  exitCode?: number
  /** Why it could not be started or went wrong: `ENOENT` … */
  code?: string
}

/** Characters of output that are read. */
const MOST_OUTPUT = 64 * 1024

/** Runs ping as a child of this process. Ends it when `signal` aborts and when it takes too long; never rejects. */
export async function runHere({ file, args, env, limit }: PingRun, signal: AbortSignal): Promise<PingRunResult> {
  const program = { file, args, env, memory: 'small' } as const
  const { stdout, stderr, code, timedOut, exitCode } = await startChild(program, {
    stdin: 'ignore',
    timeout: limit * 1000,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT,
    reject: false,
  }).process
  return { stdout, stderr, timedOut, ...(exitCode !== undefined && { exitCode }), ...(code && { code }) }
}
