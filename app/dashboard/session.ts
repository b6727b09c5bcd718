import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** The cookie that says who has logged in to the dashboard. */
export const COOKIE = 'hmonitor-dashboard'

/** Seconds for which a login lasts: a screen on the wall must not ask for a password every day. */
export const LASTS = 30 * 24 * 3600

/** Who has logged in, without a memory of it: what a cookie says is true if it is signed. */
export class Sessions {
  readonly #key: Buffer

  /**
   * @param secret of this installation
   * @param passwordHash with another password every session is over
   */
  constructor(secret: string, passwordHash: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, passwordHash, 'dashboard session', 32))
  }

  /** @param at milliseconds since the epoch */
  begin(at: number): string {
    const until = String(Math.floor(at / 1000) + LASTS)
    return `${until}.${this.#sign(until)}`
  }

  /**
   * Whether a `Cookie` header holds a session that is not over.
   *
   * @param at milliseconds since the epoch
   */
  holds(header: string | undefined, at: number): boolean {
    const [until = '', signature = ''] = cookieIn(header).split('.')
    if (!/^\d{1,12}$/.test(until)) return false
    const right = Buffer.from(this.#sign(until))
    const given = Buffer.from(signature)
    return given.length === right.length && timingSafeEqual(given, right) && Number(until) * 1000 > at
  }

  #sign(until: string): string {
    return createHmac('sha256', this.#key).update(until).digest('base64url')
  }
}

function cookieIn(header = ''): string {
  const pair = header.split(';').find((part) => part.trim().startsWith(`${COOKIE}=`)) ?? ''
  return pair.slice(pair.indexOf('=') + 1).trim()
}
