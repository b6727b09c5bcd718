import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { guarded } from '../observation/internal-errors.ts'

/** A way out for a process that cannot look up host names. */
export interface NameProxy {
  /** With the secret that lets in; only for the environment of a process of ours. */
  readonly url: string
  /** Ends it when nobody else uses it. */
  release(): void
}

interface Running {
  server: http.Server
  url: string
}

const USER = 'ffprobe'
let running: Promise<Running> | null = null
let users = 0

/**
 * An HTTP proxy on loopback for those ffprobes that crash when they look up a host name: they hand the name to the proxy
 * and keep everything else, so TLS still names and verifies the right host. It lets in only who knows its secret, and
 * runs only while somebody uses it.
 */
export async function useNameProxy(): Promise<NameProxy> {
  users++
  running ??= listen()
  const mine = running
  let using = true
  const release = () => {
    if (!using) return
    using = false
    users--
    if (users > 0 || running !== mine) return
    running = null
    mine.then(({ server }) => {
      server.close()
      server.closeAllConnections()
    }, ignore)
  }
  try {
    return { url: (await mine).url, release }
  } catch (error) {
    release()
    throw error
  }
}

async function listen(): Promise<Running> {
  const password = randomBytes(18).toString('base64url')
  const expected = `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`
  const isKnown = (request: http.IncomingMessage) => request.headers['proxy-authorization'] === expected
  const server = http.createServer(
    guarded('name proxy', (request: http.IncomingMessage, response: http.ServerResponse) => {
      if (isKnown(request)) forward(request, response)
      else response.writeHead(407, ASK).end()
    }),
  )
  server.on(
    'connect',
    guarded('name proxy', (request, client, head) => {
      client.on('error', ignore)
      if (isKnown(request)) tunnel(request.url ?? '', client, head)
      else
        client.end(`HTTP/1.1 407 ${http.STATUS_CODES[407]}\r\nProxy-Authenticate: ${ASK['Proxy-Authenticate']}\r\n\r\n`)
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
  return { server, url: `http://${USER}:${password}@127.0.0.1:${address.port}` }
}

const ASK = { 'Proxy-Authenticate': 'Basic realm="rtmp-hmonitor"', Connection: 'close' }

function ignore(): void {}

/** `CONNECT host:port`: bytes both ways, until either side ends. */
function tunnel(authority: string, client: Duplex, head: Buffer): void {
  const target = `tcp://${authority}`
  const { hostname, port } = URL.canParse(target) ? new URL(target) : { hostname: '', port: '' }
  if (hostname === '' || port === '') {
    client.end(`HTTP/1.1 400 ${http.STATUS_CODES[400]}\r\n\r\n`)
    return
  }
  const server = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }, () => {
    client.write('HTTP/1.1 200 Connected\r\n\r\n')
    if (head.length > 0) server.write(head)
    server.pipe(client)
    client.pipe(server)
  })
  server.on(
    'error',
    guarded('name proxy', () => client.destroy()),
  )
  server.on(
    'close',
    guarded('name proxy', () => client.destroy()),
  )
  client.on(
    'close',
    guarded('name proxy', () => server.destroy()),
  )
}

/** A plain HTTP request, as for a playlist and its segments. */
function forward(request: http.IncomingMessage, response: http.ServerResponse): void {
  const url = request.url ?? ''
  if (!url.startsWith('http://') || !URL.canParse(url)) {
    response.writeHead(400).end()
    return
  }
  response.on('error', ignore)
  const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers
  const passOn = guarded('name proxy', (answer: http.IncomingMessage) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
    answer.on(
      'error',
      guarded('name proxy', () => response.destroy()),
    )
  })
  const up = http.request(url, { method: request.method ?? 'GET', headers, agent: false }, passOn)
  up.on(
    'error',
    guarded('name proxy', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    }),
  )
  response.on(
    'close',
    guarded('name proxy', () => up.destroy()),
  )
  request.pipe(up)
}
