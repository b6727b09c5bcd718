import type { ServerResponse } from 'node:http'
import { saysJson } from '../../src/nodes/serve/request.ts'
import type { Middleware, Request } from './middleware.ts'

type Parse = (request: Request, response: ServerResponse, next: (error?: ParseError) => void) => void

/** What Express makes parsers with. */
export interface BodyParsers {
  json(options: { limit: string; inflate?: boolean }): Parse
  urlencoded(options: { limit: string; extended: boolean }): Parse
}

interface ParseError {
  status?: number
  type?: string
}

/** Bytes that are read: of the webhook as much as an alert node takes, of logins, dialogs and peers little, else Node-RED's own limit. */
const LIMITS = [
  { path: /^\/api\/v1\/alerts\/?$/, limit: '1mb' },
  { path: /^\/(?:auth|dashboard\/login|hmonitor|api\/v1\/peer)(?:\/|$)/, limit: '64kb' },
  { path: /^/, limit: '5mb' },
] as const

type Refuse = (request: Request, response: ServerResponse, status: number, code: string, message: string) => void

/**
 * Reads JSON and forms before Node-RED does, which would answer with the stack trace of what is wrong with them, and
 * write it to the log.
 */
export function readBody(express: BodyParsers, refuse: Refuse): Middleware {
  const readers = LIMITS.map(({ path, limit }) => ({
    path,
    limit,
    json: express.json({ limit, ...(limit === '1mb' && { inflate: false }) }),
    form: express.urlencoded({ limit, extended: true }),
  }))
  return (request, response, next) => {
    const reader = readers.find(({ path }) => path.test(request.path))
    if (reader === undefined) return next()
    const isWebhook = reader.limit === '1mb' && request.method === 'POST'
    if (isWebhook && !saysJson(request)) {
      return refuse(request, response, 415, 'unsupported-type', 'Content-Type must be application/json')
    }
    const failed = ({ status, type }: ParseError) => {
      if (type === 'request.aborted') return response.destroy()
      if (status === 413)
        return refuse(request, response, 413, 'invalid-message', `The body is longer than ${reader.limit}`)
      const isUnsupported = status === 415
      const message = isUnsupported ? 'The encoding or character set of the body is not supported' : NOT_READABLE
      refuse(request, response, isUnsupported ? 415 : 400, 'invalid-message', message)
    }
    reader.json(request, response, (error) => {
      if (error) return failed(error)
      reader.form(request, response, (formError) => (formError ? failed(formError) : next()))
    })
  }
}

const NOT_READABLE = 'The body is not what its Content-Type says'
