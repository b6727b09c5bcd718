import type { IncomingMessage, ServerResponse } from 'node:http'
import bcrypt from 'bcryptjs'
import type { LoginPace } from '../request-guard/login-pace.ts'
import { loginPage } from './login-page.ts'
import { COOKIE, LASTS, Sessions } from './session.ts'

/** Where the dashboard's pages are unless its config node says otherwise; also what the cookie is for. */
const PATH = '/dashboard'

/** Express says where it has mounted what it calls: the dashboard's own path, behind `httpNodeRoot`. */
type DashboardRequest = IncomingMessage & { originalUrl?: string; baseUrl?: string }

const homeOf = ({ baseUrl }: DashboardRequest): string => baseUrl || PATH

/** Bytes of a login form, at most. */
const LONGEST_FORM = 4096

export interface LoginOptions {
  passwordHash: string
  /** Of this installation. */
  secret: string
  pace: LoginPace
  addressOf(request: IncomingMessage): string
  now?(): number
}

/** The part of a socket.io socket that is looked at. */
interface Handshake {
  handshake: { headers: Record<string, string | string[] | undefined> }
}

/**
 * Asks for the editor's password before the dashboard is shown, by a page of its own: the editor keeps its login in the
 * browser's storage, where the dashboard's requests do not find it.
 */
export function dashboardLogin({ passwordHash, secret, pace, addressOf, now = Date.now }: LoginOptions) {
  const sessions = new Sessions(secret, passwordHash)

  async function logIn(request: DashboardRequest, response: ServerResponse): Promise<void> {
    const home = homeOf(request)
    const form = await readForm(request)
    if (form === null) return page(response, 413, 'tooLong', home, home)
    const to = safePath(form.get('to'), home)
    const answer = await pace.try(addressOf(request), () => bcrypt.compare(form.get('password') ?? '', passwordHash))
    if ('retryAfter' in answer) {
      response.setHeader('retry-after', answer.retryAfter)
      return page(response, 429, 'tooMany', home, to)
    }
    if (!answer.isRight) return page(response, 401, 'wrong', home, to)
    const secure = 'encrypted' in request.socket ? '; Secure' : ''
    response.writeHead(303, {
      'set-cookie': `${COOKIE}=${sessions.begin(now())}; Path=${home}; Max-Age=${LASTS}; HttpOnly; SameSite=Lax${secure}`,
      location: to,
      'cache-control': 'no-store',
    })
    response.end()
  }

  return {
    /** For Node-RED's setting `dashboard.middleware`. */
    middleware(request: DashboardRequest, response: ServerResponse, next: () => void): void {
      if (sessions.holds(request.headers.cookie, now())) {
        next()
        return
      }
      const home = homeOf(request)
      const url = request.originalUrl ?? request.url ?? home
      if (request.method === 'POST' && url.startsWith(`${home}/login`)) {
        logIn(request, response).catch(() => response.destroy())
        return
      }
      page(response, 401, 'asked', home, safePath(url, home))
    },
    /** For Node-RED's setting `dashboard.ioMiddleware`. */
    ioMiddleware({ handshake }: Handshake, next: (error?: Error) => void): void {
      const { cookie, origin, host } = handshake.headers
      const isOwn = origin === undefined || hostOf(String(origin)) === host
      if (isOwn && sessions.holds(typeof cookie === 'string' ? cookie : undefined, now())) next()
      else next(new Error('Log in to the dashboard first'))
    },
  }
}

/** Where to go after the login: only to a page of the dashboard. */
function safePath(path: string | null, home: string): string {
  if (path === null || !path.startsWith(home) || path.includes('//')) return home
  return /^(?:[/?][\w\-./?=&%+~]*)?$/.test(path.slice(home.length)) ? path : home
}

function hostOf(origin: string): string {
  return URL.parse(origin)?.host ?? ''
}

function page(
  response: ServerResponse,
  status: number,
  why: Parameters<typeof loginPage>[0],
  home: string,
  to: string,
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
  })
  response.end(loginPage(why, `${home}/login`, to))
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
