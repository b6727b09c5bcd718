import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { StreamAddress } from './address.ts'
import type { FfprobeBinary } from './ffprobe-binary.ts'
import { useNameProxy } from './name-proxy.ts'
import { explainConnectError } from './reachability.ts'
import type { Ending } from './session-end.ts'

/** How an ffprobe gets to a server. */
export interface Route {
  /** The server's IP address, to be put in the place of its name; null where ffprobe is given the name. */
  resolved: string | null
  /** What ffprobe's environment has to hold besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** To be called when nothing uses the route any more. */
  release(): void
}

const DIRECT: Route = { resolved: null, env: {}, release: () => {} }

/**
 * A statically linked ffprobe crashes as well when it converts the name of an MPEG-TS service, because it loads the
 * system's modules for it (measured with the build of `@ffprobe-installer/linux-x64`). Where it finds none, it does not.
 */
const NO_CONVERSIONS = { GCONV_PATH: '/nonexistent' }

/**
 * The way to a server: straight, unless ffprobe cannot look up names. Then we do, and give it the IP address; or, where
 * it needs the name (for TLS, and for what a playlist refers to), a proxy that does.
 */
export async function routeTo(address: StreamAddress, binary: FfprobeBinary): Promise<Route | Ending> {
  if (binary.resolvesNames) return DIRECT
  const straight: Route = { ...DIRECT, env: NO_CONVERSIONS }
  if (isIP(address.host) !== 0) return straight
  let resolved: string
  try {
    resolved = (await lookup(address.host, { order: 'ipv4first' })).address
  } catch (error) {
    return { ...explainConnectError(error), beforeStream: true }
  }
  if (!address.tls && !address.protocol.startsWith('http')) return { ...straight, resolved }
  const { url, release } = await useNameProxy()
  return { resolved: null, env: { ...NO_CONVERSIONS, http_proxy: url, no_proxy: '' }, release }
}
