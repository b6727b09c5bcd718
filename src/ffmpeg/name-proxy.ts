import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { Duplex } from 'node:stream'
import { basicAuthorization } from '../connection/authorization.ts'
import { addressesOf, answerWith, connectTo } from '../connection/connect.ts'
import { ConnectionError } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Ending } from '../stream/packet-source.ts'
import { explainConnectError } from '../stream/reachability.ts'

/** A way out for a process that cannot look up host names. */
export interface NameProxy {
  /** With the secret that lets in; only for the environment of a process of ours. */
  readonly url: string
  /** What a program asks for in the place of the address that was given, to which it is then sent on; null: none was. */
  readonly standIn: string | null
  /** What could not be done that was asked for last, where nothing was done since; else null. */
  trouble(): Ending | null
  /** Aborts when an address was asked for that is not allowed. */
  readonly forbidden: AbortSignal
  /** Ends it when nobody else uses it. */
  release(): void
}

/** Who may use it, told apart by their secrets. */
interface Client {
  /** Where it may be let to; null: anywhere. */
  readonly allowed: Destinations | null
  /** The address that nobody else may see, and what is asked for in its place. */
  readonly hidden: { readonly standIn: URL; readonly url: string } | null
  readonly forbidden: AbortController
  trouble: Ending | null
}

interface Running {
  server: http.Server
  port: number
  /** By the `proxy-authorization` that each sends. */
  clients: Map<string, Client>
}

const USER = 'ffprobe'
let running: Promise<Running> | null = null
let users = 0

/**
 * An HTTP proxy on loopback for those ffprobes that crash when they look up a host name: they hand the name to the proxy
 * and keep everything else, so TLS still names and verifies the right host. It lets in only who knows its secret, and
 * runs only while somebody uses it.
 *
 * @param allowed where it lets to; null: anywhere
 * @param secret an address for which a stand-in is wanted: what a program is given as an argument everybody can see, but not
 *   what it is answered, which takes the secret in its environment
 */
export async function useNameProxy(
  allowed: Destinations | null = null,
  secret: string | null = null,
): Promise<NameProxy> {
  users++
  running ??= listen()
  const mine = running
  const hidden = secret === null ? null : { standIn: standInFor(secret), url: secret }
  const client: Client = { allowed, hidden, forbidden: new AbortController(), trouble: null }
  const password = randomBytes(18).toString('base64url')
  const authorization = basicAuthorization(USER, password)
  let using = true
  const release = () => {
    if (!using) return
    using = false
    users--
    mine.then(({ clients }) => clients.delete(authorization), ignore)
    if (users > 0 || running !== mine) return
    running = null
    mine.then(({ server }) => {
      server.close()
      server.closeAllConnections()
    }, ignore)
  }
  try {
    const { port, clients } = await mine
    if (using) clients.set(authorization, client)
    return {
      url: `http://${USER}:${password}@127.0.0.1:${port}`,
      standIn: hidden?.standIn.href ?? null,
      trouble: () => client.trouble,
      forbidden: client.forbidden.signal,
      release,
    }
  } catch (error) {
    release()
    throw error
  }
}

/** The path stays, as what a manifest names is looked for beside it. No host has such a name (RFC 6761, 6.4). */
function standInFor(url: string): URL {
  return new URL(new URL(url).pathname, `http://${randomBytes(9).toString('hex')}.invalid`)
}

/** Where who asks for the stand-in, or for what is beside it, is sent on to; null where something else is asked for. */
function sentOnTo(asked: URL, hidden: Client['hidden']): string | null {
  if (hidden === null || asked.hostname !== hidden.standIn.hostname) return null
  if (asked.pathname === hidden.standIn.pathname && asked.search === '') return inAscii(hidden.url)
  const beside = new URL(hidden.url)
  beside.pathname = asked.pathname
  beside.search = asked.search
  return beside.href
}

async function listen(): Promise<Running> {
  const clients: Running['clients'] = new Map()
  const clientOf = ({ headers }: http.IncomingMessage) => clients.get(headers['proxy-authorization'] ?? '')
  const server = http.createServer(
    guarded('name proxy', (request: http.IncomingMessage, response: http.ServerResponse) => {
      const known = clientOf(request)
      if (known) forward(request, response, known)
      else response.writeHead(407, ASK).end()
    }),
  )
  server.on(
    'connect',
    guarded('name proxy', (request, client, head) => {
      client.on('error', ignore)
      const known = clientOf(request)
      if (known) return tunnel(request.url ?? '', client, head, known)
      client.end(`HTTP/1.1 407 ${http.STATUS_CODES[407]}\r\nProxy-Authenticate: ${ASK['Proxy-Authenticate']}\r\n\r\n`)
      return
    }),
  )
  server.on(
    'clientError',
    guarded('name proxy', (_error, socket) => socket.destroy()),
  )
  server.on('error', ignore)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The name proxy has no port.')
  return { server, port: address.port, clients }
}

const ASK = { 'Proxy-Authenticate': 'Basic realm="rtmp-hmonitor"', Connection: 'close' }

function ignore(): void {}

/** `CONNECT host:port`: bytes both ways, until either side ends. */
async function tunnel(authority: string, client: Duplex, head: Buffer, known: Client): Promise<void> {
  const target = `tcp://${authority}`
  const { hostname, port } = URL.canParse(target) ? new URL(target) : { hostname: '', port: '' }
  if (hostname === '' || port === '') {
    client.end(`HTTP/1.1 400 ${http.STATUS_CODES[400]}\r\n\r\n`)
    return
  }
  const gone = new AbortController()
  client.on(
    'close',
    guarded('name proxy', () => gone.abort()),
  )
  try {
    const addresses = await addressesOf(hostname, gone.signal, known.allowed)
    const server = await connectTo({ host: hostname, port: Number(port), addresses }, gone.signal)
    const end = guarded('name proxy', () => {
      server.destroy()
      client.destroy()
    })
    server.on('close', end)
    client.on('close', end)
    known.trouble = null
    client.write('HTTP/1.1 200 Connected\r\n\r\n')
    if (head.length > 0) server.write(head)
    server.pipe(client)
    client.pipe(server)
  } catch (error) {
    if (!gone.signal.aborted) fail(known, error)
    client.destroy()
  }
}

const NOT_HTTP =
  'the server, or its playlist, sends on to what is no address of HTTP, and only http:// and https:// are read'

/** A plain HTTP request, as for a playlist and its segments. */
async function forward(request: http.IncomingMessage, response: http.ServerResponse, known: Client): Promise<void> {
  const url = request.url ?? ''
  if (!url.startsWith('http://') || !URL.canParse(url)) {
    known.trouble = { end: 'refused', message: NOT_HTTP }
    response.writeHead(400).end()
    return
  }
  response.on('error', ignore)
  const location = sentOnTo(new URL(url), known.hidden)
  if (location !== null) {
    response.writeHead(302, { Location: location, 'Content-Length': 0 }).end()
    return
  }
  const gone = new AbortController()
  response.on(
    'close',
    guarded('name proxy', () => gone.abort()),
  )
  let addresses: Awaited<ReturnType<typeof addressesOf>>
  try {
    addresses = await addressesOf(new URL(url).hostname, gone.signal, known.allowed)
  } catch (error) {
    if (!gone.signal.aborted) fail(known, error)
    response.writeHead(502).end()
    return
  }
  const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers
  const passOn = guarded('name proxy', (answer: http.IncomingMessage) => {
    known.trouble = null
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
    answer.on(
      'error',
      guarded('name proxy', () => response.destroy()),
    )
  })
  const lookup = answerWith(addresses)
  const up = http.request(url, { method: request.method ?? 'GET', headers, agent: false, lookup }, passOn)
  up.on(
    'error',
    guarded('name proxy', (error) => {
      if (!response.headersSent) fail(known, error)
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    }),
  )
  const giveUp = guarded('name proxy', () => up.destroy())
  if (gone.signal.aborted) giveUp()
  else gone.signal.addEventListener('abort', giveUp, { once: true })
  request.pipe(up)
}

/** As a header may hold it, and nothing else of it changed. */
function inAscii(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

function fail(client: Client, error: unknown): void {
  const isForbidden = error instanceof ConnectionError && error.code === 'private-address'
  client.trouble = isForbidden ? { end: 'refused', message: error.message } : explainConnectError(error)
  if (isForbidden) client.forbidden.abort()
}
