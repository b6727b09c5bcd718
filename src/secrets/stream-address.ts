import { MonitorError } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import { publishOnly } from './publish-only.ts'

/** What a stream can be read by. Everything else (`file:`, `concat:`, `pipe:` …) is refused. */
const PROTOCOLS = {
  rtmp: { port: 1935, transport: 'tcp', tls: false },
  rtmps: { port: 443, transport: 'tcp', tls: true },
  rtmpt: { port: 80, transport: 'tcp', tls: false },
  srt: { port: null, transport: 'udp', tls: false },
  rtsp: { port: 554, transport: 'tcp', tls: false },
  rtsps: { port: 322, transport: 'tcp', tls: true },
  http: { port: 80, transport: 'tcp', tls: false },
  https: { port: 443, transport: 'tcp', tls: true },
} as const satisfies Record<string, { port: number | null; transport: 'tcp' | 'udp'; tls: boolean }>

export type StreamProtocol = keyof typeof PROTOCOLS
export const STREAM_PROTOCOLS = Object.keys(PROTOCOLS) as readonly StreamProtocol[]

/** Characters. No player takes a longer address. */
const LONGEST_URL = 2048

/** An address that a stream can have. */
export interface StreamAddress {
  /** As it was written. It may hold secrets: never show it. */
  url: string
  protocol: StreamProtocol
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  host: string
  port: number
  transport: 'tcp' | 'udp'
  /** Whether the server has to show a certificate. */
  tls: boolean
  /**
   * Media comes in segments, with gaps of a segment's length. What the address is called is a first guess; what the server
   * sends decides.
   */
  hls: boolean
}

interface Parts {
  scheme: string
  /** `user:password@`, or empty. */
  user: string
  /** Host and port. */
  server: string
  /** Begins with `/`, or empty. */
  path: string
  /** Begins with `?`, or empty. */
  query: string
  /** Begins with `#`, or empty. Of RTMP it is the key: all that stands before it is the application. */
  fragment: string
}

/**
 * Reads the address of a stream.
 *
 * @throws MonitorError `invalid-url`, `forbidden-protocol`, `publish-only`; the message holds nothing of the address but
 *   its protocol and host
 */
export function parseStreamUrl(url: string): StreamAddress {
  if (url === '') throw invalid('it is empty')
  if (url.length > LONGEST_URL) throw invalid(`it has ${url.length} characters, and at most ${LONGEST_URL} are allowed`)
  if (url.startsWith('-')) throw invalid('it begins with a dash')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(url)) throw invalid('it holds a control character, such as a line break')
  if (/\s/.test(url)) throw invalid('it holds a space')
  const protocol = protocolOf(url)
  const parts = split(url)
  if (!parts || parts.server === '') throw invalid('it names no server after the protocol')
  const known = PROTOCOLS[protocol]
  const { host, port } = serverOf(parts.server, known.port)
  const taken = publishOnly(host)
  if (taken) {
    throw new MonitorError(
      'publish-only',
      `${host} is where ${taken.platform} takes streams in: it can be published to, but not watched. Instead, ${taken.instead}.`,
    )
  }
  if (protocol.startsWith('rtmp') && parts.path.length < 2) {
    throw invalid('it names no application: an RTMP address looks like rtmp://server/application/stream')
  }
  const hls = protocol.startsWith('http') && /\.m3u8?$/i.test(parts.path)
  return { url, protocol, host, port, transport: known.transport, tls: known.tls, hls }
}

/** The same address with another host in its URL, for a player that cannot look up the name. */
export function withHost(address: StreamAddress, host: string): StreamAddress {
  return withServer(address, { ...address, host })
}

/** What is at an address, as another server has it. */
export function withServer(
  address: StreamAddress,
  { protocol, host, port }: Pick<StreamAddress, 'protocol' | 'host' | 'port'>,
): StreamAddress {
  const parts = split(address.url)
  if (!parts) return address
  const { transport, tls } = PROTOCOLS[protocol]
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const key = isRtmp(protocol) ? parts.fragment : ''
  const url = `${protocol}://${parts.user}${server}${parts.path}${parts.query}${key}`
  return { ...address, protocol, host, port, transport, tls, url }
}

/**
 * The application of an RTMP address: what stands before its fragment, or as FFmpeg reads it: two parts of the path where a
 * third one follows.
 */
export function rtmpApplication(url: string): string {
  const apart = keyApart(url)
  if (apart !== null) return apart.application
  const [first = '', second = '', ...rest] = (split(url)?.path ?? '').slice(1).split('/')
  return rest.length === 0 || second.includes(':') ? first : `${first}/${second}`
}

/** An RTMP address whose fragment is its key, taken apart; null where the key is part of the path, or it is another protocol. */
export function keyApart(url: string): { server: string; application: string; key: string } | null {
  const parts = split(url)
  if (!parts || !isRtmp(parts.scheme) || parts.fragment === '') return null
  const application = (parts.path + parts.query).slice(1).replace(/\/$/, '')
  const server = `${parts.scheme}://${parts.user}${parts.server}/${application}`
  return { server, application, key: parts.fragment.slice(1) }
}

/**
 * Joins *Server URL* and *Stream key*, the two fields that OBS has. An empty key leaves the URL as it is. Of RTMP the key
 * becomes the fragment, as MediaMTX writes it, unless it is certain to be told from the application without that: behind a
 * slash, the first part of a key with two would be the second part of the application.
 *
 * @param known what both hold where they are, or begin with, variables; of an address that is one, RTMP is assumed
 * @throws MonitorError `invalid-target` where the URL has a key already
 */
export function joinStreamKey(serverUrl: string, key: string, known = { serverUrl, key }): string {
  if (key === '') return serverUrl
  const own = key.replace(/^\//, '')
  const plain = (server: string, name: string) => `${server}${/[/=]$/.test(server) ? '' : '/'}${name}`
  const parts = split(known.serverUrl)
  const isPlain = parts === null ? !known.serverUrl.startsWith('${') : !isRtmp(parts.scheme) || parts.path.length < 2
  if (isPlain) return plain(serverUrl, own)
  if (known.serverUrl.includes('#')) {
    const message = 'the key stands in "url", behind the #, and in "key" as well; write it in one of them'
    throw new MonitorError('invalid-target', message)
  }
  const apart = `${serverUrl.replace(/\/$/, '')}#${own}`
  if (/[#$]/.test(known.key)) return apart
  const read = rtmpApplication(plain(known.serverUrl, known.key.replace(/^\//, '')))
  const isTold = parts?.query === '' && read === parts.path.slice(1).replace(/\/$/, '')
  return isTold ? plain(serverUrl, own) : apart
}

/**
 * Takes what is secret out of the text of a URL: passwords, the stream key (of RTMP, and of a protocol that is none,
 * all that follows the application),
 * the values of a query. `${NAME}` stays as it is, for it is no secret. Never throws, whatever the text.
 */
export function redactUrl(url: string): string {
  const parts = split(url)
  if (!parts) return url
  const { scheme, server, path, query, fragment } = parts
  const user = parts.user === '' ? '' : `${redactUser(parts.user.slice(0, -1))}@`
  // A protocol that nobody knows may be RTMP mistyped.
  const hasKey = isRtmp(scheme) || !Object.hasOwn(PROTOCOLS, scheme)
  const shown = `${scheme}://${user}${server}${hasKey ? redactPath(path) : path}${redactQuery(query)}`
  return isRtmp(scheme) && fragment !== '' ? `${shown}#${redactValue(fragment.slice(1))}` : shown
}

/**
 * The one part of a URL that is a secret on its own, and the URL without it: of RTMP what follows the application, with
 * the query, or the fragment; of the others the query, or else the password. Null where there is none.
 */
export function splitKey(url: string): { url: string; key: string | null } {
  const parts = split(url)
  if (!parts) return { url, key: null }
  const begin = `${parts.scheme}://${parts.user}${parts.server}`
  if (isRtmp(parts.scheme) && parts.fragment.length > 1) {
    return { url: `${begin}${parts.path}${parts.query}#`, key: parts.fragment.slice(1) }
  }
  if (isRtmp(parts.scheme)) {
    const application = applicationOf(parts.path)
    const key = parts.path.slice(application.length) + parts.query
    if (key !== '') return { url: begin + application, key: key.replace(/^\?/, '') }
  } else if (parts.query.length > 1) {
    return { url: begin + parts.path, key: parts.query.slice(1) }
  }
  const password = /^[^:]*:(.+)@$/.exec(parts.user)?.[1]
  if (password === undefined) return { url, key: null }
  const without = `${parts.scheme}://${parts.user.slice(0, -1 - password.length)}@`
  return { url: without + parts.server + parts.path + parts.query, key: password }
}

function invalid(why: string): MonitorError {
  return new MonitorError(
    'invalid-url',
    `This is no address of a stream: ${why}. Write it as rtmp://server/application/stream.`,
  )
}

function protocolOf(url: string): StreamProtocol {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) throw invalid('it has no protocol')
  if (Object.hasOwn(PROTOCOLS, scheme) && url.slice(scheme.length, scheme.length + 3) === '://') {
    return scheme as StreamProtocol
  }
  const suggestion = nearestWord(scheme, STREAM_PROTOCOLS)
  const meant = suggestion === null ? '.' : didYouMean(`${suggestion}://`)
  throw new MonitorError(
    'forbidden-protocol',
    `A stream cannot be read by "${scheme.slice(0, 20)}:"${meant} Allowed are ${STREAM_PROTOCOLS.map((name) => `${name}://`).join(', ')}.`,
    { suggestion },
  )
}

function split(url: string): Parts | null {
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*@)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?/is.exec(url)
  if (!found) return null
  const [, scheme = '', user = '', server = '', path = '', query = '', fragment = ''] = found
  return { scheme: scheme.toLowerCase(), user, server, path, query, fragment }
}

function serverOf(server: string, defaultPort: number | null): { host: string; port: number } {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(server)
  const host = found?.[1] ?? found?.[2]
  if (!found || host === undefined || !/^[\p{L}\p{N}._:-]+$/u.test(host) || host.startsWith('-')) {
    throw invalid('its server is neither a name nor an IP address')
  }
  const port = found[3] === undefined ? defaultPort : Number(found[3])
  if (port === null) throw invalid('it needs a port, as in srt://server:9000')
  if (port < 1 || port > 65535) throw invalid(`port ${port} does not exist`)
  return { host, port }
}

function isRtmp(scheme: string): boolean {
  return scheme.startsWith('rtmp')
}

/** `/live/` of `/live/key`; the whole path where nothing follows the application. */
function applicationOf(path: string): string {
  const end = path.indexOf('/', 1)
  return end === -1 ? path : path.slice(0, end + 1)
}

function redactPath(path: string): string {
  const application = applicationOf(path)
  return application + redactValue(path.slice(application.length))
}

function redactQuery(query: string): string {
  if (query.length < 2) return query
  const pairs = query.slice(1).split('&')
  return `?${pairs
    .map((pair) => {
      const at = pair.indexOf('=')
      return at === -1 ? redactValue(pair) : pair.slice(0, at + 1) + redactValue(pair.slice(at + 1))
    })
    .join('&')}`
}

function redactUser(user: string): string {
  const at = user.indexOf(':')
  return at === -1 ? redactValue(user) : user.slice(0, at + 1) + redactValue(user.slice(at + 1))
}

function redactValue(value: string): string {
  return value === '' || /^(\$\{[^{}]*\})+$/.test(value) ? value : '***'
}
