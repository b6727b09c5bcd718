import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { selfSignedCertificate } from '../fixtures/certificate.ts'
import { startPeer } from '../fixtures/peers.ts'
import { freePort } from '../fixtures/ports.ts'

export interface BadPeers {
  /** Stream addresses by what is wrong with them. */
  urls: Record<string, string>
  stop(): Promise<void>
}

/** What servers do to who connects. */
const BEHAVIOURS: Record<string, (socket: Socket) => void> = {
  silent: () => {},
  http: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  garbage: (socket) => void socket.write(randomBytes(65_536)),
  'closes-half-way': (socket) => {
    // The server's first two handshake packets of RTMP are 1 + 1536 bytes; it ends within them.
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from([3]), Buffer.alloc(700)])))
  },
}

export const BAD_PEERS = [...Object.keys(BEHAVIOURS), 'no-such-host', 'refuses', 'bad-certificate']

/** Servers on loopback that answer a player in the wrong way. */
export async function startBadPeers(): Promise<BadPeers> {
  const certificate = await selfSignedCertificate()
  const tls = await startPeer(() => {}, certificate)
  const peers = [tls]
  const urls: Record<string, string> = {
    'no-such-host': 'rtmp://no-such-host.invalid/live/stream',
    refuses: `rtmp://127.0.0.1:${await freePort()}/live/stream`,
    'bad-certificate': `rtmps://localhost:${tls.port}/live/stream`,
  }
  for (const [name, behave] of Object.entries(BEHAVIOURS)) {
    const peer = await startPeer(behave)
    peers.push(peer)
    urls[name] = `rtmp://127.0.0.1:${peer.port}/live/stream`
  }
  return {
    urls,
    async stop() {
      await Promise.all([certificate.remove(), ...peers.map((peer) => peer.stop())])
    },
  }
}
