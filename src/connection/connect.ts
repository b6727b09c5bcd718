import type { LookupAddress } from 'node:dns'
import dns from 'node:dns/promises'
import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { AbortScope, isTimeUp, unlessAborted } from './abort-scope.ts'
import { ConnectionError, networkFault } from './network-error.ts'
import { type Destinations, destinationsFrom, refusesPrivate, SENT_TO_PRIVATE } from './private-addresses.ts'

export interface NetworkAddress {
  address: string
  family: 4 | 6
}

/** Which kind of IP address is wanted of a host that may have both. */
export type AddressFamily = 'any' | 'ipv4' | 'ipv6'

export type Lookup =
  | { found: true; addresses: [NetworkAddress, ...NetworkAddress[]] }
  /** `name-not-found`: the name service says so. `dns-failed`: it did not answer, which says nothing about the host. */
  | { found: false; code: 'name-not-found' | 'dns-failed'; message: string }

const FAMILIES = { any: 0, ipv4: 4, ipv6: 6 } as const

/** Seconds that a name service has. Resolvers ask a second time after 5 s (resolv.conf(5)), which is waited for. */
const LOOKUP_LIMIT = 6

/**
 * The addresses of a host as the system knows them (its hosts file, mDNS, DNS), IPv4 first: a name that has both is
 * reached by IPv4 in networks without IPv6. An IP address is its own. A name service that says nothing within
 * `LOOKUP_LIMIT`, or until the time of `signal` is up, has failed: that says nothing about the host.
 *
 * @throws what `signal` aborts with, unless its time was up
 */
export async function lookUp(host: string, family: AddressFamily, signal: AbortSignal): Promise<Lookup> {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const literal = net.isIP(bare)
  const scope = new AbortScope(signal, LOOKUP_LIMIT)
  try {
    scope.signal.throwIfAborted()
    if (literal === 4 || literal === 6) return { found: true, addresses: [{ address: bare, family: literal }] }
    // A lookup cannot be ended: it is left to itself.
    const answers = await unlessAborted(ask(bare, FAMILIES[family]), scope.signal)
    const [first, ...others] = answers.map(
      ({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }) as const,
    )
    return first === undefined ? notFound(family) : { found: true, addresses: [first, ...others] }
  } catch (error) {
    if (scope.signal.aborted && !isTimeUp(scope.signal)) throw scope.signal.reason
    const { verdict, code } = networkFault(error)
    if (verdict === 'name-not-found') return notFound(family)
    const why = scope.signal.aborted ? 'the name service does not answer' : code
    return { found: false, code: 'dns-failed', message: `the host name could not be looked up (${why})` }
  } finally {
    scope.end()
  }
}

/** Lookups that run now. The system runs only two at once, so that a name that hangs must not take part twice. */
const running = new Map<string, Promise<LookupAddress[]>>()

function ask(host: string, family: 0 | 4 | 6): Promise<LookupAddress[]> {
  const key = `${family} ${host}`
  const known = running.get(key)
  if (known) return known
  const asked = dns.lookup(host, { all: true, family, order: 'ipv4first' }).finally(() => running.delete(key))
  // Whoever asked may have given up by then.
  asked.catch(() => {})
  running.set(key, asked)
  return asked
}

function notFound(family: AddressFamily): Lookup {
  const kind = { any: '', ipv4: 'IPv4 ', ipv6: 'IPv6 ' }[family]
  return { found: false, code: 'name-not-found', message: `no ${kind}address is known for the host name` }
}

/**
 * The addresses of a host, for whoever has no use for the difference between no name and no connection.
 *
 * @param allowed only these of them; null: all
 * @throws ConnectionError `name-not-found`, `dns-failed`, `private-address`; and what `signal` aborts with, unless its time was up
 */
export async function addressesOf(
  host: string,
  signal: AbortSignal,
  allowed: Destinations | null = null,
): Promise<[NetworkAddress, ...NetworkAddress[]]> {
  const lookup = await lookUp(host, 'any', signal)
  if (!lookup.found) throw new ConnectionError(lookup.code, lookup.message)
  if (allowed === null) return lookup.addresses
  const [first, ...others] = lookup.addresses.filter(allowed)
  if (first === undefined) throw new ConnectionError('private-address', SENT_TO_PRIVATE)
  return [first, ...others]
}

/**
 * Where the server of a host may send on to; null: anywhere (`refusesPrivate`). A host that cannot be looked up may lead to
 * what is public only.
 */
export async function destinationsOf(host: string, signal: AbortSignal): Promise<Destinations | null> {
  if (!refusesPrivate()) return null
  const found = await lookUp(host, 'any', signal).catch(() => null)
  return destinationsFrom(found?.found ? found.addresses : [])
}

/** Answers Node's own question for the addresses of a host with those that are known already. */
export function answerWith(addresses: readonly [NetworkAddress, ...NetworkAddress[]]): net.LookupFunction {
  return (_host, { all }, answer) =>
    all ? answer(null, [...addresses]) : answer(null, addresses[0].address, addresses[0].family)
}

/**
 * Seconds before the next address of the host is tried beside the last. Node's own 0.25 s would give up a server on the
 * other side of the world.
 */
const NEXT_ADDRESS_AFTER = 1

export interface Server {
  host: string
  port: number
  /** Where they are known already; they are looked up otherwise. */
  addresses?: [NetworkAddress, ...NetworkAddress[]]
}

/**
 * A TCP connection to the first address of a server that answers. The caller ends it.
 *
 * @param onread takes what arrives in the place of the socket's `data` events: many sockets may share one buffer
 * @throws what `networkFault` has a verdict for: a ConnectionError, the socket's error; or what `signal` aborts with
 */
export async function connectTo(
  { host, port, addresses }: Server,
  signal: AbortSignal,
  onread?: net.OnReadOpts,
): Promise<net.Socket> {
  const known = addresses ?? (await addressesOf(host, signal))
  signal.throwIfAborted()
  const lookup = answerWith(known)
  const reading = onread === undefined ? {} : { onread }
  const socket =
    known.length === 1
      ? net.connect({ host: known[0].address, port, noDelay: true, ...reading })
      : net.connect({
          ...{ host, port, lookup, noDelay: true, ...reading },
          autoSelectFamily: true,
          autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER * 1000,
        })
  try {
    // Errors of a socket that has been given up must not go unheard.
    socket.on('error', () => {})
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw error
  }
}

/**
 * The same within TLS, with the server's certificate verified unless `verifyTls` is false. The caller ends it.
 *
 * @throws as `connectTo`
 */
export async function connectSecurely(server: Server, verifyTls: boolean, signal: AbortSignal): Promise<tls.TLSSocket> {
  const { host } = server
  const socket = await connectTo(server, signal)
  // No name is to be sent for an IP address (RFC 6066, section 3).
  const named = net.isIP(host) === 0 ? { servername: host } : {}
  const secure = tls.connect({ socket, rejectUnauthorized: verifyTls, host, ...named })
  try {
    secure.on('error', () => {})
    await once(secure, 'secureConnect', { signal })
    return secure
  } catch (error) {
    secure.destroy()
    socket.destroy()
    signal.throwIfAborted()
    throw error
  }
}
