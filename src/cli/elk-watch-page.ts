import http from 'node:http'
import { SetupError } from '../elk/setup-error.ts'
import { type WatchState, watchSeries } from '../elk/watch-metrics.ts'
import type { Health } from '../elk/watched-rounds.ts'
import { CONTENT_TYPES, familyHeader, samplePrefix } from '../metrics/format.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Where `elk watch` says how it is. */
export interface Listening {
  host: string
  port: number
}

export interface WatchPage {
  /** The port that it listens on. */
  port: number
  close(): void
}

/** Connections at once: Prometheus, a health check, and a person or two. */
const MOST_CONNECTIONS = 20

/** Milliseconds in which a request must have come. */
const PATIENCE = 5_000

/**
 * Answers `GET /metrics` for Prometheus, and `GET /health` with 200 or 503 for whoever watches this program: nobody else
 * would notice that it hangs.
 *
 * @throws SetupError where it cannot listen there
 */
export async function openWatchPage(
  { host, port }: Listening,
  state: () => WatchState,
  health: () => Health,
): Promise<WatchPage> {
  const server = http.createServer(
    { requestTimeout: PATIENCE, headersTimeout: PATIENCE, connectionsCheckingInterval: PATIENCE },
    guarded('page of elk watch', (request: http.IncomingMessage, response: http.ServerResponse) => {
      request.resume()
      const { status, type, body } = answerTo(request, state, health)
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', connection: 'close' })
      response.end(request.method === 'HEAD' ? '' : body)
    }),
  )
  server.maxConnections = MOST_CONNECTIONS
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', ({ message }) => reject(new SetupError(`--listen ${host}:${port} does not work: ${message}`)))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
  return {
    port: bound,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answerTo(
  { method, url = '' }: http.IncomingMessage,
  state: () => WatchState,
  health: () => Health,
): { status: number; type: string; body: string } {
  const type = 'text/plain; charset=utf-8'
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type, body: 'GET is all that there is.\n' }
  const path = url.replace(/\?.*$/s, '')
  if (path === '/metrics') return { status: 200, type: CONTENT_TYPES.text, body: exposition(state()) }
  if (path !== '/health') return { status: 404, type, body: 'There are /metrics and /health.\n' }
  const is = health()
  return is.isWell ? { status: 200, type, body: 'well\n' } : { status: 503, type, body: `${is.why}\n` }
}

function exposition(state: WatchState): string {
  return watchSeries(state)
    .filter(({ samples }) => samples.length > 0)
    .map(({ text, samples }) => {
      const lines = samples.map(({ labels, value }) => `${samplePrefix(text.name, labels)}${value}\n`)
      return familyHeader('text', text.name, text.type, text.help) + lines.join('')
    })
    .join('')
}
