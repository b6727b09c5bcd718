import { execa } from 'execa'

/** How a process ended. */
export interface SourceExit {
  code: number | null
  signal: string | null
  /** Why it could not be started at all, as a system error code; null when it was. */
  startError: string | null
  /** The newest 4 KB of what it wrote to stderr. It may hold secrets. */
  stderr: string
}

/** A running ffprobe. Its owner ends it by `stop`; the end of this process ends it too. */
export interface FfprobeSource {
  readonly pid: number | undefined
  /** Resolves when the process is gone and all of its output was handed over. */
  readonly ended: Promise<SourceExit>
  /** SIGTERM, and SIGKILL 2 s later: some builds ignore the first while they wait for the server. */
  stop(): Promise<void>
}

const STDERR_LIMIT = 4096
/** Milliseconds. */
const KILL_AFTER = 2000

/** Starts ffprobe and hands over what it prints as it comes. */
export function startFfprobe(file: string, args: readonly string[], onData: (chunk: Buffer) => void): FfprobeSource {
  const child = execa(file, args, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    // When this process ends nobody is left to send a second signal.
    cleanup: true,
    killSignal: 'SIGKILL',
  })
  let stderr = Buffer.alloc(0)
  child.stdout.on('data', onData)
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_LIMIT)
  })
  let killer: NodeJS.Timeout | undefined
  const ended = child.then((result): SourceExit => {
    clearTimeout(killer)
    return {
      code: result.exitCode ?? null,
      signal: result.signal ?? null,
      startError: child.pid === undefined ? (result.code ?? 'unknown') : null,
      stderr: stderr.toString('utf8'),
    }
  })
  return {
    pid: child.pid,
    ended,
    stop: async () => {
      if (killer === undefined && child.kill('SIGTERM')) {
        killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER)
      }
      await ended
    },
  }
}
