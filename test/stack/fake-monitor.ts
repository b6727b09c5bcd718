import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One alert of Alertmanager's webhook. */
export interface TakenAlert {
  status: string
  labels: Record<string, string>
  annotations: Record<string, string>
  at: number
}

export interface FakeMonitor {
  /** `host:port`. */
  readonly address: string
  /** What `/metrics` says: value by series. */
  readonly series: Map<string, number>
  /** What came by the webhook with the right token. */
  readonly taken: TakenAlert[]
  /** How often `/metrics` was read. */
  readonly scrapes: { count: number }
  /** How often somebody asked without the right token. */
  readonly refused: { count: number }
  /** As when the monitor is gone. */
  close(): Promise<void>
}

/** Says of a monitor what a test wants said, and takes Alertmanager's webhook, each with its token. */
export async function startFakeMonitor(tokens: () => { metrics: string; webhook: string }): Promise<FakeMonitor> {
  const series = new Map<string, number>()
  const taken: TakenAlert[] = []
  const scrapes = { count: 0 }
  const refused = { count: 0 }
  const server: Server = createServer((request, response) => {
    const { metrics, webhook } = tokens()
    const expected = request.url === '/metrics' ? metrics : webhook
    if (request.headers.authorization !== `Bearer ${expected}`) {
      refused.count += 1
      response.writeHead(401).end()
      return
    }
    if (request.url === '/metrics') {
      scrapes.count += 1
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      response.end([...series].map(([name, value]) => `${name} ${value}\n`).join(''))
      return
    }
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      const { alerts } = JSON.parse(body) as { alerts: Omit<TakenAlert, 'at'>[] }
      taken.push(...alerts.map((alert) => ({ ...alert, at: Date.now() })))
      response.writeHead(200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    series,
    taken,
    scrapes,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
