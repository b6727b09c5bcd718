/** What the specification allows, and no server at hand can be made to do. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clock, systemClock } from '../../src/observation/clock.ts'
import { readRtmpAddress } from '../../src/rtmp/address.ts'
import { type Encodable, encodeAmf0 } from '../../src/rtmp/amf0.ts'
import { AUDIO, VIDEO, writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { RtmpPlayer } from '../../src/rtmp/player.ts'
import { type RtmpMedia, readRtmp } from '../../src/rtmp/reader.ts'
import { type Client, type ScriptedRtmp, startScriptedRtmp } from '../fixtures/servers/scripted-rtmp.ts'
import { until } from '../fixtures/wait.ts'

type Media = Pick<RtmpMedia, 'kind' | 'codec' | 'packet' | 'size' | 'time'>

function read(url: string, clock: Clock = systemClock) {
  const address = readRtmpAddress(url)
  assert.ok(address)
  const media: Media[] = []
  const stopping = new AbortController()
  const listener = {
    media: ({ kind, codec, packet, size, time }: RtmpMedia) => media.push({ kind, codec, packet, size, time }),
  }
  const ended = readRtmp(address, listener, stopping.signal, { clock, verifyTls: true })
  const stop = async () => {
    stopping.abort()
    return ended
  }
  return { media, ended, stop }
}

const video = (time: number, length = 3) =>
  writeMessage({ type: VIDEO, time, payload: Buffer.from([0x17, 1, 0, 0, 0, ...Buffer.alloc(length, 1)]) })
const audio = (time: number) => writeMessage({ type: AUDIO, time, payload: Buffer.from([0xaf, 1, 1, 2, 3]) })
const times = (media: readonly Media[], kind = 'video') =>
  media.filter((one) => one.kind === kind && one.packet === 'frame').map(({ time }) => time)

/** Which stages a reading goes through, until media has come. */
async function stagesOf(url: string): Promise<string[]> {
  const address = readRtmpAddress(url) ?? assert.fail()
  const stages: string[] = []
  const stopping = new AbortController()
  const listener = { media: () => stopping.abort(), stage: (stage: string) => stages.push(stage) }
  await readRtmp(address, listener, stopping.signal, { clock: systemClock, verifyTls: true })
  return stages
}

/** A server that does something of its own once it is asked for the stream. */
async function withServer(play: (client: Client, turn: number) => void, look: (server: ScriptedRtmp) => Promise<void>) {
  let turn = 0
  const server = await startScriptedRtmp((client, [command]) => {
    if (command === 'play') play(client, turn++)
    return false
  })
  try {
    await look(server)
  } finally {
    await server.stop()
  }
}

const urlOf = ({ port }: ScriptedRtmp, app = 'live') => `rtmp://127.0.0.1:${port}/${app}/key`

/** A clock that a test moves on; beside that it goes as the system's. */
function movedClock() {
  let moved = 0
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + moved }
  return { clock, move: (seconds: number) => (moved += seconds) }
}

const reconnect = (info: Record<string, string> = {}) => ({
  level: 'status',
  code: 'NetConnection.Connect.ReconnectRequest',
  description: 'the server is taken from service',
  ...info,
})

describe('a reading', () => {
  it('says how far it has come', async () => {
    const play = (client: Client) => client.send(video(40))
    await withServer(play, async (server) => {
      assert.deepEqual(await stagesOf(urlOf(server)), ['handshake', 'connect', 'play'])
    })
  })
})

describe('a server that asks to connect anew', () => {
  it('is left for the one that it names, and nothing is told twice', async () => {
    const clients: Client[] = []
    const play = (client: Client, turn: number) => {
      clients.push(client)
      // The second sends from its last key frame on, as servers do.
      for (const time of turn === 0 ? [1000, 1040, 1080] : [1040, 1080, 1120]) client.send(video(time))
      client.send(audio(turn === 0 ? 1005 : 1105))
    }
    await withServer(play, async (server) => {
      const { clock, move } = movedClock()
      const { media, stop } = read(urlOf(server, 'old'), clock)
      await until(() => times(media, 'audio').length === 1, 5, 'media of the first')
      move(20)
      clients[0]?.command('onStatus', 0, null, reconnect({ tcUrl: `rtmp://127.0.0.1:${server.port}/new` }))
      await until(() => times(media, 'audio').length === 2, 5, 'media of the second')
      assert.deepEqual(times(media), [1000, 1040, 1080, 1120])
      assert.deepEqual(times(media, 'audio'), [1005, 1105])
      const apps = server.commands.filter(([name]) => name === 'connect').map(([, , object]) => object)
      assert.deepEqual(
        apps.map((object) => (object as { app: string }).app),
        ['old', 'new'],
      )
      assert.equal(server.commands.findLast(([name]) => name === 'play')?.[3], 'key')
      assert.equal((await stop()).why, 'killed')
    })
  })

  for (const [where, info, app] of [
    ['where we are, for want of a name', {}, 'live'],
    ['a part of a URL', { tcUrl: '/other' }, 'other'],
  ] as const) {
    it(`is asked again: ${where}`, async () => {
      const clients: Client[] = []
      const play = (client: Client, turn: number) => {
        clients.push(client)
        client.send(video(turn * 100))
      }
      await withServer(play, async (server) => {
        const { clock, move } = movedClock()
        const { media, stop } = read(urlOf(server), clock)
        await until(() => times(media).length === 1, 5, 'media of the first')
        move(20)
        clients[0]?.command('onStatus', 0, null, reconnect(info))
        await until(() => times(media).length === 2, 5, 'media of the second')
        const [, , asked] = server.commands.findLast(([name]) => name === 'connect') ?? assert.fail()
        assert.equal((asked as { app: string }).app, app)
        await stop()
      })
    })
  }

  it('is not asked again where it says so at once: it would go on for ever', async () => {
    const play = (client: Client) => client.command('onStatus', 0, null, reconnect())
    await withServer(play, async (server) => {
      const { why, message } = await read(urlOf(server)).ended
      assert.equal(why, 'closed')
      assert.match(message, /connect anew \(the server is taken from service\)/)
    })
  })

  it('is followed to no other scheme', async () => {
    const { clock, move } = movedClock()
    const play = (client: Client) => {
      move(20)
      client.command('onStatus', 0, null, reconnect({ tcUrl: 'rtmps://127.0.0.1/live' }))
    }
    await withServer(play, async (server) => assert.equal((await read(urlOf(server), clock).ended).why, 'moved'))
  })

  it('is followed into no private network where that is refused', async () => {
    const { clock, move } = movedClock()
    process.env.PRIVATE_ADDRESSES = 'refuse'
    try {
      const play = (client: Client) => {
        move(20)
        client.command('onStatus', 0, null, reconnect({ tcUrl: 'rtmp://127.0.0.2/live' }))
      }
      await withServer(play, async (server) => {
        const { why, message } = await read(urlOf(server), clock).ended
        assert.equal(why, 'moved', message)
        assert.match(message, /sends on to an address that is not public/)
      })
    } finally {
      delete process.env.PRIVATE_ADDRESSES
    }
  })

  it('may begin another clock: all of it is told', async () => {
    const clients: Client[] = []
    const play = (client: Client, turn: number) => {
      clients.push(client)
      client.send(video(turn === 0 ? 5_000_000 : 40))
      client.send(video(turn === 0 ? 5_000_040 : 80))
    }
    await withServer(play, async (server) => {
      const { clock, move } = movedClock()
      const { media, stop } = read(urlOf(server), clock)
      await until(() => times(media).length === 2, 5, 'media of the first')
      move(20)
      clients[0]?.command('onStatus', 0, null, reconnect())
      await until(() => times(media).length === 4, 5, 'media of the second')
      assert.deepEqual(times(media), [5_000_000, 5_000_040, 40, 80])
      await stop()
    })
  })
})

describe('a server that sends on when it is asked for the stream', () => {
  for (const [where, path] of [
    ['its application, as SRS does', 'here'],
    ['the stream itself, as nginx-rtmp does', 'here/key'],
  ] as const) {
    it(`is followed by ${where}`, async () => {
      const server = await startScriptedRtmp((client, [command, , object]) => {
        if (command === 'connect') Object.assign(client, { app: (object as { app: string }).app })
        if (command !== 'play') return false
        if ((client as Client & { app?: string }).app === 'here') {
          client.send(video(40))
          return false
        }
        const ex = { code: 302, redirect: `rtmp://127.0.0.1:${server.port}/${path}` }
        client.command('onStatus', 0, null, { level: 'status', code: 'NetConnection.Connect.Rejected', ex })
        return true
      })
      try {
        const { media, stop } = read(urlOf(server, 'there'))
        await until(() => media.length > 0, 5, 'media of the other application')
        await stop()
        assert.equal(server.commands.findLast(([name]) => name === 'play')?.[3], 'key')
      } finally {
        await server.stop()
      }
    })
  }
})

describe('messages for AMF3', () => {
  for (const [how, envelope] of [
    ['with the byte that says that AMF0 follows', Buffer.of(0)],
    ['without it', Buffer.alloc(0)],
  ] as const) {
    it(`are read as those for AMF0, ${how}`, async () => {
      const wrapped = (...values: Encodable[]) => Buffer.concat([envelope, encodeAmf0(...values)])
      const server = await startScriptedRtmp((client, [command, transaction]) => {
        const status = (code: string) => ({ level: 'status', code })
        if (command === 'connect') {
          client.send({ type: 17, payload: wrapped('_result', 1, {}, status('NetConnection.Connect.Success')) })
        } else if (command === 'createStream') {
          client.send({ type: 17, payload: wrapped('_result', Number(transaction), null, 1) })
        } else if (command === 'play') {
          client.send({ type: 15, payload: wrapped('onMetaData', { width: 1280 }) })
          client.send(video(40))
          client.send({ type: 17, payload: wrapped('onStatus', 0, null, status('NetStream.Play.UnpublishNotify')) })
        }
        return true
      })
      try {
        const { media, ended } = read(urlOf(server))
        assert.equal((await ended).why, 'unpublished')
        assert.deepEqual(
          media.map(({ kind }) => kind),
          ['data', 'video'],
        )
        assert.equal(media[0]?.size, encodeAmf0('onMetaData', { width: 1280 }).length)
      } finally {
        await server.stop()
      }
    })
  }
})

/** A player that is spoken to without a server, and what it says itself. */
function startPlayer() {
  const media: Media[] = []
  const sent: Buffer[] = []
  const listener = {
    media: ({ kind, codec, packet, size, time }: RtmpMedia) => media.push({ kind, codec, packet, size, time }),
  }
  const request = { app: 'live', url: 'rtmp://host/live', key: 'key' }
  const player = new RtmpPlayer(request, listener, { clock: systemClock, verifyTls: true })
  player.start((bytes) => sent.push(bytes))
  player.receive(Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536, 7)]))
  sent.length = 0
  return { player, media, sent }
}

const setting = (type: number, value: number) => {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(value)
  return writeMessage({ type, payload })
}

describe('the numbers of RTMP', () => {
  it('have an acknowledgement that begins anew after 4 GiB', () => {
    const { player, sent } = startPlayer()
    try {
      player.receive(Buffer.concat([setting(1, 0xffffff), setting(5, 2 ** 23)]))
      const frame = writeMessage({ type: VIDEO, payload: Buffer.alloc(0xfffff0, 0x27) }, 0xffffff)
      for (let total = 0; total < 4.1 * 2 ** 30; total += frame.length) player.receive(frame)
      // Type 3, of four bytes, behind a header of twelve.
      const acknowledged = sent.filter((bytes) => bytes[7] === 3).map((bytes) => bytes.readUInt32BE(12))
      const wraps = acknowledged.filter((value, at) => at > 0 && value < (acknowledged[at - 1] ?? 0))
      assert.ok(acknowledged.length > 250, `${acknowledged.length} acknowledgements`)
      assert.equal(wraps.length, 1)
      assert.ok((wraps[0] ?? 0) < 2 ** 25)
    } finally {
      player.stop()
    }
  })

  for (const size of [1, 7, 4096, 65_536, 0x7fffffff]) {
    it(`have chunks of ${size} bytes where the server says so`, () => {
      const { player, media } = startPlayer()
      try {
        const payload = Buffer.from([0x17, 1, 0, 0, 0, ...Buffer.alloc(5000, 1)])
        player.receive(setting(1, size))
        player.receive(writeMessage({ type: VIDEO, time: 40, payload }, size))
        player.receive(writeMessage({ type: VIDEO, time: 80, payload }, size))
        assert.deepEqual(
          media.map(({ size: bytes, time }) => [bytes, time]),
          [
            [5000, 40],
            [5000, 80],
          ],
        )
      } finally {
        player.stop()
      }
    })
  }

  it('have time stamps that begin anew after 2^32 milliseconds, extended and as differences', () => {
    const { player, media } = startPlayer()
    try {
      const last = 2 ** 32 - 20
      player.receive(video(last, 200))
      // The next by 40 ms later, as a header of seven bytes says it, and by as much again, as one of none does.
      const body = Buffer.from([0x17, 1, 0, 0, 0, 9])
      player.receive(Buffer.concat([Buffer.from([0x46, 0, 0, 40, 0, 0, 6, VIDEO]), body, Buffer.of(0xc6), body]))
      player.receive(video(100))
      assert.deepEqual(times(media), [last, 20, 60, 100])
    } finally {
      player.stop()
    }
  })

  it('have aggregate messages, whose time is that of the first in them, over the end of the clock too', () => {
    const tag = (type: number, time: number, body: Buffer) => {
      const bytes = Buffer.alloc(11 + body.length + 4)
      bytes[0] = type
      bytes.writeUIntBE(body.length, 1, 3)
      bytes.writeUIntBE(time & 0xffffff, 4, 3)
      bytes[7] = (time >>> 24) & 0xff
      body.copy(bytes, 11)
      return bytes
    }
    const picture = Buffer.from([0x27, 1, 0, 0, 0, 1, 2])
    const sound = Buffer.from([0xaf, 1, 1, 2, 3])
    const payload = Buffer.concat([
      tag(VIDEO, 7000, picture),
      tag(AUDIO, 7010, sound),
      tag(VIDEO, 7040, picture),
      tag(18, 7050, encodeAmf0('onCuePoint', { time: 7 })),
    ])
    const { player, media } = startPlayer()
    try {
      player.receive(writeMessage({ type: 22, time: 2 ** 32 - 30, payload }))
      assert.deepEqual(
        media.map(({ kind, size, time }) => [kind, size, time]),
        [
          ['video', 2, 2 ** 32 - 30],
          ['audio', 3, 2 ** 32 - 20],
          ['video', 2, 10],
          ['data', encodeAmf0('onCuePoint', { time: 7 }).length, 20],
        ],
      )
    } finally {
      player.stop()
    }
  })
})
