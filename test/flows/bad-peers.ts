import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
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

/** A certificate that nobody vouches for, made by openssl, which Debian's base system has. */
function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    const subject = ['-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'pipe' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Servers on loopback that answer a player in the wrong way. */
export async function startBadPeers(): Promise<BadPeers> {
  const sockets = new Set<Socket>()
  const servers: Server[] = []
  const listen = async (server: Server): Promise<number> => {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port
  }
  const urls: Record<string, string> = {
    'no-such-host': 'rtmp://no-such-host.invalid/live/stream',
    refuses: `rtmp://127.0.0.1:${await freePort()}/live/stream`,
  }
  for (const [name, behave] of Object.entries(BEHAVIOURS)) {
    urls[name] = `rtmp://127.0.0.1:${await listen(createServer(behave))}/live/stream`
  }
  const tls = createTlsServer(selfSigned(), (socket) => socket.on('error', () => {})).on('tlsClientError', () => {})
  urls['bad-certificate'] = `rtmps://localhost:${await listen(tls)}/live/stream`
  return {
    urls,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}
