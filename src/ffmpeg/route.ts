import { once } from 'node:events'
import net, { isIP } from 'node:net'
import { AbortScope } from '../connection/abort-scope.ts'
import { connectSecurely, lookUp } from '../connection/connect.ts'
import { type Destinations, destinationsFrom, refusesPrivate } from '../connection/private-addresses.ts'
import { guarded } from '../observation/internal-errors.ts'
import { redactUrl, type StreamAddress, withServer } from '../secrets/stream-address.ts'
import type { Ending } from '../stream/packet-source.ts'
import { explainConnectError } from '../stream/reachability.ts'
import { useNameProxy } from './name-proxy.ts'
import type { Program } from './program.ts'

/** How an ffprobe gets to a server. */
export interface Route {
  /** What the program reads in the place of the address, where something of ours stands between; else null. */
  relayed: StreamAddress | null
  /** The server's IP address, to be put in the place of its name; null where ffprobe is given the name. */
  resolved: string | null
  /** What ffprobe's environment has to hold besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** Whether it leads through a proxy, ours or the user's: only then ffprobe may speak to one. */
  proxied: boolean
  /** What the proxy could not do that was asked of it last, where it is ours: ffprobe is told no more than that it failed. */
  trouble(): Ending | null
  /** Where the server may send on to; null: anywhere. The proxy holds ffprobe to it. */
  allowed: Destinations | null
  /** Aborts when it asked for an address that is not allowed; null where all are. */
  forbidden: AbortSignal | null
  /** To be called when nothing uses the route any more. */
  release(): void
}

const DIRECT: Route = {
  ...{ relayed: null, resolved: null, env: {}, proxied: false, allowed: null, forbidden: null },
  trouble: () => null,
  release: () => {},
}

/**
 * A statically linked ffprobe crashes as well when it converts the name of an MPEG-TS service, because it loads the
 * system's modules for it (measured with the build of `@ffprobe-installer/linux-x64`). Where it finds none, it does not.
 */
const NO_CONVERSIONS = { GCONV_PATH: '/nonexistent' }

/** What a program needs that is given what it reads. */
export function environmentOf({ resolvesNames }: Program): Readonly<Record<string, string>> {
  return resolvesNames ? {} : NO_CONVERSIONS
}

/**
 * The way to a server: straight, unless ffprobe cannot look up names. Then it is given the IP address; or, where it needs
 * names (for TLS, and for what a playlist or a redirect refers to, whose server may be another), a proxy that looks them up. A
 * name is looked up in any case, unless a proxy of the user's does: ffprobe would wait for a silent name service without a word.
 * Where a server may not send on to private addresses (`refusesPrivate`), HTTP goes through our proxy too, which knows them.
 * So does what holds a secret: the program asks our proxy for a stand-in, and is sent on to the address, which is so in no
 * process list (decision 0025).
 */
export async function routeTo(address: StreamAddress, binary: Program, verifyTls = true): Promise<Route | Ending> {
  if (address.protocol === 'rtsps') {
    const { address: relayed, trouble, stop } = await relayTls(address, verifyTls)
    return { ...DIRECT, env: binary.resolvesNames ? {} : NO_CONVERSIONS, relayed, trouble, release: stop }
  }
  const isWeb = address.protocol.startsWith('http')
  if (binary.resolvesNames && (process.env.http_proxy ?? '') !== '') return { ...DIRECT, proxied: true }
  const isSecret = isWeb && redactUrl(address.url) !== address.url
  const isProxied = isSecret || (isWeb && refusesPrivate())
  if (isIP(address.host) !== 0 && (binary.resolvesNames || !isWeb) && !isProxied) {
    return binary.resolvesNames ? DIRECT : { ...DIRECT, env: NO_CONVERSIONS }
  }
  const found = await lookUp(address.host, 'any', new AbortController().signal)
  if (!found.found) {
    const end = found.code === 'dns-failed' ? 'dns-failed' : 'unreachable'
    return { end, message: found.message, beforeStream: true }
  }
  if (binary.resolvesNames && !isProxied) return DIRECT
  if (!address.tls && !isWeb) return { ...DIRECT, env: NO_CONVERSIONS, resolved: found.addresses[0].address }
  const allowed = isWeb && refusesPrivate() ? destinationsFrom(found.addresses) : null
  const { url, standIn, trouble, forbidden, release } = await useNameProxy(allowed, isSecret ? address.url : null)
  const env = { ...(!binary.resolvesNames && NO_CONVERSIONS), http_proxy: url, no_proxy: '' }
  const relayed = standIn === null ? null : { ...address, protocol: 'http' as const, url: standIn }
  return { relayed, resolved: null, env, proxied: true, allowed, trouble, forbidden, release }
}

/** Seconds for lookup, connection and TLS. */
const CONNECT_LIMIT = 10

interface TlsRelay {
  /** What a program reads in the place of the address: RTSP on this computer. */
  address: StreamAddress
  /** Why the last connection to the server did not come about; null where it did. */
  trouble(): Ending | null
  stop(): void
}

/**
 * A way to a server of RTSP within TLS: FFmpeg's own verifies no certificate and cannot be told to (7.1 and older), and
 * where it is static it looks up no names. It is open to this computer only, and leads to that one server.
 */
async function relayTls(address: StreamAddress, verifyTls: boolean): Promise<TlsRelay> {
  const stopping = new AbortController()
  let trouble: Ending | null = null
  const pass = async (program: net.Socket) => {
    program.on('error', () => {})
    try {
      const server = await connectWithin(address, verifyTls, stopping.signal)
      trouble = null
      const end = guarded('tls relay', () => {
        server.destroy()
        program.destroy()
      })
      program.on('close', end)
      server.on('close', end)
      if (program.destroyed) server.destroy()
      program.pipe(server).pipe(program)
    } catch (error) {
      if (!stopping.signal.aborted) trouble = { ...explainConnectError(error), beforeStream: true }
      program.destroy()
    }
  }
  const programs = new Set<net.Socket>()
  const server = net.createServer(
    guarded('tls relay', (program: net.Socket) => {
      programs.add(program)
      program.on(
        'close',
        guarded('tls relay', () => programs.delete(program)),
      )
      return pass(program)
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    address: withServer(address, { protocol: 'rtsp', host: '127.0.0.1', port }),
    trouble: () => trouble,
    stop: () => {
      stopping.abort()
      for (const program of programs) program.destroy()
      server.close()
    },
  }
}

async function connectWithin(server: StreamAddress, verifyTls: boolean, stopping: AbortSignal) {
  const scope = new AbortScope(stopping, CONNECT_LIMIT)
  try {
    return await connectSecurely(server, verifyTls, scope.signal)
  } finally {
    scope.end()
  }
}
