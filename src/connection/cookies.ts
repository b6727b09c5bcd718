/** Cookies of one server, and of one answer, that are kept; what protects a stream sets one to three. */
const MOST = 50
/** Characters of one (RFC 6265, 6.1). */
const LONGEST = 4096

interface Cookie {
  /** The host that set it, or the domain that it names. */
  domain: string
  /** Whether it goes to the hosts below as well. */
  below: boolean
  secure: boolean
  value: string
}

/**
 * The cookies of one session, as far as streams need them: a token that a playlist's server sets for its segments. They go
 * to the host, or below the domain, that they are of (RFC 6265, 5.1.3), whatever their path, and end with the session.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()

  /** Takes what an answer sets. */
  take({ hostname }: URL, lines: unknown): void {
    for (const line of Array.isArray(lines) ? lines.slice(0, MOST) : []) {
      const cookie = typeof line === 'string' && line.length <= LONGEST ? cookieOf(line, hostname) : null
      if (cookie === null) continue
      const key = `${cookie.domain} ${cookie.value.slice(0, cookie.value.indexOf('='))}`
      this.#cookies.delete(key)
      if (!cookie.isOver) this.#cookies.set(key, cookie)
      const [oldest] = this.#cookies.keys()
      if (this.#cookies.size > MOST && oldest !== undefined) this.#cookies.delete(oldest)
    }
  }

  /** What goes to an address. */
  headerFor({ hostname, protocol }: URL): { cookie?: string } {
    const fitting = [...this.#cookies.values()].filter(
      ({ domain, below, secure }) =>
        (hostname === domain || (below && hostname.endsWith(`.${domain}`))) && (!secure || protocol === 'https:'),
    )
    return fitting.length === 0 ? {} : { cookie: fitting.map(({ value }) => value).join('; ') }
  }
}

function cookieOf(line: string, host: string): (Cookie & { isOver: boolean }) | null {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  if (!/^[^=\s]+=[\x21-\x7e ]*$/.test(pair)) return null
  const named = new Map(
    attributes.map((text) => {
      const at = text.indexOf('=')
      return at === -1 ? [text.toLowerCase(), ''] : [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]
    }),
  )
  const domain = (named.get('domain') ?? '').toLowerCase().replace(/^\./, '')
  // Not for a whole top-level domain, nor for another host.
  if (domain !== '' && domain !== host && !(domain.includes('.') && host.endsWith(`.${domain}`))) return null
  const age = named.get('max-age')
  const isOver = age !== undefined ? Number(age) <= 0 : Date.parse(named.get('expires') ?? '') < Date.now()
  return { domain: domain || host, below: domain !== '', secure: named.has('secure'), value: pair, isOver }
}
