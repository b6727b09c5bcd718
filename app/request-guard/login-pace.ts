import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Wrong passwords after which an address is made to wait. */
const MOST_WRONG = 10
/** Milliseconds after which a wrong password is forgotten. */
const FORGOTTEN_AFTER = 5 * 60_000
/** Milliseconds between two tries of an address that must wait: some 10 000 tries a day, of a password of 80 bits. */
export const PAUSE = 8_000
/** Tries of one address that wait at once; more are refused. */
const MOST_WAITING = 3
/** Addresses remembered at most; the oldest goes first. */
const MOST_ADDRESSES = 1000

interface Address {
  /** Milliseconds since the epoch. */
  wrong: number[]
  waiting: number
  /** The last try that was let through. */
  last: Promise<unknown>
}

/**
 * Slows down who tries passwords, by address. Nobody is locked out: whoever knows the password gets in, after a pause at
 * the most, also where a proxy makes one address of all.
 */
export class LoginPace {
  readonly #addresses = new Map<string, Address>()
  readonly #now: () => number
  readonly #pause: number

  /** @param now milliseconds since the epoch @param pause milliseconds */
  constructor({ now = Date.now, pause = PAUSE }: { now?(): number; pause?: number } = {}) {
    this.#now = now
    this.#pause = pause
  }

  /**
   * Resolves when a password may be tried; with the seconds after which to come again where too many wait.
   *
   * @param check whether the password is right; false counts
   */
  async try(name: string, check: () => Promise<boolean>): Promise<{ isRight: boolean } | { retryAfter: number }> {
    const address = this.#addressOf(name)
    // Tries that run count as well: else as many as come at once would be free.
    const isFree = this.#wrongOf(address) + address.waiting < MOST_WRONG
    if (!isFree && address.waiting >= MOST_WAITING) return { retryAfter: Math.ceil(this.#pause / 1000) }
    address.waiting += 1
    const turn = isFree ? Promise.resolve() : address.last.then(() => wait(this.#pause))
    address.last = turn
    try {
      await turn
      const isRight = await check()
      if (isRight) address.wrong = []
      else address.wrong.push(this.#now())
      return { isRight }
    } finally {
      address.waiting -= 1
    }
  }

  #addressOf(name: string): Address {
    const known = this.#addresses.get(name) ?? { wrong: [], waiting: 0, last: Promise.resolve() }
    this.#addresses.delete(name)
    this.#addresses.set(name, known)
    for (const [oldest, { waiting }] of this.#addresses) {
      if (this.#addresses.size <= MOST_ADDRESSES) break
      if (waiting === 0) this.#addresses.delete(oldest)
    }
    return known
  }

  #wrongOf(address: Address): number {
    address.wrong = address.wrong.filter((time) => this.#now() - time < FORGOTTEN_AFTER)
    return address.wrong.length
  }
}

/**
 * Who asks: the address of the connection, or where that is a proxy that is trusted, the last one in X-Forwarded-For that
 * is none. Everybody can write into that header, but a proxy adds at its end whom it saw.
 *
 * @param proxies addresses
 */
export function clientAddress(request: IncomingMessage, proxies: readonly string[]): string {
  const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/, '')
  let address = plain(request.socket.remoteAddress ?? '')
  const said = request.headers['x-forwarded-for']
  const hops = (Array.isArray(said) ? said.join(',') : (said ?? '')).split(',').map(plain)
  while (proxies.includes(address)) {
    const next = hops.pop()
    if (next === undefined || isIP(next) === 0) break
    address = next
  }
  return address
}

/** The addresses in TRUSTED_PROXIES. */
export function trustedProxies(text = ''): string[] {
  return text.split(/[\s,]+/).filter((address) => isIP(address) !== 0)
}
