/** MPEG-TS that one ffmpeg sends, over HTTP to any number of readers. */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPeer } from '../fixtures/peers.ts'
import type { Publication } from './publish.ts'
import type { Stage } from './stage.ts'

/** @returns the address to watch */
export async function publishMpegTs(stage: Stage, publication: Publication): Promise<string> {
  const readers = new Set<http.ServerResponse>()
  const intake = await startPeer((socket) => {
    socket.on('data', (chunk) => {
      for (const reader of readers) reader.write(chunk)
    })
  })
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' })
    readers.add(response)
    response.on('close', () => readers.delete(response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stage.atEnd(async () => {
    server.close()
    server.closeAllConnections()
    await intake.stop()
  })
  await stage.publish(`tcp://127.0.0.1:${intake.port}`, { ...publication, format: 'mpegts' })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.ts`
}
