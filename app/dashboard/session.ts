import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** The cookie that says who has logged in to the dashboard. */
export const COOKIE = 'hmonitor-dashboard'

/** Seconds for which a login lasts: a screen on the wall must not ask for a password every day. */
export const LASTS = 30 * 24 * 3600

/** What somebody may do: everything, or look. */
export type Role = 'admin' | 'viewer'

/** Whose session it is, and until when: seconds since the epoch. */
export interface Session {
  role: Role
  until: number
}

/** Who has logged in, without a memory of it: what a cookie or a link says is true if it is signed. */
export class Sessions {
  readonly #keys: Readonly<Record<Role, Buffer>>

  /**
   * @param secret of this installation
   * @param passwordHash with another password every session is over
   * @param viewerHash with another one those of viewers are; null where they have none, and come by link
   */
  constructor(secret: string, passwordHash: string, viewerHash: string | null = null) {
    const key = (salt: string, use: string) => Buffer.from(hkdfSync('sha256', secret, salt, use, 32))
    this.#keys = {
      admin: key(passwordHash, 'dashboard session'),
      viewer: key(`${passwordHash} ${viewerHash ?? ''}`, 'dashboard session of a viewer'),
    }
  }

  /** @param until seconds since the epoch */
  begin(role: Role, until: number): string {
    const says = role === 'admin' ? String(until) : `${role}.${until}`
    return `${says}.${this.#sign(role, String(until))}`
  }

  /**
   * The session that a text from outside holds; null where it is forged or over.
   *
   * @param at milliseconds since the epoch
   */
  read(text: string, at: number): Session | null {
    const [, viewer, seconds = '', signature = ''] = /^(viewer\.)?(\d{1,12})\.([\w-]{1,64})$/.exec(text) ?? []
    const role = viewer === undefined ? 'admin' : 'viewer'
    const right = Buffer.from(this.#sign(role, seconds))
    const given = Buffer.from(signature)
    const until = Number(seconds)
    return given.length === right.length && timingSafeEqual(given, right) && until * 1000 > at ? { role, until } : null
  }

  /** The session of a `Cookie` header. @param at milliseconds since the epoch */
  of(header: string | undefined, at: number): Session | null {
    const pair = (header ?? '').split(';').find((part) => part.trim().startsWith(`${COOKIE}=`)) ?? ''
    return this.read(pair.slice(pair.indexOf('=') + 1).trim(), at)
  }

  #sign(role: Role, until: string): string {
    return createHmac('sha256', this.#keys[role]).update(until).digest('base64url')
  }
}
