/** Where a stream is played from by RTMP, its parts apart. */
export interface RtmpAddress {
  scheme: 'rtmp' | 'rtmps'
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  host: string
  port: number
  /** As `connect` names it: several parts and a query where it has them. */
  app: string
  /** As `play` names it, byte for byte as the publisher wrote it: slashes, percent signs and a query belong to it. */
  key: string
  /** What the server is to be told of who asks, where it wants to know; null where the address says nothing. */
  login: { user: string; password: string } | null
}

const PORTS = { rtmp: 1935, rtmps: 443 } as const

/**
 * Reads the address of a stream. Which part of the path is the application is told as FFmpeg does, so that both name the
 * same stream: the first two parts where a third follows, else the first. A fragment is the key, whatever stands before it
 * is the application (`rtmp://host/one/two/three#key`, as MediaMTX writes it); so is a key that is given apart.
 *
 * Null where it is no such address: another scheme, or no application.
 *
 * @param key apart from the URL; null where it is part of it
 */
export function readRtmpAddress(url: string, key: string | null = null): RtmpAddress | null {
  const found =
    /^(rtmps?):\/\/(?:([^/?#]*)@)?(?:\[([0-9a-f:.]+)\]|([^/?#:[\]]+))(?::(\d{1,5}))?\/([^#]*)(?:#(.*))?$/isu.exec(url)
  if (!found) return null
  const [, scheme = '', user, six, name, port, path = '', fragment] = found
  const host = six ?? name ?? ''
  const known = scheme.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp'
  const server = {
    scheme: known,
    host,
    port: port === undefined ? PORTS[known] : Number(port),
    login: loginOf(user),
  } as const
  const apart = key ?? fragment ?? null
  const parts = apart === null ? split(path) : { app: path.replace(/\/$/, ''), key: apart }
  return parts.app === '' || server.port < 1 || server.port > 65_535 ? null : { ...server, ...parts }
}

function loginOf(user: string | undefined): RtmpAddress['login'] {
  const at = user?.indexOf(':') ?? -1
  if (user === undefined || at < 1) return null
  return { user: decoded(user.slice(0, at)), password: decoded(user.slice(at + 1)) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** libavformat's rtmpproto.c: a colon within the second part makes it the stream (`mp4:one/two`). */
function split(path: string): { app: string; key: string } {
  const first = path.search(/[/?]/)
  if (first === -1) return { app: path, key: '' }
  if (path[first] === '?') return { app: path, key: '' }
  const query = path.indexOf('?')
  const end = query === -1 ? path.length : query
  const second = path.indexOf('/', first + 1)
  const colon = path.indexOf(':', first + 1)
  const isOnePart = second === -1 || second >= end || (colon !== -1 && colon < second)
  const at = isOnePart ? first : second
  return { app: path.slice(0, at), key: path.slice(at + 1) }
}

/** The application's URL, as `connect` says it. There is no key in it. */
export function applicationUrl({ scheme, host, port, app }: RtmpAddress): string {
  const named = host.includes(':') ? `[${host}]` : host
  return `${scheme}://${named}${port === PORTS[scheme] ? '' : `:${port}`}/${app}`
}
