import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import { boundInterim } from '../../connection/interim-answers.ts'
import { legible } from '../../connection/legible.ts'
import { networkFault } from '../../connection/network-error.ts'
import { FaultError, type Phases } from '../../connection/phases.ts'

/** Bytes of a body that are looked through. */
const MOST_BODY = 256 * 1024
const MOST_HEADER = 16 * 1024

export interface HttpRequest {
  host: string
  port: number
  tls: boolean
  path: string
  /** `user:password`, or null. */
  credentials: string | null
  /** What is accepted; empty: 200 to 299. */
  status: readonly number[]
  /** Text that the body must hold; empty: whatever it holds. */
  bodyContains: string
}

/**
 * Asks once over a connection that stands, and follows no redirection.
 *
 * @param seen told the status as soon as it is known
 * @throws FaultError, the socket's error, and an `AbortError`
 */
export async function askHttp(
  socket: Socket,
  request: HttpRequest,
  phases: Phases,
  seen: (status: number) => void,
  signal: AbortSignal,
): Promise<void> {
  phases.begin('response')
  const response = await send(socket, request, signal)
  phases.end()
  const status = response.statusCode ?? 0
  seen(status)
  try {
    refuseStatus(status, response.headers.location, request.status)
    if (request.bodyContains !== '') await searchBody(response, request.bodyContains)
  } finally {
    response.destroy()
  }
}

async function send(socket: Socket, request: HttpRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { host, port, tls, path, credentials } = request
  const asked = http.request({
    // Without an agent: one would connect by itself.
    createConnection: () => socket,
    method: 'GET',
    path,
    host,
    port,
    // By which `Host` leaves the port out.
    defaultPort: tls ? 443 : 80,
    maxHeaderSize: MOST_HEADER,
    signal,
    headers: { Accept: '*/*', 'User-Agent': 'RTMP-HMonitor', Connection: 'close' },
    ...(credentials !== null && { auth: credentials }),
  })
  boundInterim(asked).on('error', () => {})
  asked.end()
  try {
    const [response] = (await once(asked, 'response', { signal })) as [http.IncomingMessage]
    response.on('error', () => {})
    return response
  } catch (error) {
    asked.destroy()
    signal.throwIfAborted()
    throw explain(error)
  }
}

function explain(error: unknown): unknown {
  const { verdict, code } = networkFault(error)
  if (verdict !== 'closed' && verdict !== 'not-http') return error
  const message =
    verdict === 'closed'
      ? 'the server ends the connection without an answer'
      : `the server does not answer in HTTP (${code})`
  return new FaultError({
    kind: 'wrong-answer',
    phase: 'response',
    message,
    measured: code,
    expected: 'an answer in HTTP',
  })
}

function refuseStatus(status: number, location: string | undefined, accepted: readonly number[]): void {
  const fine = accepted.length === 0 ? status >= 200 && status <= 299 : accepted.includes(status)
  if (fine) return
  const expected = accepted.length === 0 ? '200 to 299' : accepted.join(', ')
  const elsewhere = location !== undefined && status >= 300 && status <= 399 ? originOf(location) : null
  const message = `the server answers with status ${status}${elsewhere === null ? '' : ` and sends on to ${elsewhere}`}`
  throw new FaultError({ kind: 'wrong-answer', phase: 'response', message, measured: status, expected })
}

/** What stands behind the server's name may be a secret. */
function originOf(location: string): string {
  return URL.canParse(location) ? legible(new URL(location).origin) : 'another path'
}

async function searchBody(response: http.IncomingMessage, text: string): Promise<void> {
  const expected = `"${legible(text, 60)}" in the body`
  const wrong = (message: string, measured: string) =>
    new FaultError({ kind: 'wrong-answer', phase: 'response', message, measured, expected })
  const wanted = Buffer.from(text, 'utf8')
  // What came last may be the beginning of the text.
  let tail: Buffer = Buffer.alloc(0)
  let length = 0
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      length += bytes.length
      const searched = Buffer.concat([tail, bytes])
      if (searched.includes(wanted)) return
      if (length > MOST_BODY) throw wrong(`the text is not in the first ${MOST_BODY} bytes of the answer`, 'not found')
      tail = searched.subarray(Math.max(0, searched.length - wanted.length + 1))
    }
  } catch (error) {
    if (networkFault(error).verdict !== 'closed') throw error
    throw wrong('the server breaks off within the answer', 'broken off')
  }
  throw wrong(`the answer of ${length} bytes does not hold the text`, 'not found')
}
