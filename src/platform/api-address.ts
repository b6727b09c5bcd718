import { MonitorError } from '../observation/errors.ts'
import type { ApiAddress } from './vimeo-request.ts'

const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/

/**
 * Reads where Vimeo's API is taken to be, as in `http://127.0.0.1:8080`. In clear text only on this machine: the token
 * goes there.
 *
 * @throws MonitorError `invalid-url`
 */
export function parseApiAddress(text: string): ApiAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  const bare = url !== null && url.pathname === '/' && url.search === '' && url.username === '' && url.password === ''
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url === null || !bare || !safe) {
    throw new MonitorError(
      'invalid-url',
      'VIMEO_API_URL must be https:// with a host and perhaps a port, or http:// on this machine; leave it unset for Vimeo itself',
    )
  }
  const { protocol, hostname, port } = url
  return {
    protocol: protocol === 'http:' ? 'http:' : 'https:',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port || (protocol === 'http:' ? '80' : '443'),
  }
}
