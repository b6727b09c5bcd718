/**
 * What every request passes before Node-RED sees it, in this order: headers of the answer, whether the page it comes
 * from may ask, its body, the editor's login. Express is Node-RED's own copy.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isForeign } from '../../src/nodes/serve/request.ts'
import { type BodyParsers, readBody } from './body.ts'
import { editorLogin } from './editor-login.ts'
import type { LoginPace } from './login-pace.ts'
import { type Middleware, refuse } from './middleware.ts'
import { RefusalLog } from './refusal-log.ts'
import { securityHeaders } from './security-headers.ts'

export { boundConnections, descriptorLimit, limitsFor } from './connections.ts'
export { clientAddress, LoginPace, trustedProxies } from './login-pace.ts'

export interface RequestGuardOptions {
  express: BodyParsers
  /** Of the login `admin`. */
  passwordHash: string
  pace: LoginPace
  addressOf(request: IncomingMessage): string
  /** Is told of each request and its answer. */
  asked(request: IncomingMessage, response: ServerResponse): void
  /** What reads its bodies itself. */
  unread: Middleware
  /** A line for the log. */
  say(line: string): void
}

/** Where only pages of this monitor may ask. Of the editor's other routes each asks for its token, which no other page has. */
const OWN_PAGES_ONLY = /^\/(?:api\/v1|auth|dashboard\/login|hmonitor)(?:\/|$)/

export function requestGuard({ express, say, asked, unread, ...login }: RequestGuardOptions): Middleware[] {
  const log = new RefusalLog(say)
  return [
    (request, response, next) => {
      asked(request, response)
      next()
    },
    securityHeaders,
    (request, response, next) => {
      if (!isReadable(request.url ?? '')) return refuse(response, 400, 'invalid-message', 'The address cannot be read')
      if (!OWN_PAGES_ONLY.test(request.path) || !isForeign(request)) return next()
      refuse(response, 403, 'forbidden', 'Pages of other sites may not ask this')
    },
    unread,
    readBody(express, (request, response, status, code, message) => {
      log.refused(request, message)
      refuse(response, status, code, message)
    }),
    editorLogin(login),
  ]
}

/** What Express would refuse later with a stack trace in the log. */
function isReadable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?')[0] ?? '')
    return true
  } catch {
    return false
  }
}
