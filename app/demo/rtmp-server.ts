import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'

/** What is used of node-media-server, which has no types. */
interface MediaServer {
  on(event: 'postPublish', listener: (session: { broadcast: { publishGraceMs: number } }) => void): void
  rtmpServer: { tcpServer: Server; run(): void }
}
type MediaServerClass = new (config: { bind: string; rtmp: { port: string } }) => MediaServer

const require = createRequire(import.meta.url)

/**
 * A real RTMP server on loopback, for as long as this process lives. Rejects where the port is taken.
 *
 * @param port 0 means any free one
 * @returns the port it listens on
 */
export async function startRtmpServer(port: number): Promise<number> {
  // It would write each connection to the console.
  const logger = require('node-media-server/src/core/logger.js') as { log: () => void }
  logger.log = () => {}
  const NodeMediaServer = require('node-media-server') as MediaServerClass
  // As a string, because the number 0 switches the server off. Only RTMP is run: no web console, no store on disk.
  const server = new NodeMediaServer({ bind: '127.0.0.1', rtmp: { port: String(port) } })
  // A publisher that comes again within half a minute would go on where each of its tracks ended: after a time without
  // audio the two would be apart for good. Other servers begin anew.
  server.on('postPublish', ({ broadcast }) => {
    broadcast.publishGraceMs = 0
  })
  const { rtmpServer } = server
  rtmpServer.run()
  // Its own answer to a port that is taken is to end the process.
  rtmpServer.tcpServer.removeAllListeners('error')
  await once(rtmpServer.tcpServer, 'listening')
  return (rtmpServer.tcpServer.address() as AddressInfo).port
}
