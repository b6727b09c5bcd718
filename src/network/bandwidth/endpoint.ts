import { createHash, randomFillSync, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { guarded } from '../../observation/internal-errors.ts'

/** What one test against this monitor may take, whatever the other side asks for. */
const ENDPOINT_LIMITS = { seconds: 65, bytes: 1_000_000_000 } as const

export interface BandwidthEndpointOptions {
  /** What a request must carry; null: nobody is let in, because there is none. Asked for every request. */
  token(): Promise<string | null>
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Bytes handed to the connection at once. */
const PIECE = 64 * 1024
/** Seconds for which a test waits for the end of the one before. */
const SWITCH_OVER = 1
/** Seconds for which data is still taken from who was refused. */
const LINGER = 2
const NOISE = randomFillSync(Buffer.alloc(PIECE))

/**
 * The other end of another monitor's bandwidth test: takes what is sent to it (POST, PUT) and throws it away, or sends
 * noise (GET), within `ENDPOINT_LIMITS` and for one test at a time. Whoever asks must carry the token, as bearer token
 * (RFC 6750) or as the password of basic authentication (RFC 7617), which fits into a URL.
 */
export function bandwidthEndpoint(options: BandwidthEndpointOptions): Handler {
  let running: Promise<void> | null = null
  return async (request, response) => {
    // The other side may go at any moment.
    request.on('error', () => {})
    response.on('error', () => {})
    const refusal = await refusalOf(request, options)
    if (refusal) return refuse(request, response, refusal)
    // The end of a test is known here a little later than there.
    if (running) await Promise.race([running, patience(SWITCH_OVER)])
    if (running) return refuse(request, response, { status: 503, message: 'Another test is running', retry: 15 })
    running = (request.method === 'GET' ? send(request, response) : take(request, response)).finally(() => {
      running = null
    })
    await running
  }
}

function patience(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref())
}

interface Refusal {
  status: number
  message: string
  /** Seconds. */
  retry?: number
}

async function refusalOf(request: IncomingMessage, options: BandwidthEndpointOptions): Promise<Refusal | null> {
  if (!['GET', 'POST', 'PUT'].includes(request.method ?? '')) {
    return { status: 405, message: 'GET downloads, POST and PUT upload' }
  }
  const token = await options.token()
  if (token === null || token === '') {
    return { status: 404, message: 'Bandwidth tests are off; BANDWIDTH_TOKEN or BANDWIDTH_TOKEN_FILE switches them on' }
  }
  if (carries(request.headers.authorization ?? '', token)) return null
  return { status: 401, message: 'This needs the token, as bearer token or as the password of the URL' }
}

/** Hashes are compared, in constant time, so that neither the time nor the length tells anything of the token. */
function carries(authorization: string, token: string): boolean {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +([^\s]+) *$/i.exec(authorization) ?? []
  const decoded = Buffer.from(value, 'base64').toString()
  const carried = scheme.toLowerCase() === 'basic' ? decoded.slice(decoded.indexOf(':') + 1) : value
  return timingSafeEqual(digest(carried), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, message, retry }: Refusal): void {
  const body = `${JSON.stringify({ error: { message } })}\n`
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="rtmp-hmonitor"' }),
    ...(status === 405 && { allow: 'GET, POST, PUT' }),
    ...(retry !== undefined && { 'retry-after': String(retry) }),
  })
  response.end(body)
  // Closed at once while the other side still sends, the connection would be reset, and the answer lost with it.
  const lingering = setTimeout(
    guarded('bandwidth endpoint', () => request.destroy()),
    LINGER * 1000,
  )
  request
    .on(
      'close',
      guarded('bandwidth endpoint', () => clearTimeout(lingering)),
    )
    .resume()
}

/** Sends until the limits are reached or the other side has had enough. */
function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0
    let over = false
    const end = () => {
      if (over) return
      over = true
      clearTimeout(limiting)
      response.end()
      resolve()
    }
    const limiting = setTimeout(guarded('bandwidth endpoint', end), ENDPOINT_LIMITS.seconds * 1000)
    const write = () => {
      while (!over) {
        if (sent >= ENDPOINT_LIMITS.bytes) return end()
        sent += PIECE
        if (!response.write(NOISE)) return
      }
    }
    request.resume()
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' })
    response.on('drain', guarded('bandwidth endpoint', write)).on('close', guarded('bandwidth endpoint', end))
    write()
  })
}

function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    let received = 0
    const begun = performance.now()
    const limiting = setTimeout(
      guarded('bandwidth endpoint', () => request.destroy()),
      ENDPOINT_LIMITS.seconds * 1000,
    )
    request.on(
      'data',
      guarded('bandwidth endpoint', (chunk: Buffer) => {
        received += chunk.length
        if (received > ENDPOINT_LIMITS.bytes) request.destroy()
      }),
    )
    request.on(
      'end',
      guarded('bandwidth endpoint', () => {
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
        response.end(`${JSON.stringify({ received, seconds: (performance.now() - begun) / 1000 })}\n`)
      }),
    )
    request.on(
      'close',
      guarded('bandwidth endpoint', () => {
        clearTimeout(limiting)
        resolve()
      }),
    )
  })
}
