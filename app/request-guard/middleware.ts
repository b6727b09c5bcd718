import type { IncomingMessage, ServerResponse } from 'node:http'

export type Request = IncomingMessage & { path: string; body?: unknown }
export type Middleware = (request: Request, response: ServerResponse, next: () => void) => void

/** The connection is closed: what is left of the body is not read. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(`${JSON.stringify({ error: { code, message } })}\n`)
}
