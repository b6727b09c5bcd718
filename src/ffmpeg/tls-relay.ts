import { once } from 'node:events'
import net from 'node:net'
import { AbortScope } from '../connection/abort-scope.ts'
import { connectSecurely } from '../connection/connect.ts'
import { guarded } from '../observation/internal-errors.ts'
import { type StreamAddress, withServer } from '../secrets/stream-address.ts'
import type { Ending } from '../stream/packet-source.ts'
import { explainConnectError } from '../stream/reachability.ts'

/** Seconds for lookup, connection and TLS. */
const CONNECT_LIMIT = 10

export interface TlsRelay {
  /** What a program reads in the place of the address: RTSP on this computer. */
  address: StreamAddress
  /** Why the last connection to the server did not come about; null where it did. */
  trouble(): Ending | null
  stop(): void
}

/**
 * A way to a server of RTSP within TLS: FFmpeg's own verifies no certificate and cannot be told to (7.1 and older), and
 * where it is static it looks up no names. It is open to this computer only, and leads to that one server.
 */
export async function relayTls(address: StreamAddress, verifyTls: boolean): Promise<TlsRelay> {
  const stopping = new AbortController()
  let trouble: Ending | null = null
  const pass = async (program: net.Socket) => {
    program.on('error', () => {})
    try {
      const server = await connectWithin(address, verifyTls, stopping.signal)
      trouble = null
      const end = guarded('tls relay', () => {
        server.destroy()
        program.destroy()
      })
      program.on('close', end)
      server.on('close', end)
      if (program.destroyed) server.destroy()
      program.pipe(server).pipe(program)
    } catch (error) {
      if (!stopping.signal.aborted) trouble = { ...explainConnectError(error), beforeStream: true }
      program.destroy()
    }
  }
  const programs = new Set<net.Socket>()
  const server = net.createServer(
    guarded('tls relay', (program: net.Socket) => {
      programs.add(program)
      program.on(
        'close',
        guarded('tls relay', () => programs.delete(program)),
      )
      return pass(program)
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    address: withServer(address, { protocol: 'rtsp', host: '127.0.0.1', port }),
    trouble: () => trouble,
    stop: () => {
      stopping.abort()
      for (const program of programs) program.destroy()
      server.close()
    },
  }
}

async function connectWithin(server: StreamAddress, verifyTls: boolean, stopping: AbortSignal) {
  const scope = new AbortScope(stopping, CONNECT_LIMIT)
  try {
    return await connectSecurely(server, verifyTls, scope.signal)
  } finally {
    scope.end()
  }
}
