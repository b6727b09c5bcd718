import { isIP } from 'node:net'
import type { MonitorState } from '../../monitor/state.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import type { StreamParameters } from '../../observation/stream.ts'
import { parseStreamUrl } from '../../stream/address.ts'
import { findFfprobe } from '../../stream/ffprobe-binary.ts'
import { inspectStream } from '../../stream/inspect.ts'
import { connectTcp } from '../../stream/reachability.ts'
import type { StreamTarget } from '../../targets/target.ts'
import { inspectionsOf } from './stream-watch.ts'

/** What is to be inspected. */
export interface InspectionSubject {
  /** Without placeholders. It may hold secrets. */
  url: string
  media: StreamTarget['media']
  verifyTls: boolean
}

/** The payload of the answer to an *inspect* command. */
export interface InspectionAnswer {
  /** The name that was asked for, or the URL without its secrets. */
  subject: string
  parameters: StreamParameters | null
  error: { code: ErrorCode; message: string } | null
}

/** Seconds to wait for a TCP connection. */
const CONNECT_TIMEOUT = 5

/** HTTP status by error, for an answer that goes to an `http response`. Everything else is the stream's own doing. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'unknown-target': 404,
  'invalid-url': 400,
  'forbidden-protocol': 400,
  'publish-only': 400,
  'no-ffprobe': 503,
  internal: 500,
}

export function statusCodeOf({ error }: InspectionAnswer): number {
  return error === null ? 200 : (STATUS_BY_CODE[error.code] ?? 502)
}

/**
 * Asks a stream once what it is made of.
 *
 * @throws MonitorError `inspection-failed`, `no-ffprobe`, and what `parseStreamUrl` throws
 */
export async function inspectOnce(
  state: MonitorState,
  { url, media, verifyTls }: InspectionSubject,
  ffprobePath: string,
  signal: AbortSignal,
): Promise<StreamParameters> {
  const address = parseStreamUrl(url)
  const ffprobe = await findFfprobe(ffprobePath || undefined)
  return inspectionsOf(state).run(async () => {
    let resolved: string | null = null
    if (address.transport === 'tcp') {
      const answer = await connectTcp(address.host, address.port, CONNECT_TIMEOUT, signal)
      if (!answer.reachable) {
        throw new MonitorError('inspection-failed', `The stream could not be inspected: ${answer.message}.`)
      }
      if (!ffprobe.resolvesNames && isIP(address.host) === 0) resolved = answer.address
    }
    return inspectStream(address, ffprobe, signal, { media, verifyTls, resolved })
  }, signal)
}
