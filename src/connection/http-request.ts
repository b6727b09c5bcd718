import type http from 'node:http'
import type { Readable } from 'node:stream'
import type { AxiosInstance } from 'axios'
import { guarded } from '../observation/internal-errors.ts'
import { AbortScope, isTimeUp } from './abort-scope.ts'
import { agentFor } from './agent.ts'
import { encodingError, refusedEncoding } from './answer-encoding.ts'
import { basicAuthorization } from './authorization.ts'
import { certificateEnd } from './certificate-end.ts'
import { addressesOf, type NetworkAddress } from './connect.ts'
import type { CookieJar } from './cookies.ts'
import { beginRequest } from './interim-answers.ts'
import { type KeptConnections, MOST_CONNECTIONS } from './kept-connections.ts'
import { legible } from './legible.ts'
import { ConnectionError, networkFault } from './network-error.ts'
import type { Destinations } from './private-addresses.ts'
import { follow, type Hop, readHttpUrl } from './request-hop.ts'

export interface HttpRequest {
  /** `http://` or `https://`; a user and a password in it become a Basic `authorization`. It is a secret. */
  url: string
  method?: 'GET' | 'POST' | 'PUT'
  /** Sent to this server alone: a redirect to another one goes out without them. */
  headers?: Readonly<Record<string, string>>
  /** Of a POST or a PUT. */
  body?: string | Buffer
  /** Bytes of the answer's body; more are an error. 0: only its status matters, and nothing of the body is read. */
  mostBytes: number
  /** Whether the beginning of a longer body will do. Default: false. */
  beginning?: boolean
  /** Seconds until all of it must be there, redirects included. */
  within: number
  /** How many redirects of a GET are followed; the answer itself is given where it is 0, which is the default. */
  redirects?: number
  /** Sent where they belong, and those of the answers are put into it. Default: none are sent or kept. */
  cookies?: CookieJar
  /** Default: true. */
  verifyTls?: boolean
  /** Certificates, PEM, that are trusted in the place of those which Node trusts. */
  ca?: string
  /** Where it may go, redirects included; null, the default: anywhere. */
  allowed?: Destinations | null
  /** Of the host of `url`, where they are known already; it is looked up otherwise. Without redirects only. */
  addresses?: [NetworkAddress, ...NetworkAddress[]]
  /** Over which it goes, where several requests are to share them; of a GET only. Default: one of its own, closed after the answer. */
  connections?: KeptConnections
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
  /** Until when the server's certificate counts, milliseconds since the epoch; null where it has shown none. */
  certificateEnds: number | null
}

/** An answer whose body is still to come. */
export interface OpenAnswer extends Omit<HttpAnswer, 'body'> {
  body: Readable
  /** Closes the connection. It has to be called. */
  close(): void
}

/**
 * Opens an answer that may go on for ever. `within` is the time until it begins, redirects included; whoever reads it bounds
 * the rest. The connection is closed when the request's signal aborts.
 *
 * @throws ConnectionError
 */
export async function openHttp(request: Omit<HttpRequest, 'mostBytes' | 'beginning'>): Promise<OpenAnswer> {
  const waiting = new AbortScope(request.signal, request.within)
  try {
    const answer = await answerTo(request, waiting.signal)
    const encoding = refusedEncoding(answer.headers)
    if (encoding === null) return closedWith(request.signal, answer)
    answer.close()
    throw encodingError(encoding, answer.status)
  } finally {
    waiting.end()
  }
}

function closedWith(signal: AbortSignal, answer: OpenAnswer): OpenAnswer {
  const close = guarded('open answer', () => {
    signal.removeEventListener('abort', close)
    answer.close()
  })
  if (signal.aborted) close()
  else signal.addEventListener('abort', close, { once: true })
  return { ...answer, close }
}

/**
 * Asks a server once, and reads no more of its answer than it was asked for: nothing compressed is taken, bytes and time are
 * counted while they come, and at the bound, at an error and after the answer the connection is closed. The one way in
 * which whole answers of other servers are read (decision 0010).
 *
 * @throws ConnectionError
 */
export async function askHttp(request: HttpRequest): Promise<HttpAnswer> {
  const answer = await askHttpForBytes(request)
  return { ...answer, body: answer.body.toString('utf8') }
}

/** The same for an answer that is no text. */
export async function askHttpForBytes(request: HttpRequest): Promise<Omit<HttpAnswer, 'body'> & { body: Buffer }> {
  const scope = new AbortScope(request.signal, request.within)
  let open: OpenAnswer | null = null
  try {
    open = await answerTo(request, scope.signal)
    const { body, close: _, ...answer } = open
    const bytes = request.mostBytes > 0 ? await read(body, answer.headers, answer.status, request) : Buffer.alloc(0)
    return { ...answer, body: bytes }
  } catch (error) {
    throw explain(error, open?.status ?? null, request, scope.signal)
  } finally {
    open?.close()
    scope.end()
  }
}

/** HTTP status of which a GET goes on elsewhere as a GET. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function sentOnTo({ status, headers }: OpenAnswer): string | null {
  return REDIRECTS.has(status) ? (headers.location ?? null) : null
}

/** Asks, and asks on where it is sent, until there is an answer that sends no further. */
async function answerTo(request: Omit<HttpRequest, 'mostBytes'>, signal: AbortSignal): Promise<OpenAnswer> {
  let hop = readHttpUrl(request.url)
  for (let left = request.redirects ?? 0; ; left--) {
    const answer = await askOnce(request, hop, signal)
    const next = (request.redirects ?? 0) === 0 ? null : sentOnTo(answer)
    if (next === null) return answer
    answer.close()
    if (left === 0) throw new ConnectionError('redirect', 'the server sends on and on', answer.status)
    hop = follow(hop, next)
  }
}

/** A connection that was kept may be closed by the server at the moment in which it is used: that is no answer of it. */
async function askOnce(request: Omit<HttpRequest, 'mostBytes'>, hop: Hop, signal: AbortSignal): Promise<OpenAnswer> {
  const { connections } = request
  if (connections?.has(hop.url) !== true) return askOver(request, hop, signal)
  try {
    return await askOver(request, hop, signal)
  } catch (error) {
    connections.forget(hop.url)
    if (!(error instanceof ConnectionError) || error.code !== 'closed') throw error
    return askOver(request, hop, signal)
  }
}

async function askOver(request: Omit<HttpRequest, 'mostBytes'>, hop: Hop, signal: AbortSignal): Promise<OpenAnswer> {
  let own: http.Agent | null = null
  try {
    const client = await axios()
    const { url } = hop
    const lookUp = async () => request.addresses ?? (await addressesOf(url.hostname, signal, request.allowed))
    const { verifyTls = true, ca } = request
    const trust = { verifyTls, ...(ca !== undefined && { ca }) }
    const kept = await request.connections?.agent(url, lookUp, (addresses) =>
      agentFor(url, addresses, { ...trust, keepAlive: true, most: MOST_CONNECTIONS }),
    )
    if (!kept) own = agentFor(url, await lookUp(), trust)
    const agent = kept ?? own
    const {
      data,
      request: asked,
      ...answer
    } = await client.request<Readable>({
      url: url.href,
      method: request.method ?? 'GET',
      ...(request.body !== undefined && { data: request.body }),
      headers: headersOf(request, hop),
      httpAgent: agent,
      httpsAgent: agent,
      signal,
    })
    // What comes after the body was given up is no news.
    data.on('error', () => {})
    const { status } = answer
    request.cookies?.take(url, answer.headers['set-cookie'])
    const opened = own
    const close = () => {
      data.destroy()
      opened?.destroy()
    }
    const headers = plain(answer.headers)
    const certificateEnds = certificateEnd((asked as http.ClientRequest | undefined)?.socket)
    const statusText = legible(answer.statusText)
    return { status, statusText, headers, body: data, url: withCredentials(hop), certificateEnds, close }
  } catch (error) {
    own?.destroy()
    throw explain(error, null, request, signal)
  }
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
      transport: { request: beginRequest },
      validateStatus: () => true,
    }),
  )
  return client
}

function headersOf(
  { headers = {}, cookies }: Omit<HttpRequest, 'mostBytes'>,
  { url, credentials, isFirst }: Hop,
): Record<string, string> {
  return {
    accept: '*/*',
    'user-agent': 'rtmp-hmonitor',
    ...(isFirst && headers),
    ...(credentials !== null && { authorization: basicAuthorization(credentials.user, credentials.password) }),
    ...cookies?.headerFor(url),
    'accept-encoding': 'identity',
  }
}

function plain(headers: object): HttpAnswer['headers'] {
  const fields = Object.entries(headers) as [string, unknown][]
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
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
): Promise<Buffer> {
  const encoding = refusedEncoding(headers)
  if (encoding !== null) throw encodingError(encoding, status)
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
  return Buffer.concat(chunks).subarray(0, mostBytes)
}

/** @param status of the answer, where one had begun */
function explain(
  error: unknown,
  status: number | null,
  { within }: Pick<HttpRequest, 'within'>,
  signal: AbortSignal,
): ConnectionError {
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
