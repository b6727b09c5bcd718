import type { EncoderProtocol } from '../observation/encoder.ts'
import { MonitorError } from '../observation/errors.ts'

export interface DeviceAddress {
  /** A name or an IP address; IPv6 without brackets. */
  host: string
  /** Null: the protocol's own. */
  port: number | null
}

/** Where a device listens: Blackmagic Design, "Web Presenter Ethernet Protocol" and REST API. */
export const DEFAULT_PORTS: Readonly<Record<EncoderProtocol, number>> = { rest: 80, ethernet: 9977 }

/**
 * Reads `host`, `host:port`, an IPv6 address, or `[IPv6]:port`.
 *
 * @throws MonitorError `invalid-target`; the address is not in its message, because it may come from a secret
 */
export function parseDeviceAddress(address: string): DeviceAddress {
  const text = address.trim()
  if (isIPv6(text)) return { host: text, port: null }
  const [, inBrackets, name, digits] = /^(?:\[([^\]]+)\]|([\p{L}\p{N}._-]+))(?::(\d{1,5}))?$/u.exec(text) ?? []
  const host = inBrackets ?? name
  const port = digits === undefined ? null : Number(digits)
  const isHost = inBrackets === undefined ? host !== undefined && !host.startsWith('-') : isIPv6(inBrackets)
  if (host === undefined || !isHost || (port !== null && (port < 1 || port > 65_535))) {
    throw new MonitorError(
      'invalid-target',
      'The address of the encoder must be a host name or an IP address, with a port where it is another than usual: 192.0.2.20 or encoder.example:8080',
    )
  }
  return { host, port }
}

/** Without `node:net`, because the editor checks addresses by this module, too. */
function isIPv6(text: string): boolean {
  return text.includes(':') && URL.canParse(`http://[${text}]/`)
}
