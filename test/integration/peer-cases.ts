import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Certificate, selfSignedCertificate } from '../fixtures/certificate.ts'
import { type Peer, startPeer } from '../fixtures/peers.ts'
import { freePort } from '../fixtures/ports.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { type NodeMediaServer, startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { watch } from './watched.ts'

/** Where others fill the cores, as two whole runs beside this one do, a reader takes up to five times as long to start. */
const BUSY = 5

/** Both say the same of it, each in its words. */
const READERS = ['auto', 'ffprobe'] as const

const KEY = 'sk-4711-very-secret'

/** Answers an HTTP request with a status and a body, and closes. */
const http =
  (status: string, body = '') =>
  (socket: Socket) => {
    socket.once('data', () =>
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
    )
  }

const endless = (socket: Socket) => endlessAfter(socket, Buffer.alloc(0))

/** Garbage for ever, behind a handshake whose version (the fifth byte of S1) says whether FFmpeg checks the rest. */
const garbageOfVersion = (version: number) => (socket: Socket) => {
  const handshake = randomBytes(1 + 2 * 1536)
  handshake[5] = version
  endlessAfter(socket, handshake)
}

function endlessAfter(socket: Socket, beginning: Buffer): void {
  socket.write(beginning)
  const write = () => void socket.write(randomBytes(4096))
  const timer = setInterval(write, 5)
  socket.on('close', () => clearInterval(timer))
}

interface Case {
  title: string
  url(): Promise<string> | string
  /** What is to be said, and seconds within which. */
  says: string
  within: number
  message: RegExp
}

/** Tests what is said of each bad peer: of those that say no at once, or of those that only time tells. */
export function testBadPeers(which: 'quick' | 'slow'): void {
  describe('a peer that is no stream ends in one reason, soon, and in words that tell no secret', {
    concurrency: true,
  }, () => {
    const peers: Peer[] = []
    let nginx: NginxRtmp
    let nodeMediaServer: NodeMediaServer
    let certificate: Certificate
    before(async () => {
      ;[nginx, nodeMediaServer, certificate] = await Promise.all([
        startNginxRtmp(),
        startNodeMediaServer(),
        selfSignedCertificate(),
      ])
    })
    after(async () => {
      await Promise.all([
        nginx?.stop(),
        nodeMediaServer?.stop(),
        certificate?.remove(),
        ...peers.map((peer) => peer.stop()),
      ])
    })

    const peer = async (behave: (socket: Socket) => void, tls?: Certificate) => {
      const started = await startPeer(behave, tls)
      peers.push(started)
      return started.port
    }
    const rtmp = (behave: (socket: Socket) => void) => async () => `rtmp://127.0.0.1:${await peer(behave)}/live/${KEY}`
    const httpUrl = (behave: (socket: Socket) => void) => async () =>
      `http://127.0.0.1:${await peer(behave)}/live/x.m3u8?token=${KEY}`
    const rtsp = (behave: (socket: Socket) => void) => async () => `rtsp://me:${KEY}@127.0.0.1:${await peer(behave)}/x`

    const cases: Case[] = [
      {
        title: 'nothing listens',
        url: async () => `rtmp://127.0.0.1:${await freePort()}/live/${KEY}`,
        says: 'absent refused',
        within: 2,
        message: /refuses the connection/,
      },
      {
        title: 'the host does not exist',
        url: () => `rtmp://no-such-host.invalid/live/${KEY}`,
        says: 'absent unreachable',
        within: 5,
        message: /(no address is known|could not be looked up)/,
      },
      {
        title: 'the application does not exist (nginx-rtmp)',
        url: () => nginx.url(`nope/${KEY}`),
        says: 'absent refused',
        within: 3,
        message: /application and the stream key right|asked for the application/,
      },
      {
        title: 'the stream name is not allowed (node-media-server)',
        url: () => nodeMediaServer.url('live/no.such'),
        says: 'absent refused',
        within: 3,
        message: /application and the stream key right|its key may be another one/,
      },
      {
        title: 'nobody publishes (nginx-rtmp)',
        url: () => nginx.url(`live/${KEY}`),
        says: 'absent timeout',
        within: 20,
        message: /no media/,
      },
      {
        title: 'nobody publishes (node-media-server)',
        url: () => nodeMediaServer.url(`live/${KEY}`),
        says: 'absent timeout',
        within: 20,
        message: /no media/,
      },
      {
        title: 'it accepts and stays silent',
        url: rtmp(() => {}),
        says: 'absent timeout',
        within: 20,
        message: /no media|stays silent \(handshake\)/,
      },
      {
        title: 'it closes at once',
        url: rtmp((socket) => socket.end()),
        says: 'absent refused',
        within: 3,
        message: /does not speak RTMP/,
      },
      {
        title: 'it resets the connection',
        url: rtmp((socket) => socket.resetAndDestroy()),
        says: 'absent refused',
        within: 3,
        message: /./,
      },
      {
        title: 'it closes half-way through the handshake',
        url: rtmp((socket) =>
          socket.once('data', () => socket.end(Buffer.concat([Buffer.from([3]), randomBytes(700)]))),
        ),
        says: 'absent refused',
        within: 3,
        message: /does not speak RTMP/,
      },
      {
        title: 'it sends garbage for ever',
        url: rtmp(garbageOfVersion(3)),
        says: 'absent refused',
        within: 3,
        message: /does not speak RTMP|is not RTMP/,
      },
      {
        title: 'it sends garbage for ever that begins like the handshake of an old server',
        url: rtmp(garbageOfVersion(0)),
        says: 'absent refused',
        within: 3,
        message: /does not speak RTMP|not RTMP/,
      },
      {
        title: 'it speaks HTTP where RTMP is asked for',
        url: rtmp(http('400 Bad Request')),
        says: 'absent refused',
        within: 3,
        message: /does not speak RTMP|answers in HTTP/,
      },
      {
        title: 'its certificate is self-signed',
        url: async () => `rtmps://localhost:${await peer(() => {}, certificate)}/live/${KEY}`,
        says: 'absent refused',
        within: 4,
        message: /certificate/,
      },
      {
        title: 'it has no TLS where RTMPS is asked for',
        url: async () => `rtmps://localhost:${await peer(http('400 Bad Request'))}/live/${KEY}`,
        says: 'absent refused',
        within: 4,
        message: /./,
      },
      {
        title: 'HTTP: not found',
        url: httpUrl(http('404 Not Found')),
        says: 'absent not-found',
        within: 3,
        message: /does not know/,
      },
      {
        title: 'HTTP: forbidden',
        url: httpUrl(http('403 Forbidden')),
        says: 'absent refused',
        within: 3,
        message: /does not let us in/,
      },
      {
        title: 'HTTP: an error of the server',
        url: httpUrl(http('500 Internal Server Error')),
        says: 'absent refused',
        within: 3,
        message: /answers with an error/,
      },
      {
        title: 'HTTP: a page in place of a stream',
        url: httpUrl(http('200 OK', '<html>Welcome</html>')),
        says: 'absent refused',
        within: 3,
        // The latter by ffprobe, which knows no pages.
        message: /a web page there|nothing that could be read as a stream/,
      },
      { title: 'HTTP: garbage for ever', url: httpUrl(endless), says: 'absent', within: 25, message: /./ },
      { title: 'RTSP: it stays silent', url: rtsp(() => {}), says: 'absent timeout', within: 22, message: /no media/ },
      {
        title: 'RTSP: it speaks HTTP',
        url: rtsp(http('400 Bad Request')),
        says: 'absent refused',
        within: 3,
        message: /./,
      },
      {
        title: 'SRT: nobody listens',
        url: () => `srt://127.0.0.1:9?passphrase=${KEY}`,
        says: 'absent unreachable',
        within: 6,
        message: /SRT/,
      },
    ]

    for (const { title, url, says, within, message } of cases.filter((one) => one.within > 6 === (which === 'slow'))) {
      it(title, async () => {
        const redact = (text: string) => text.replaceAll(KEY, '***')
        const one = async (reader: (typeof READERS)[number]) => {
          const watched = watch(await url(), { reader, context: { redact } })
          try {
            await watched.until(says, within * BUSY)
            const reading = watched.read()
            assert.equal(reading.outcome, 'absent')
            if (reading.outcome !== 'absent') return
            assert.match(reading.message ?? '', message)
            assert.doesNotMatch(JSON.stringify([reading, watched.events]), new RegExp(KEY))
            assert.equal(reading.measurements.up, false)
          } finally {
            await watched.stop()
          }
        }
        await Promise.all(READERS.map(one))
      })
    }
  })
}
