import { MonitorError } from '../observation/errors.ts'
import type { StreamParameters } from '../observation/stream.ts'
import { startChild } from '../programs/child.ts'
import { PROXY_VARIABLES } from '../programs/environment.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import { type InputOptions, inputArguments, LONGEST_ANALYSIS, READ_TIMEOUT } from './ffprobe-arguments.ts'
import type { FfprobeBinary } from './ffprobe-binary.ts'
import { parseParameters } from './parameters.ts'
import { classifyEnd } from './session-end.ts'

/** Seconds: the longest analysis, and what it takes to connect. */
export const INSPECTION_TIMEOUT = LONGEST_ANALYSIS + 10
/** Bytes. What a stream of many tracks needs is a tenth of it. */
const MOST_OUTPUT = 256 * 1024

/**
 * Reads what a stream says of itself, over a short connection of its own.
 *
 * @throws MonitorError `inspection-failed`; its message may quote ffprobe, so it is to be redacted; its `cause` is the
 *   `Ending` where ffprobe ran to its end
 */
export async function inspectStream(
  address: StreamAddress,
  ffprobe: FfprobeBinary,
  signal: AbortSignal,
  options: InputOptions & { env?: Readonly<Record<string, string>> } = {
    media: 'both',
    verifyTls: true,
    resolved: null,
  },
): Promise<StreamParameters> {
  const { args, url } = inputArguments(address, options)
  const command = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', ...args, url]
  const program = {
    file: ffprobe.path,
    args: command,
    memory: 'inspection',
    env: options.env ?? {},
    passOn: PROXY_VARIABLES,
    confined: true,
  } as const
  const child = startChild(program, {
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
    timeout: INSPECTION_TIMEOUT * 1000,
    maxBuffer: MOST_OUTPUT,
    killSignal: 'SIGKILL',
    killDescendants: true,
    cleanup: true,
  })
  const result = await child.process
  if (result.isCanceled) throw new MonitorError('inspection-failed', 'The inspection was given up.')
  if (result.timedOut) {
    throw new MonitorError('inspection-failed', `The stream could not be inspected within ${INSPECTION_TIMEOUT} s.`)
  }
  const parameters = result.failed ? null : parseParameters(result.stdout)
  if (parameters && parameters.video.length + parameters.audio.length > 0) return parameters
  const ending = classifyEnd({
    exit: {
      code: result.exitCode ?? null,
      signal: result.signal ?? null,
      startError: result.exitCode === undefined && result.signal === undefined ? (result.code ?? 'unknown') : null,
      memoryOver: child.memoryOver(),
      stderr: result.stderr.slice(-4096),
    },
    media: false,
    silence: result.durationMs / 1000,
    readTimeout: READ_TIMEOUT,
  })
  throw new MonitorError('inspection-failed', `The stream could not be inspected: ${ending.message}.`, {
    cause: ending,
  })
}
