import type { LookupAddress } from 'node:dns'
import { BlockList } from 'node:net'

/**
 * Networks that no stranger reaches: those of IANA's special-purpose registries (RFC 6890) that are not globally
 * reachable, and those whose addresses stand for IPv4 ones (RFC 6052, RFC 3056), which may be such. `BlockList` knows an
 * IPv4 address in the clothes of IPv6 (`::ffff:127.0.0.1`) by itself.
 */
const PRIVATE_NETWORKS = {
  ipv4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ],
  ipv6: [
    ...['::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2002::/16', 'fc00::/7', 'fe80::/10'],
    ...['fec0::/10', 'ff00::/8'],
  ],
} as const

const networks = new BlockList()
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const network of PRIVATE_NETWORKS[family]) {
    const [address = '', prefix] = network.split('/')
    networks.addSubnet(address, Number(prefix), family)
  }
}

/** Whether an IP address is of this computer, of its own network, or of another one that is not public. */
export function isPrivate({ address, family }: LookupAddress): boolean {
  const [bare = ''] = address.split('%')
  return networks.check(bare, family === 6 ? 'ipv6' : 'ipv4')
}

/** Which addresses may be connected to. */
export type Destinations = (address: LookupAddress) => boolean

/** Whether what a watched server sends on to is held to `destinationsFrom`. */
export function refusesPrivate(setting = process.env.PRIVATE_ADDRESSES): boolean {
  // What is neither is taken for the stricter one: who wrote it wanted something else than the default.
  return !['', 'allow'].includes((setting ?? '').trim().toLowerCase())
}

/** Where the server of a target may send on to: wherever is public, and back to the addresses that it was reached at. */
export function destinationsFrom(own: readonly LookupAddress[]): Destinations {
  const known = new Set(own.map(({ address }) => address))
  return (one) => known.has(one.address) || !isPrivate(one)
}

export const SENT_TO_PRIVATE =
  'the server, or its playlist, sends on to an address that is not public, which PRIVATE_ADDRESSES=refuse forbids'
