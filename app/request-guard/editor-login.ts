import bcrypt from 'bcryptjs'
import type { LoginPace } from './login-pace.ts'
import { type Middleware, refuse } from './middleware.ts'

export interface EditorLoginOptions {
  passwordHash: string
  pace: LoginPace
  addressOf(request: Parameters<Middleware>[0]): string
}

/**
 * Tries the password of the editor before Node-RED does, which after five wrong ones, whoever sent them, lets nobody in
 * for ten minutes. It gets to see the right one alone.
 */
export function editorLogin({ passwordHash, pace, addressOf }: EditorLoginOptions): Middleware {
  return (request, response, next) => {
    if (request.method !== 'POST' || !/^\/auth\/token\/?$/.test(request.path)) return next()
    const { grant_type: grant, username, password } = (request.body ?? {}) as Record<string, unknown>
    if (grant !== 'password') return next()
    const isRight = async () =>
      username === 'admin' && typeof password === 'string' && (await bcrypt.compare(password, passwordHash))
    pace.try(addressOf(request), isRight).then(
      (answer) => {
        if ('retryAfter' in answer) {
          response.setHeader('retry-after', answer.retryAfter)
          return refuse(response, 429, 'too-many-tries', 'Too many wrong passwords: wait a little and try again')
        }
        if (answer.isRight) return next()
        // As Node-RED says it, by OAuth 2.0 (RFC 6749, section 5.2).
        response.writeHead(403, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        response.end('{"error":"invalid_grant","error_description":"Invalid resource owner credentials"}')
      },
      () => response.destroy(),
    )
  }
}
