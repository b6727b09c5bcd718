import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Body, errorBody, eventBody, listBody, liveStatsBody, sessionBody, videoBody } from './bodies.ts'
import { type Answer, type OrderedFault, send, type VimeoFault } from './faults.ts'
import { onlyFields } from './fields.ts'
import { SimulatedEvent, type SimulatedEventOptions } from './simulated-event.ts'

export interface VimeoSimulatorOptions {
  /** The only token that is let in. */
  token: string
  /** Requests a minute; over it the answer is 429. */
  limit?: number
  /** False: `/live_events/{id}/session_status` is not there, as before it was published. */
  sessionStatus?: boolean
}

const WINDOW = 60_000

/** What one path answers. */
type Found = { body: Body } | { status: number; error: Body }

const NOT_FOUND: Found = { status: 404, error: errorBody('The requested resource does not exist.', 5000) }

/**
 * The part of Vimeo's API that a monitor reads, as a server on loopback: live events, sessions, live statistics, rate
 * limits, and faults on command. The demo and the tests use it; it never leaves the machine.
 */
export class VimeoSimulator {
  readonly events = new Map<number, SimulatedEvent>()
  /** Method and path of every request since the start, without its query. */
  readonly requests: string[] = []
  limit: number
  sessionStatus: boolean
  token: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #faults: OrderedFault[] = []
  #windowFrom = Date.now()
  #used = 0

  constructor({ token, limit = 1000, sessionStatus = true }: VimeoSimulatorOptions) {
    this.token = token
    this.limit = limit
    this.sessionStatus = sessionStatus
    this.#server = createServer((request, response) => {
      const { fault, answer } = this.#take(request)
      send(response, answer, fault)
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
    })
  }

  /** @param port 0 means any free one */
  async start(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this.url
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Begins a minute anew. @param used requests that are taken to have come in it */
  renew(used = 0): void {
    this.#windowFrom = Date.now()
    this.#used = used
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  add(options: SimulatedEventOptions): SimulatedEvent {
    const event = new SimulatedEvent(options)
    this.events.set(event.id, event)
    return event
  }

  /** From now on, in the order in which they were ordered: the first one that fits a request is done. */
  order(what: VimeoFault, on: Omit<OrderedFault, 'what'> = {}): void {
    this.#faults.push({ what, ...on })
  }

  /** Takes every fault back. */
  behave(): void {
    this.#faults = []
  }

  #take(request: IncomingMessage): { fault: VimeoFault | null; answer: Answer } {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    this.requests.push(`${request.method} ${pathname}`)
    const ordered = this.#faults.find(({ path, times }) => times !== 0 && (path === undefined || path.test(pathname)))
    if (ordered?.times !== undefined) ordered.times -= 1
    const fault = ordered?.what ?? null
    const headers = this.#count()
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      const error = errorBody('You must provide a valid authenticated access token.', 8003)
      return { fault, answer: { status: 401, headers, body: error } }
    }
    if (this.#used > this.limit)
      return {
        fault: { fault: 'too-many-requests', headers: true, reset: this.#left() },
        answer: { status: 429, headers, body: null },
      }
    if (request.method !== 'GET') return { fault, answer: { status: 405, headers, body: errorBody('Not allowed.', 0) } }
    const found = this.#find(pathname, searchParams)
    if ('error' in found) return { fault, answer: { status: found.status, headers, body: found.error } }
    const fields = searchParams.get('fields')
    const { body } = found
    const shown = 'data' in body ? { ...body, data: onlyFields(body.data, fields) } : onlyFields(body, fields)
    return { fault, answer: { status: 200, headers, body: shown } }
  }

  #left(): number {
    return (this.#windowFrom + WINDOW - Date.now()) / 1000
  }

  #count(): Record<string, string> {
    if (this.#left() <= 0) this.renew()
    this.#used += 1
    return {
      'x-ratelimit-limit': String(this.limit),
      'x-ratelimit-remaining': String(Math.max(0, this.limit - this.#used)),
      'x-ratelimit-reset': new Date(this.#windowFrom + WINDOW).toISOString().replace(/\.\d+Z$/, '+00:00'),
    }
  }

  #find(path: string, query: URLSearchParams): Found {
    const [, list] = /^\/me(\/live_events)$/.exec(path) ?? []
    if (list !== undefined) {
      const events = [...this.events.values()].filter(({ kind }) => kind === 'recurring').map(eventBody)
      const page = Number(query.get('page') ?? 1)
      return { body: listBody(events, page, Math.min(100, Number(query.get('per_page') ?? 25))) }
    }
    const [, recurring, session] = /^(?:\/me)?\/live_events\/(\d+)(\/session_status)?$/.exec(path) ?? []
    if (recurring !== undefined) {
      const event = this.events.get(Number(recurring))
      if (event?.kind !== 'recurring' || (session !== undefined && !this.sessionStatus)) return NOT_FOUND
      return { body: session === undefined ? eventBody(event) : sessionBody(event) }
    }
    const [, video, part] = /^\/videos\/(\d+)(\/sessions\/status|\/stats\/live)?$/.exec(path) ?? []
    const event = [...this.events.values()].find(({ videoId }) => videoId === Number(video))
    if (event === undefined) return NOT_FOUND
    if (part === undefined) return { body: videoBody(event) }
    if (part === '/sessions/status') return { body: sessionBody(event) }
    return event.viewers === null ? NOT_FOUND : { body: liveStatsBody(event) }
  }
}
