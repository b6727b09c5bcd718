import type { LookupAddress } from 'node:dns'
import dns from 'node:dns/promises'
import net from 'node:net'
import { guarded } from '../observation/internal-errors.ts'
import { networkFault } from './network-error.ts'

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

/**
 * The addresses of a host as the system knows them (its hosts file, mDNS, DNS), IPv4 first: a name that has both is
 * reached by IPv4 in networks without IPv6. An IP address is its own.
 *
 * @throws what `signal` aborts with
 */
export async function lookUp(host: string, family: AddressFamily, signal: AbortSignal): Promise<Lookup> {
  signal.throwIfAborted()
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const literal = net.isIP(bare)
  if (literal === 4 || literal === 6) return { found: true, addresses: [{ address: bare, family: literal }] }
  try {
    const answers = await until(signal, ask(bare, FAMILIES[family]))
    const [first, ...others] = answers.map(
      ({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }) as const,
    )
    return first === undefined ? notFound(family) : { found: true, addresses: [first, ...others] }
  } catch (error) {
    signal.throwIfAborted()
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    if (networkFault(error).verdict === 'name-not-found') return notFound(family)
    return { found: false, code: 'dns-failed', message: `the host name could not be looked up (${code})` }
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

/** A lookup cannot be ended: it is left to itself. */
async function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = guarded('name lookup', () => reject(signal.reason))
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
