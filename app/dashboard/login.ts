import type { IncomingMessage, ServerResponse } from 'node:http'
import bcrypt from 'bcryptjs'
import { guarded } from '../../src/observation/internal-errors.ts'
import type { LoginPace } from '../request-guard/login-pace.ts'
import { loginPage } from './login-page.ts'
import { COOKIE, LASTS, type Role, type Session, Sessions } from './session.ts'
import { mayBeSentByViewer } from './viewing.ts'

/** Where the dashboard's pages are unless its config node says otherwise; also what the cookie is for. */
const PATH = '/dashboard'

/** Express says where it has mounted what it calls: the dashboard's own path, behind `httpNodeRoot`. */
type DashboardRequest = IncomingMessage & { originalUrl?: string; baseUrl?: string }

const homeOf = ({ baseUrl }: DashboardRequest): string => baseUrl || PATH

/** Bytes of a login form, at most. */
const LONGEST_FORM = 4096

/** Tells the pages what not to offer; what a viewer may do is decided here. */
const ROLE_COOKIE = 'hmonitor-role'

/** Days for which a link lets somebody look. */
const LINK_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 }

/** Milliseconds that a timer can wait. */
const LONGEST_TIMER = 2 ** 31 - 1

export interface LoginOptions {
  passwordHash: string
  /** Of those who may only look; null where they have no password. */
  viewerHash?: string | null
  /** Of this installation. */
  secret: string
  pace: LoginPace
  addressOf(request: IncomingMessage): string
  now?(): number
}

/** The part of a socket.io socket that is used. */
interface Socket {
  handshake: { headers: Record<string, string | string[] | undefined> }
  use(check: (packet: unknown[], next: (error?: Error) => void) => void): unknown
  once(event: 'disconnect', listener: () => void): unknown
  disconnect(close: boolean): unknown
}

/**
 * Asks for the editor's password before the dashboard is shown, by a page of its own: the editor keeps its login in the
 * browser's storage, where the dashboard's requests do not find it.
 */
export function dashboardLogin(options: LoginOptions) {
  const { passwordHash, viewerHash = null, secret, pace, addressOf, now = Date.now } = options
  const sessions = new Sessions(secret, passwordHash, viewerHash)
  const offer = viewerHash === null ? 'admin' : 'viewer'

  /** Both passwords take as long, so that nobody hears which of them was nearly right. */
  async function roleBy(password: string): Promise<Role | null> {
    const isAdmin = await bcrypt.compare(password, passwordHash)
    const isViewer = viewerHash !== null && (await bcrypt.compare(password, viewerHash))
    return isAdmin ? 'admin' : isViewer ? 'viewer' : null
  }

  function enter(request: DashboardRequest, response: ServerResponse, { role, until }: Session, to: string): void {
    const secure = 'encrypted' in request.socket ? '; Secure' : ''
    const lasts = `Path=${homeOf(request)}; Max-Age=${until - Math.floor(now() / 1000)}`
    response.writeHead(303, {
      'set-cookie': [
        `${COOKIE}=${sessions.begin(role, until)}; ${lasts}; HttpOnly; SameSite=Lax${secure}`,
        `${ROLE_COOKIE}=${role}; ${lasts}; SameSite=Lax${secure}`,
      ],
      location: to,
      'cache-control': 'no-store',
    })
    response.end()
  }

  /** Gives who may do everything a link with which others may look, for as long as he says. */
  async function makeLink(request: DashboardRequest, response: ServerResponse): Promise<void> {
    const lasts = (await readForm(request))?.get('lasts') ?? ''
    const days = Object.hasOwn(LINK_DAYS, lasts) ? LINK_DAYS[lasts] : undefined
    const until = Math.floor(now() / 1000) + (days ?? 0) * 86_400
    const body =
      days === undefined
        ? { error: { code: 'invalid-message', message: 'lasts: must be day, week or month' } }
        : {
            path: `${homeOf(request)}/view/${sessions.begin('viewer', until)}`,
            until: new Date(until * 1000).toISOString(),
          }
    response.writeHead(days === undefined ? 400 : 200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    response.end(JSON.stringify(body))
  }

  async function logIn(request: DashboardRequest, response: ServerResponse): Promise<void> {
    const home = homeOf(request)
    const form = await readForm(request)
    if (form === null) return page(response, 413, 'tooLong', home, home)
    const to = safePath(form.get('to'), home)
    let role: Role | null = null
    const answer = await pace.try(addressOf(request), async () => {
      role = await roleBy(form.get('password') ?? '')
      return role !== null
    })
    if ('retryAfter' in answer) {
      response.setHeader('retry-after', answer.retryAfter)
      return page(response, 429, 'tooMany', home, to)
    }
    if (role === null) return page(response, 401, 'wrong', home, to)
    enter(request, response, { role, until: Math.floor(now() / 1000) + LASTS }, to)
  }

  const page = (response: ServerResponse, status: number, why: Why, home: string, to: string) =>
    sendPage(response, status, loginPage(why, `${home}/login`, to, offer))

  return {
    /** For Node-RED's setting `dashboard.middleware`. */
    middleware(request: DashboardRequest, response: ServerResponse, next: () => void): void {
      const home = homeOf(request)
      const url = request.originalUrl ?? request.url ?? home
      const link = url.startsWith(`${home}/view/`) ? sessions.read(url.slice(`${home}/view/`.length), now()) : null
      const session = sessions.of(request.headers.cookie, now())
      const isPost = request.method === 'POST'
      if (link !== null && session === null) enter(request, response, link, home)
      else if (session !== null && url.startsWith(`${home}/view/`)) redirect(response, home)
      else if (isPost && url === `${home}/viewer-link` && session?.role === 'admin' && isOwn(request.headers))
        makeLink(request, response).catch(() => response.destroy())
      else if (session !== null) next()
      else if (isPost && url.startsWith(`${home}/login`)) logIn(request, response).catch(() => response.destroy())
      else if (url.startsWith(`${home}/view/`)) page(response, 401, 'linkOver', home, home)
      else page(response, 401, 'asked', home, safePath(url, home))
    },
    /** For Node-RED's setting `dashboard.ioMiddleware`. */
    ioMiddleware(socket: Socket, next: (error?: Error) => void): void {
      const { headers } = socket.handshake
      const session = isOwn(headers) ? sessions.of(textOf(headers.cookie), now()) : null
      if (session === null) {
        next(new Error('Log in to the dashboard first'))
        return
      }
      const timer = setTimeout(
        guarded('end of a login', () => socket.disconnect(true)),
        Math.min(session.until * 1000 - now(), LONGEST_TIMER),
      ).unref()
      socket.once(
        'disconnect',
        guarded('end of a connection', () => clearTimeout(timer)),
      )
      if (session.role === 'viewer') {
        // What is passed over is not answered: the pages offer none of it to a viewer.
        socket.use((packet, goOn) => (mayBeSentByViewer(packet) ? goOn() : undefined))
      }
      next()
    },
  }
}

type Why = Parameters<typeof loginPage>[0]

const textOf = (header: string | string[] | undefined) => (typeof header === 'string' ? header : undefined)

/** Whether a request comes from a page of the dashboard itself. */
function isOwn({ origin, host }: Record<string, string | string[] | undefined>): boolean {
  return origin === undefined || hostOf(String(origin)) === host
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' })
  response.end()
}

/** Where to go after the login: only to a page of the dashboard. */
function safePath(path: string | null, home: string): string {
  if (path === null || !path.startsWith(home) || path.includes('//')) return home
  return /^(?:[/?][\w\-./?=&%+~]*)?$/.test(path.slice(home.length)) ? path : home
}

function hostOf(origin: string): string {
  return URL.parse(origin)?.host ?? ''
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
  })
  response.end(html)
}

/**
 * Null where it is too long. The editor's API, which lies under the same root, has already parsed what every request
 * brings.
 */
async function readForm(request: IncomingMessage & { body?: unknown }): Promise<URLSearchParams | null> {
  if (typeof request.body === 'object' && request.body !== null) {
    const fields = Object.entries(request.body).filter(
      (field): field is [string, string] => typeof field[1] === 'string',
    )
    return fields.some(([, value]) => value.length > LONGEST_FORM) ? null : new URLSearchParams(fields)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LONGEST_FORM) return null
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
