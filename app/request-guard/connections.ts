import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { guarded } from '../../src/observation/internal-errors.ts'

/** Milliseconds until a connection must have sent the headers of a request, and the whole of it. Node: 60 s and 300 s. */
const HEADERS_WITHIN = 15_000
const REQUEST_WITHIN = 60_000

export interface ConnectionLimits {
  /** Connections at once. */
  most: number
  /** Of those, how many may have asked nothing yet; the oldest goes where more come. */
  mostSilent: number
}

/**
 * How many connections a process takes: never so many that there is no descriptor left for the programs and connections
 * that the monitor itself needs.
 *
 * @param descriptors the limit of open files
 */
export function limitsFor(descriptors: number): ConnectionLimits {
  return {
    most: Math.max(32, Math.min(2000, Math.floor(descriptors / 4))),
    mostSilent: Math.max(16, Math.min(200, Math.floor(descriptors / 16))),
  }
}

/** The limit of open files of this process; where the system does not say it, what most have. */
export function descriptorLimit(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024)
  } catch {
    return 1024
  }
}

/** Connections that are left free: what arrives at once comes before one of the others can go. */
const SPARE = 8

/**
 * Bounds the connections of the HTTP server of a port, which Node-RED makes and hands to nobody: it is found by its
 * first connection. Nobody who only holds connections can keep others out: of those that have sent no whole request the
 * oldest goes where there are too many, and where there is no room left, the one whose answer is taken for the longest.
 *
 * @param isOurs whether a server is the one that is meant
 * @returns to be called with each request and its answer; and the way to stop
 */
export function boundConnections(isOurs: (server: Server) => boolean, limits: ConnectionLimits) {
  /** That have sent no whole request yet. */
  const silent = new Set<Duplex>()
  /** Whose answer is not taken yet, or that stay open (WebSocket). */
  const held = new Set<Duplex>()
  const open = new Set<Duplex>()
  let bound: Server | null = null
  const bind = (server: Server) => {
    bound = server
    server.maxConnections = limits.most
    server.headersTimeout = HEADERS_WITHIN
    server.requestTimeout = REQUEST_WITHIN
    // Requests for them pass no middleware.
    server.on('upgrade', upgraded)
  }
  const upgraded = guarded('connections', (_request: IncomingMessage, socket: Duplex) => {
    silent.delete(socket)
    held.add(socket)
  })
  const connected = (message: unknown) => {
    const { socket } = message as { socket: Socket & { server?: Server } }
    const { server } = socket
    if (server === undefined || (server !== bound && !isOurs(server))) return
    if (server !== bound) bind(server)
    for (const set of [open, silent]) set.add(socket)
    for (const set of [open, silent, held]) socket.once('close', () => set.delete(socket))
    if (silent.size > limits.mostSilent) endOldest(silent)
    else if (open.size > limits.most - SPARE) endOldest(held)
  }
  const asked = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    held.add(socket)
    response.once('close', () => held.delete(socket))
    if (hasBody(request)) {
      silent.add(socket)
      request.once('end', () => silent.delete(socket))
    } else silent.delete(socket)
  }
  subscribe('net.server.socket', connected)
  return {
    asked,
    stop: () => {
      unsubscribe('net.server.socket', connected)
      bound?.off('upgrade', upgraded)
    },
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function endOldest(sockets: Set<Duplex>): void {
  const [oldest] = sockets
  if (oldest === undefined) return
  sockets.delete(oldest)
  oldest.destroy()
}
