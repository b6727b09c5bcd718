import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

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

/**
 * Bounds the connections of the HTTP server of a port, which Node-RED makes and hands to nobody: it is found by its
 * first connection.
 *
 * @param isOurs whether a server is the one that is meant
 * @returns to be called with the connection of each request; and the way to stop
 */
export function boundConnections(isOurs: (server: Server) => boolean, limits: ConnectionLimits) {
  const silent = new Set<Socket>()
  let bound: Server | null = null
  const connected = (message: unknown) => {
    const { socket } = message as { socket: Socket & { server?: Server } }
    const { server } = socket
    if (server === undefined || (server !== bound && !isOurs(server))) return
    if (server !== bound) {
      bound = server
      server.maxConnections = limits.most
      server.headersTimeout = HEADERS_WITHIN
      server.requestTimeout = REQUEST_WITHIN
    }
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
    const [oldest] = silent
    if (silent.size <= limits.mostSilent || oldest === undefined) return
    silent.delete(oldest)
    oldest.destroy()
  }
  subscribe('net.server.socket', connected)
  return {
    asked: (socket: Socket) => void silent.delete(socket),
    stop: () => unsubscribe('net.server.socket', connected),
  }
}
