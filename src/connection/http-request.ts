import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import type { AxiosInstance } from 'axios'
import { AbortScope, isTimeUp } from './abort-scope.ts'
import { addressesOf, answerWith } from './connect.ts'
import { legible } from './legible.ts'
import { ConnectionError, networkFault } from './network-error.ts'
import type { Destinations } from './private-addresses.ts'
import { type Credentials, follow, type Hop, readHttpUrl } from './request-hop.ts'

export interface HttpRequest {
  /** `http://` or `https://`; a user and a password in it become a Basic `authorization`. It is a secret. */
  url: string
  method?: 'GET' | 'POST'
  /** Sent to this server alone: a redirect to another one goes out without them. */
  headers?: Readonly<Record<string, string>>
  /** Of a POST. */
  body?: string
  /** Bytes of the answer's body; more are an error. 0: only its status matters, and nothing of the body is read. */
  mostBytes: number
  /** Whether the beginning of a longer body will do. Default: false. */
  beginning?: boolean
  /** Seconds until all of it must be there, redirects included. */
  within: number
  /** How many redirects of a GET are followed; the answer itself is given where it is 0, which is the default. */
  redirects?: number
  /** Default: true. */
  verifyTls?: boolean
  /** Where it may go, redirects included; null, the default: anywhere. */
  allowed?: Destinations | null
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  /** The server's own words: legible and short. */
  statusText: string
  /** In lower case; those that came several times joined. */
  headers: Readonly<Record<string, string | undefined>>
  body: string
  /** Where it came from after redirects, with the credentials that go there: a secret. */
  url: string
}

/**
 * Asks a server once, and reads no more of its answer than it was asked for: nothing compressed is taken, bytes and time are
 * counted while they come, and at the bound, at an error and after the answer the connection is closed. The one way in
 * which whole answers of other servers are read (decision 0010).
 *
 * @throws ConnectionError
 */
export async function askHttp(request: HttpRequest): Promise<HttpAnswer> {
  let hop = readHttpUrl(request.url)
  const scope = new AbortScope(request.signal, request.within)
  try {
    for (let left = request.redirects ?? 0; ; left--) {
      const answer = await askOnce(request, hop, scope.signal)
      const next = (request.redirects ?? 0) === 0 ? null : sentOnTo(answer)
      if (next === null) return answer
      if (left === 0) throw new ConnectionError('redirect', 'the server sends on and on', answer.status)
      hop = follow(hop, next)
    }
  } finally {
    scope.end()
  }
}

/** HTTP status of which a GET goes on elsewhere as a GET. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function sentOnTo({ status, headers }: HttpAnswer): string | null {
  return REDIRECTS.has(status) ? (headers.location ?? null) : null
}

async function askOnce(request: HttpRequest, hop: Hop, signal: AbortSignal): Promise<HttpAnswer> {
  let agent: http.Agent | null = null
  let status: number | null = null
  try {
    const client = await axios()
    agent = agentFor(hop.url, await addressesOf(hop.url.hostname, signal, request.allowed), request)
    const { data, ...answer } = await client.request<Readable>({
      url: hop.url.href,
      method: request.method ?? 'GET',
      ...(request.body !== undefined && { data: request.body }),
      headers: headersOf(request, hop),
      httpAgent: agent,
      httpsAgent: agent,
      signal,
    })
    // What comes after the body was given up is no news.
    data.on('error', () => {})
    status = answer.status
    try {
      const headers = plain(answer.headers)
      const isWanted = request.mostBytes > 0 && !(REDIRECTS.has(status) && (request.redirects ?? 0) > 0)
      const body = isWanted ? await read(data, headers, status, request) : ''
      return { status, statusText: legible(answer.statusText), headers, body, url: withCredentials(hop) }
    } finally {
      data.destroy()
    }
  } catch (error) {
    throw explain(error, status, request, signal)
  } finally {
    agent?.destroy()
  }
}

/** For one server whose addresses are known. Whoever asks for it destroys it, and its connection with it. */
export function agentFor(
  { protocol }: URL,
  addresses: Parameters<typeof answerWith>[0],
  { verifyTls = true, keepAlive = false }: { verifyTls?: boolean; keepAlive?: boolean },
): http.Agent {
  const settings = { keepAlive, maxSockets: 1, lookup: answerWith(addresses) }
  return protocol === 'https:'
    ? new https.Agent({ ...settings, rejectUnauthorized: verifyTls })
    : new http.Agent(settings)
}

let client: Promise<AxiosInstance> | null = null

/**
 * Loaded by the first who asks: it takes memory that a monitor which asks nobody need not have. An instance of our own, so
 * that what another package sets on the shared one reaches none of our requests.
 */
function axios(): Promise<AxiosInstance> {
  client ??= import('axios').then(({ default: loaded }) =>
    loaded.create({
      adapter: 'http',
      decompress: false,
      maxRedirects: 0,
      proxy: false,
      responseType: 'stream',
      transformRequest: (body) => body,
      validateStatus: () => true,
    }),
  )
  return client
}

function headersOf({ headers = {} }: HttpRequest, { credentials, isFirst }: Hop): Record<string, string> {
  return {
    accept: '*/*',
    'user-agent': 'rtmp-hmonitor',
    ...(isFirst && headers),
    ...(credentials !== null && { authorization: basic(credentials) }),
    'accept-encoding': 'identity',
  }
}

function plain(headers: object): HttpAnswer['headers'] {
  const fields = Object.entries(headers) as [string, unknown][]
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
}

function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function withCredentials({ url, credentials }: Hop): string {
  if (credentials === null) return url.href
  const whole = new URL(url)
  whole.username = encodeURIComponent(credentials.user)
  whole.password = encodeURIComponent(credentials.password)
  return whole.href
}

async function read(
  body: Readable,
  headers: HttpAnswer['headers'],
  status: number,
  { mostBytes, beginning = false }: HttpRequest,
): Promise<string> {
  const encoding = refusedEncoding(headers)
  if (encoding !== null) {
    throw new ConnectionError('encoded', `the answer is compressed (${encoding}), which was not asked for`, status)
  }
  const tooLong = () => new ConnectionError('too-long', `the answer is longer than ${mostBytes} bytes`, status)
  if (!beginning && Number(headers['content-length'] ?? 0) > mostBytes) throw tooLong()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes && !beginning) throw tooLong()
    chunks.push(chunk)
    if (bytes >= mostBytes && beginning) break
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8')
}

/** In what an answer is encoded that was asked for as it is; null where it is not. */
function refusedEncoding(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
  const content = String(headers['content-encoding'] ?? '').trim()
  if (content !== '' && !/^identity$/i.test(content)) return legible(content, 20)
  const transfer = String(headers['transfer-encoding'] ?? '').trim()
  return transfer === '' || /^(?:chunked|identity)$/i.test(transfer) ? null : legible(transfer, 20)
}

/** @param status of the answer, where one had begun */
function explain(error: unknown, status: number | null, { within }: HttpRequest, signal: AbortSignal): ConnectionError {
  // Where the time was up during a lookup, it is the name service that says nothing.
  if (error instanceof ConnectionError) return error
  if (signal.aborted) {
    return isTimeUp(signal)
      ? new ConnectionError('timeout', `there is no whole answer within ${within} s`, status)
      : new ConnectionError('aborted', 'it was given up', status)
  }
  const { verdict, message } = networkFault(error)
  if (status !== null && verdict !== 'not-http') {
    return new ConnectionError('cut', 'the server ends the connection in the middle of its answer', status)
  }
  if (verdict === 'closed') return new ConnectionError(verdict, 'the server ends the connection without an answer')
  return new ConnectionError(verdict, message, status)
}
