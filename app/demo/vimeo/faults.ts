import type { ServerResponse } from 'node:http'
import { type Body, errorBody } from './bodies.ts'
import { replaceField } from './fields.ts'

/** What the simulator does wrong on command. */
export type VimeoFault =
  /** Answers after so many seconds. */
  | { fault: 'slow'; seconds: number }
  /** Takes the request and never answers. */
  | { fault: 'hang' }
  /** Sends half an answer and then nothing. */
  | { fault: 'hang-in-body' }
  /** Ends the connection in the middle of an answer. */
  | { fault: 'cut' }
  /** Ends the connection before an answer. */
  | { fault: 'reset' }
  /** Says 200 and sends what is no JSON. */
  | { fault: 'malformed' }
  | { fault: 'empty' }
  /** Sends megabytes. */
  | { fault: 'huge' }
  /** Another type in the place of a field, as `metadata.connections` is written. */
  | { fault: 'wrong-type'; path: string; value: unknown }
  | { fault: 'missing-field'; path: string }
  /** JSON, but a list, a number or null. */
  | { fault: 'wrong-body'; body: unknown }
  | { fault: 'status'; status: number; message?: string; code?: number }
  | { fault: 'redirect'; to: string }
  /** The limit is reached. `headers`: says so in the rate limit headers; `reset`: seconds from now. */
  | { fault: 'too-many-requests'; headers: boolean; reset?: number; retryAfter?: number }

/** A fault, on which paths, and for how many requests. */
export interface OrderedFault {
  what: VimeoFault
  /** Absent: every path. */
  path?: RegExp
  /** Absent: until it is taken back. */
  times?: number
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

const HUGE = 8 * 1024 * 1024

/** Sends an answer the way a fault wants it; null is no fault. */
export function send(response: ServerResponse, answer: Answer, fault: VimeoFault | null): void {
  const headers = { 'content-type': 'application/vnd.vimeo.event+json', ...answer.headers }
  const text = (body: unknown) => JSON.stringify(body)
  switch (fault?.fault) {
    case 'slow': {
      const timer = setTimeout(
        () => response.writeHead(answer.status, headers).end(text(answer.body)),
        fault.seconds * 1000,
      )
      response.once('close', () => clearTimeout(timer))
      return
    }
    case 'hang':
      return
    case 'reset':
      response.destroy()
      return
    case 'cut':
    case 'hang-in-body': {
      const whole = Buffer.from(text(answer.body))
      response.writeHead(answer.status, { ...headers, 'content-length': String(whole.length) })
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => {
        if (fault.fault === 'cut') response.destroy()
      })
      return
    }
    case 'malformed':
      response.writeHead(200, headers).end(`${text(answer.body).slice(0, -2)}<html>`)
      return
    case 'empty':
      response.writeHead(200, headers).end()
      return
    case 'huge':
      response.writeHead(200, headers).end(text({ ...(answer.body as Body), title: 'x'.repeat(HUGE) }))
      return
    case 'wrong-type':
    case 'missing-field': {
      const body = structuredClone(answer.body)
      replaceField(body, fault.path, fault.fault === 'wrong-type' ? fault.value : undefined)
      response.writeHead(answer.status, headers).end(text(body))
      return
    }
    case 'wrong-body':
      response.writeHead(200, headers).end(text(fault.body))
      return
    case 'status':
      response
        .writeHead(fault.status, headers)
        .end(text(errorBody(fault.message ?? 'Something strange occurred.', fault.code ?? 7000)))
      return
    case 'redirect':
      response.writeHead(302, { ...headers, location: fault.to }).end()
      return
    case 'too-many-requests': {
      const said = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-ratelimit')))
      const reset = new Date(Date.now() + (fault.reset ?? 60) * 1000).toISOString()
      response
        .writeHead(429, {
          ...said,
          ...(fault.headers && {
            'x-ratelimit-limit': '1000',
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': reset,
          }),
          ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
        })
        .end(text(errorBody('Too many API requests. Wait an hour or so, then try again.', 9003)))
      return
    }
    default:
      response.writeHead(answer.status, headers).end(text(answer.body))
  }
}
