import { ConnectionError } from './network-error.ts'

export interface Credentials {
  user: string
  password: string
}

/** One server on the way to an answer. */
export interface Hop {
  /** Without credentials. */
  url: URL
  credentials: Credentials | null
  /** Whether it is the server that was meant, so that what the request holds for it may go there. */
  isFirst: boolean
}

/** @throws TypeError where it is no address of HTTP, which whoever asks has to know before */
export function readHttpUrl(text: string): Hop {
  if (!isHttp(text)) throw new TypeError('The address to ask is none of HTTP')
  return hop(new URL(text), true)
}

/**
 * Where a redirect leads. It never leads from HTTPS to HTTP, and credentials go to the server alone that they are for, as
 * browsers and FFmpeg have it.
 *
 * @throws ConnectionError `redirect`, `forbidden-protocol`
 */
export function follow(from: Hop, location: string): Hop {
  if (!URL.canParse(location, from.url))
    throw new ConnectionError('redirect', 'the server sends on to what is no address')
  const { href, protocol } = new URL(location, from.url)
  if (!isHttp(href)) {
    const scheme = protocol.slice(0, 20)
    throw new ConnectionError(
      'forbidden-protocol',
      `the server sends on to "${scheme}", and only http:// and https:// are read`,
    )
  }
  const next = hop(new URL(href), false)
  if (from.url.protocol === 'https:' && next.url.protocol === 'http:') {
    throw new ConnectionError('redirect', 'the server sends on from https:// to http://')
  }
  if (next.url.origin !== from.url.origin) return next
  return { ...next, credentials: next.credentials ?? from.credentials, isFirst: from.isFirst }
}

function hop(url: URL, isFirst: boolean): Hop {
  const { username, password } = url
  url.username = ''
  url.password = ''
  url.hash = ''
  if (username === '' && password === '') return { url, credentials: null, isFirst }
  return { url, credentials: { user: decode(username), password: decode(password) }, isFirst }
}

/** A server as it stands in a URL: an IPv6 address in brackets. */
export function authority(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Whether this is an address of HTTP. */
export function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
