import { MonitorError } from '../../observation/errors.ts'

/** Where a test goes to. */
export type BandwidthAddress = { protocol: 'http'; url: URL } | { protocol: 'iperf3'; host: string; port: number }

/** The port that iperf3 listens on where none is named. */
const IPERF3_PORT = 5201

/**
 * Reads the address of a test.
 *
 * @throws MonitorError `invalid-url`, `forbidden-protocol`
 */
export function parseBandwidthUrl(text: string): BandwidthAddress {
  const url = URL.parse(text)
  if (url === null) {
    throw new MonitorError('invalid-url', 'the URL is none; write it as in https://speed.example/upload')
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return { protocol: 'http', url }
  if (url.protocol !== 'iperf3:') {
    throw new MonitorError('forbidden-protocol', 'only http, https and iperf3 can be tested')
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  // What begins with a dash would be an option.
  if (!/^[\p{L}\p{N}][\p{L}\p{N}.:%_-]*$/u.test(host)) {
    throw new MonitorError('invalid-url', 'the URL names no host; write it as in iperf3://speed.example:5201')
  }
  if (url.pathname.length > 1 || url.search || url.hash || url.username || url.password) {
    throw new MonitorError('invalid-url', 'an iperf3 URL holds a host and a port, and nothing else')
  }
  return { protocol: 'iperf3', host, port: url.port === '' ? IPERF3_PORT : Number(url.port) }
}
