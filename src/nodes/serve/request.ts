import { createHash, timingSafeEqual } from 'node:crypto'

/** What is used of the request that `http in` puts into a message. All of it comes from outside. */
export interface HttpRequest {
  path?: unknown
  query?: unknown
  headers?: Readonly<Record<string, unknown>>
  socket?: { remoteAddress?: unknown } | null
}

/** The request of a message, or null where the message did not come from `http in`. */
export function requestIn(req: unknown): HttpRequest | null {
  return typeof req === 'object' && req !== null ? req : null
}

/** A header's text; empty where there is none. Node joins a repeated one, or keeps the first. */
export function header(request: HttpRequest | null, name: string): string {
  const value = request?.headers?.[name]
  return typeof value === 'string' ? value : ''
}

/** Whether a request says that its body is JSON. No form and no script of another page can say so without being asked. */
export function saysJson(request: HttpRequest): boolean {
  return /^application\/json *(?:;|$)/i.test(header(request, 'content-type').trim())
}

/**
 * Whether a browser sends a request for a page of somebody else (Fetch Metadata; the `Origin` of RFC 6454). A page that
 * somebody opens by a link is not meant: only he sees the answer. What is no browser sends neither header.
 */
export function isForeign(request: HttpRequest): boolean {
  const site = header(request, 'sec-fetch-site')
  const isOpened = header(request, 'sec-fetch-mode') === 'navigate' && header(request, 'sec-fetch-dest') === 'document'
  if ((site === 'cross-site' || site === 'same-site') && !isOpened) return true
  const origin = header(request, 'origin')
  return origin !== '' && URL.parse(origin)?.host !== header(request, 'host').toLowerCase()
}

/** Whether a request came from this machine; also where nobody knows from where. */
export function isFromHere({ socket }: HttpRequest): boolean {
  const address = socket?.remoteAddress
  return typeof address !== 'string' || /^(?:::ffff:)?127\.|^::1$/.test(address)
}

/**
 * Whether a request carries the bearer token (RFC 6750, section 2.1). What is compared are hashes, in constant time, so
 * that neither the time nor the length tells anything of the token.
 */
export function carriesToken(request: HttpRequest, token: string): boolean {
  const [, carried = ''] = /^Bearer +([^\s]+) *$/i.exec(header(request, 'authorization')) ?? []
  return timingSafeEqual(digest(carried), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whether the client takes gzip (RFC 9110, section 12.5.3); a quality of 0 says that it does not. */
export function acceptsGzip(request: HttpRequest | null): boolean {
  return header(request, 'accept-encoding')
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q\s*=\s*(1|0?\.\d*[1-9]\d*|1\.0*)\s*)?$/i.test(coding))
}
