import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Counters } from '../../src/observation/own-metric.ts'
import type { Environment } from '../../src/secrets/variables.ts'
import type { Way } from '../../src/shipping/destination.ts'
import { openShipper } from '../../src/shipping/open-shipper.ts'
import type { Pace, Shipper } from '../../src/shipping/shipper.ts'
import type { Spool } from '../../src/shipping/spool.ts'

/** A line as the log has it, of about so many bytes. */
export function line(sequence: number, bytes = 0): string {
  return JSON.stringify({
    '@timestamp': '2026-03-01T10:00:00.000Z',
    message: 'x'.repeat(bytes),
    event: { id: `0f1e2d3c4b5a6978-${sequence}`, sequence },
    data_stream: { type: 'logs', dataset: 'rtmp_hmonitor.events', namespace: 'default' },
  })
}

export const lines = (from: number, to: number, bytes = 0) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index, bytes))

export const sequenceOf = (text: string): number => JSON.parse(text).event.sequence

/** So that a test waits for milliseconds where the monitor waits for seconds. */
export const QUICK: Pace = { gather: 5, firstRetry: 5, longestRetry: 40 }

export interface Asked {
  path: string
  headers: IncomingMessage['headers']
  body: string
}

/** What a server answers: a status with a body, no answer at all, or the end of the connection. */
export type Answer = { status: number; body?: string; headers?: Record<string, string> } | 'silence' | 'reset'

/** A server that answers as it is told, and remembers what it was asked. */
export class AnsweringServer {
  readonly asked: Asked[] = []
  answer: (asked: Asked) => Answer
  /** What it answers to who asks for the templates of the log, which is not remembered; null: as anything else. */
  templates: Answer | null = null
  readonly #server: Server
  #port = 0

  private constructor(answer: (asked: Asked) => Answer) {
    this.answer = answer
    this.#server = createServer((request, response) => void this.#take(request, response))
  }

  static async start(answer: (asked: Asked) => Answer): Promise<AnsweringServer> {
    const server = new AnsweringServer(answer)
    await server.listen()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** At the same port as before, where there was one. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const asked = { path: request.url ?? '', headers: request.headers, body: `${Buffer.concat(chunks)}` }
    const templates = asked.path.startsWith('/_index_template/') ? this.templates : null
    if (templates === null) this.asked.push(asked)
    const answer = templates ?? this.answer(asked)
    if (answer === 'silence') return
    if (answer === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body ?? '')
  }
}

/** What is in the body of a request to Logstash. */
export const eventsIn = ({ body }: Asked): { event: { sequence: number } }[] => JSON.parse(body)

/** What is in the body of a request to `_bulk`: each line with the action before it. */
export function actionsIn({ body }: Asked): { index: string; id: string; line: string }[] {
  const rows = body.split('\n').slice(0, -1)
  return rows.flatMap((row, at) => {
    if (at % 2 === 1) return []
    const { create } = JSON.parse(row)
    return [{ index: create._index, id: create._id, line: rows[at + 1] ?? '' }]
  })
}

/** An index that knows ids, as Elasticsearch has it: what it has already is a conflict. */
export class FakeIndex {
  readonly has = new Map<string, string>()

  bulk(asked: Asked, odd: (id: string) => { status: number; type?: string } | null = () => null): Answer {
    const items = actionsIn(asked).map(({ id, line }) => {
      const status = odd(id) ?? { status: this.has.has(id) ? 409 : 201 }
      if (status.status === 201) this.has.set(id, line)
      const error = status.status < 300 ? {} : { error: { type: status.type ?? 'some_exception', reason: `of ${id}` } }
      return { create: { status: status.status, ...error } }
    })
    return { status: 200, body: JSON.stringify({ errors: items.some(({ create }) => create.status > 299), items }) }
  }
}

/** A shipper with a folder of its own, and what it has told. */
export class ShippingWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'hmonitor-shipping-'))
  readonly aside: { line: string; why: string }[] = []
  readonly damaged: string[] = []
  readonly counted = new Map<string, number>()
  /** Thrown where a line is set aside, once. */
  fault: Error | null = null
  shipper!: Shipper
  spool!: Spool

  open(way: Way, environment: Environment, { limit = 50_000_000 } = {}): Shipper {
    const counters: Counters = {
      count: (_, labels, by = 1) => {
        const key = Object.values(labels).join(' ')
        this.counted.set(key, (this.counted.get(key) ?? 0) + by)
      },
    }
    const { shipper, spool } = openShipper({
      ...{ way, fields: null, environment, folder: join(this.folder, 'node'), limit, counters, pace: QUICK },
      setAside: (text, why) => {
        const { fault } = this
        this.fault = null
        if (fault !== null) throw fault
        this.aside.push({ line: text, why })
      },
      damaged: ({ what }) => this.damaged.push(what),
      keepSecret: () => {},
      changed: () => {},
    })
    this.shipper = shipper
    this.spool = spool
    return shipper
  }

  remove(): void {
    this.shipper?.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
