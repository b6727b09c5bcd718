import { MonitorError } from '../../observation/errors.ts'
import { didYouMean, nearestWord } from '../../observation/nearest-word.ts'

/** What a service can be checked by. `port`: where none is written; null: one must be. */
const PROTOCOLS = {
  tcp: { port: null, tls: false },
  tls: { port: 443, tls: true },
  http: { port: 80, tls: false },
  https: { port: 443, tls: true },
  rtmp: { port: 1935, tls: false },
  rtmps: { port: 443, tls: true },
} as const

export type ServiceProtocol = keyof typeof PROTOCOLS
const SERVICE_PROTOCOLS = Object.keys(PROTOCOLS) as readonly ServiceProtocol[]

/** Characters. */
const LONGEST_URL = 2048

export interface ServiceAddress {
  protocol: ServiceProtocol
  tls: boolean
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  host: string
  port: number
  /** Of HTTP: path and query as they are asked for. It may hold secrets. */
  path: string
  /** Of HTTP: `user:password`, or null. A secret. */
  credentials: string | null
  /**
   * Of RTMP: the application to connect to, without the stream key and whatever else follows it. Empty where the address
   * names none: then only the handshake can be tested.
   */
  application: string
}

/**
 * Reads the address of a service.
 *
 * @throws MonitorError `invalid-url`, `forbidden-protocol`; the message holds nothing of the address but its protocol
 */
export function parseServiceUrl(url: string): ServiceAddress {
  if (url.length > LONGEST_URL) throw invalid(`it has ${url.length} characters, and at most ${LONGEST_URL} are allowed`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\s\u0000-\u001f\u007f]/.test(url)) throw invalid('it holds a space or a control character')
  const protocol = protocolOf(url)
  const known = PROTOCOLS[protocol]
  // A URL of another scheme would not be read as one that has a host and a path.
  const text = url.replace(/^[a-z]+/i, known.tls ? 'https' : 'http')
  if (!URL.canParse(text)) throw invalid('its server is neither a name nor an IP address, or its port does not exist')
  const { hostname, username, password, pathname, search, hash } = new URL(text)
  const port = portOf(url) ?? known.port
  if (port === null) throw invalid('it needs a port, as in tcp://server:9977')
  const credentials = username || password ? `${decode(username)}:${decode(password)}` : null
  return {
    protocol,
    tls: known.tls,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    path: pathname + search,
    credentials,
    application: protocol.startsWith('rtmp') ? applicationOf(pathname, hash !== '') : '',
  }
}

function protocolOf(url: string): ServiceProtocol {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) throw invalid('it has no protocol')
  if (Object.hasOwn(PROTOCOLS, scheme)) return scheme as ServiceProtocol
  const allowed = SERVICE_PROTOCOLS.map((name) => `${name}://`).join(', ')
  const suggestion = nearestWord(scheme, SERVICE_PROTOCOLS)
  const meant = suggestion === null ? '.' : didYouMean(`${suggestion}://`)
  throw new MonitorError(
    'forbidden-protocol',
    `A service cannot be checked by "${scheme.slice(0, 20)}:"${meant} Allowed are ${allowed}.`,
    { suggestion },
  )
}

/** As written: `URL` leaves out a port that is the default of the scheme it was given. */
function portOf(url: string): number | null {
  const port = /^[a-z]+:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*):(\d+)(?=[/?#]|$)/i.exec(url)?.[1]
  if (port === undefined) return null
  if (Number(port) < 1) throw invalid(`port ${Number(port)} does not exist`)
  return Number(port)
}

/**
 * Two parts of the path where a third one follows, else the first: what stands last may be a stream key. All of the path
 * where the key is its fragment.
 */
function applicationOf(pathname: string, hasKeyApart: boolean): string {
  if (hasKeyApart) return decode(pathname.slice(1).replace(/\/$/, ''))
  const [first = '', second = '', ...rest] = pathname.slice(1).split('/')
  return decode(rest.length === 0 ? first : `${first}/${second}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function invalid(why: string): MonitorError {
  return new MonitorError(
    'invalid-url',
    `This is no address of a service: ${why}. Write it as https://server/path, rtmp://server/application or tcp://server:port.`,
  )
}
