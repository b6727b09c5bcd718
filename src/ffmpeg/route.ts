import { isIP } from 'node:net'
import { lookUp } from '../connection/lookup.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { FfprobeBinary } from './binaries.ts'
import { useNameProxy } from './name-proxy.ts'
import type { Ending } from './session-end.ts'

/** How an ffprobe gets to a server. */
export interface Route {
  /** The server's IP address, to be put in the place of its name; null where ffprobe is given the name. */
  resolved: string | null
  /** What ffprobe's environment has to hold besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** Whether it leads through a proxy, ours or the user's: only then ffprobe may speak to one. */
  proxied: boolean
  /** What the proxy could not do that was asked of it last, where it is ours: ffprobe is told no more than that it failed. */
  trouble(): Ending | null
  /** To be called when nothing uses the route any more. */
  release(): void
}

const DIRECT: Route = { resolved: null, env: {}, proxied: false, trouble: () => null, release: () => {} }

/** Seconds for a look-up of the server's name. */
const LOOKUP_LIMIT = 10

/**
 * A statically linked ffprobe crashes as well when it converts the name of an MPEG-TS service, because it loads the
 * system's modules for it (measured with the build of `@ffprobe-installer/linux-x64`). Where it finds none, it does not.
 */
const NO_CONVERSIONS = { GCONV_PATH: '/nonexistent' }

/**
 * The way to a server: straight, unless ffprobe cannot look up names. Then we do, and give it the IP address; or, where
 * it needs names (for TLS, and for what a playlist or a redirect refers to, whose server may be another), a proxy that does.
 */
export async function routeTo(address: StreamAddress, binary: FfprobeBinary): Promise<Route | Ending> {
  if (binary.resolvesNames) return { ...DIRECT, proxied: (process.env.http_proxy ?? '') !== '' }
  const straight: Route = { ...DIRECT, env: NO_CONVERSIONS }
  const isWeb = address.protocol.startsWith('http')
  if (isIP(address.host) !== 0 && !isWeb) return straight
  const found = await addressOf(address.host)
  if ('end' in found) return found
  if (!address.tls && !isWeb) return { ...straight, resolved: found.resolved }
  const { url, trouble, release } = await useNameProxy()
  return { resolved: null, env: { ...NO_CONVERSIONS, http_proxy: url, no_proxy: '' }, proxied: true, trouble, release }
}

async function addressOf(host: string): Promise<{ resolved: string } | Ending> {
  const limit = new AbortController()
  const late = guarded('stream route', () => limit.abort())
  const timer = setTimeout(late, LOOKUP_LIMIT * 1000)
  try {
    const found = await lookUp(host, 'any', limit.signal)
    if (found.found) return { resolved: found.addresses[0].address }
    const end = found.code === 'dns-failed' ? 'dns-failed' : 'unreachable'
    return { end, message: found.message, beforeStream: true }
  } catch {
    return {
      end: 'dns-failed',
      message: `the host name could not be looked up within ${LOOKUP_LIMIT} s`,
      beforeStream: true,
    }
  } finally {
    clearTimeout(timer)
  }
}
