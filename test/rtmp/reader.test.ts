import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import { readRtmpAddress } from '../../src/rtmp/address.ts'
import { writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { type RtmpEnding, type RtmpMedia, readRtmp } from '../../src/rtmp/reader.ts'
import { selfSignedCertificate } from '../fixtures/certificate.ts'
import { freePort } from '../fixtures/ports.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startScriptedRtmp } from '../fixtures/servers/scripted-rtmp.ts'
import { until } from '../fixtures/wait.ts'

function read(url: string, { verifyTls = true } = {}) {
  const address = readRtmpAddress(url)
  assert.ok(address)
  const media: Pick<RtmpMedia, 'kind' | 'codec' | 'packet' | 'size' | 'time' | 'keyframe'>[] = []
  const aborting = new AbortController()
  const listener = {
    media: ({ kind, codec, packet, size, time, keyframe }: RtmpMedia) => {
      media.push({ kind, codec, packet, size, time, keyframe })
    },
  }
  const ended = readRtmp(address, listener, aborting.signal, { clock: systemClock, verifyTls })
  return { media, ended, stop: () => aborting.abort() }
}

const frame = writeMessage({ type: 9, time: 20, payload: Buffer.from([0x17, 1, 0, 0, 0, 1, 2, 3]) })

describe('reading a stream by RTMP', () => {
  it('tells frames and parameters, and that the publisher has ended as soon as the server says so', async () => {
    const server = await startNginxRtmp()
    try {
      const publisher = await startPublisher(server.url('live/one'))
      const { media, ended } = read(server.url('live/one'))
      const count = (kind: string, packet: string) =>
        media.filter((one) => one.kind === kind && one.packet === packet).length
      await until(() => count('video', 'frame') > 30 && count('audio', 'frame') > 30, 10, 'media comes')
      assert.equal(count('video', 'sequence-header'), 1)
      assert.equal(count('audio', 'sequence-header'), 1)
      assert.deepEqual([...new Set(media.map(({ kind, codec }) => `${kind} ${codec}`))].sort(), [
        'audio aac',
        'data script',
        'video h264',
      ])
      assert.ok(media.find(({ kind, packet }) => kind === 'video' && packet === 'frame')?.keyframe)
      await publisher.kill()
      const before = performance.now()
      const ending = await ended
      assert.equal(ending.why, 'unpublished')
      assert.ok(performance.now() - before < 1000)
    } finally {
      await server.stop()
    }
  })

  const endings: Record<string, { on: string; code?: string; words?: string; why: RtmpEnding['why'] }> = {
    'a stream that the server does not know': {
      ...{ on: 'play', code: 'NetStream.Play.StreamNotFound', why: 'not-found' },
    },
    'a publisher that ends': { on: 'play', code: 'NetStream.Play.UnpublishNotify', why: 'unpublished' },
    'a server that is full': { on: 'play', code: 'NetStream.Play.Failed', words: 'too many clients', why: 'full' },
    'a play that is refused': { on: 'play', code: 'NetStream.Play.Failed', words: 'no', why: 'rejected' },
    'a server that shuts down': { on: 'play', code: 'NetConnection.Connect.AppShutdown', why: 'closed' },
    'an application that is refused': {
      ...{ on: 'connect', code: 'NetConnection.Connect.Rejected', words: 'no such thing', why: 'rejected' },
    },
    'a connection that closes after play': { on: 'play', why: 'closed' },
    'a connection that closes after connect': { on: 'connect', why: 'closed' },
  }
  for (const [name, { on, code, words = '', why }] of Object.entries(endings)) {
    it(`says in its own words: ${name}`, async () => {
      const server = await startScriptedRtmp((client, [command]) => {
        if (command !== on) return false
        if (code === undefined) client.end()
        else if (on === 'connect') client.command('_error', 1, null, { level: 'error', code, description: words })
        else client.status(code, words, 'error')
        return true
      })
      try {
        const ending = await read(`rtmp://127.0.0.1:${server.port}/live/key`).ended
        assert.equal(ending.why, why, ending.message)
        if (code !== undefined) assert.ok(ending.message.includes(code), ending.message)
      } finally {
        await server.stop()
      }
    })
  }

  it('follows a redirect, at most three, and never to another scheme', async () => {
    let next = ''
    const server = await startScriptedRtmp((client, [command, , object]) => {
      if (command === 'play') client.send(frame)
      if (command !== 'connect') return false
      const { app } = object as { app: string }
      if (app === 'here') return false
      const redirect = app === 'away' ? 'rtmps://127.0.0.1/here' : next
      const ex = { code: 302, redirect }
      client.command('_error', 1, null, { level: 'error', code: 'NetConnection.Connect.Rejected', description: '', ex })
      return true
    })
    try {
      next = `rtmp://127.0.0.1:${server.port}/here`
      const found = read(`rtmp://127.0.0.1:${server.port}/there/key`)
      await until(() => found.media.length > 0, 5, 'media of the other application')
      found.stop()
      assert.equal((await found.ended).why, 'killed')
      assert.equal(server.commands.findLast(([name]) => name === 'play')?.[3], 'key')
      assert.equal((await read(`rtmp://127.0.0.1:${server.port}/away/key`).ended).why, 'moved')
      next = `rtmp://127.0.0.1:${server.port}/there`
      assert.match((await read(`rtmp://127.0.0.1:${server.port}/there/key`).ended).message, /more than 3 times/)
    } finally {
      await server.stop()
    }
  })

  it('follows no redirect into a private network where that is refused, but one back to the server itself', async () => {
    let next = ''
    const server = await startScriptedRtmp((client, [command, , object]) => {
      if (command === 'play') client.send(frame)
      if (command !== 'connect' || (object as { app: string }).app === 'here') return false
      const ex = { code: 302, redirect: next }
      client.command('_error', 1, null, { level: 'error', code: 'NetConnection.Connect.Rejected', description: '', ex })
      return true
    })
    process.env.PRIVATE_ADDRESSES = 'refuse'
    try {
      for (const host of ['127.0.0.2', '2130706434', '[::ffff:127.0.0.2]']) {
        next = `rtmp://${host}:${server.port}/here`
        const { why, message } = await read(`rtmp://127.0.0.1:${server.port}/there/key`).ended
        assert.equal(why, 'moved', host)
        assert.match(message, /sends on to an address that is not public/)
      }
      next = `rtmp://127.0.0.1:${server.port}/here`
      const back = read(`rtmp://127.0.0.1:${server.port}/there/key`)
      await until(() => back.media.length > 0, 5, 'media of the other application')
      back.stop()
      await back.ended
    } finally {
      delete process.env.PRIVATE_ADDRESSES
      await server.stop()
    }
  })

  it('answers the challenge of a server that wants a password, and says where there is none', async () => {
    const server = await startScriptedRtmp((client, [command, , object]) => {
      if (command === 'play') client.send(frame)
      if (command !== 'connect') return false
      const { app } = object as { app: string }
      const reject = (description: string) => {
        client.command('_error', 1, null, { level: 'error', code: 'NetConnection.Connect.Rejected', description })
        client.end()
        return true
      }
      if (!app.includes('authmod')) return reject('[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ')
      if (!app.includes('response')) {
        return reject(
          '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=me&salt=abcd&challenge=efgh&opaque=ijkl',
        )
      }
      if (!/^live\?authmod=adobe&user=me&challenge=[0-9a-f]{8}&response=[\w+/]{22}==&opaque=ijkl$/.test(app)) {
        return reject('[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed')
      }
      return false
    })
    try {
      const known = read(`rtmp://me:secret@127.0.0.1:${server.port}/live/key`)
      await until(() => known.media.length > 0, 5, 'media')
      known.stop()
      await known.ended
      const unknown = await read(`rtmp://127.0.0.1:${server.port}/live/key`).ended
      assert.equal(unknown.why, 'auth')
      assert.match(unknown.message, /user and a password/)
    } finally {
      await server.stop()
    }
  })

  it('answers a ping, and acknowledges what it received', async () => {
    const ping = Buffer.from([0, 6, 1, 2, 3, 4])
    let messages: { type: number; payload: Buffer }[] = []
    const server = await startScriptedRtmp((client, [command]) => {
      if (command === 'connect') client.send({ type: 5, payload: Buffer.from([0, 0, 4, 0]) })
      if (command !== 'play') return false
      messages = client.messages
      client.send({ type: 4, payload: ping })
      client.send({ type: 9, payload: Buffer.alloc(3000, 0x27) })
      return false
    })
    try {
      const { ended, stop } = read(`rtmp://127.0.0.1:${server.port}/live/key`)
      await until(
        () =>
          messages.some(({ type, payload }) => type === 4 && payload.equals(Buffer.from([0, 7, 1, 2, 3, 4]))) &&
          messages.some(({ type }) => type === 3),
        5,
        'pong and acknowledgement',
      )
      stop()
      await ended
    } finally {
      await server.stop()
    }
  })

  it('refuses a certificate that nobody vouches for over RTMPS, and reads where it is not asked for', async () => {
    const certificate = await selfSignedCertificate()
    const server = await startScriptedRtmp((client, [command]) => {
      if (command === 'play') client.send(frame)
      return false
    }, certificate)
    try {
      const url = `rtmps://127.0.0.1:${server.port}/live/key`
      const refused = await read(url).ended
      assert.equal(refused.verdict, 'tls-invalid', refused.message)
      const { media, ended, stop } = read(url, { verifyTls: false })
      await until(() => media.length > 0, 5, 'media')
      stop()
      await ended
    } finally {
      await server.stop()
      await certificate.remove()
    }
  })

  it('says that nothing listens there, or what is no RTMP', async () => {
    const none = await read(`rtmp://127.0.0.1:${await freePort()}/live/key`).ended
    assert.deepEqual([none.why, none.verdict], ['no-connection', 'refused'])
    const nginx = await startNginxRtmp()
    try {
      assert.equal((await read(`rtmp://127.0.0.1:${nginx.httpPort}/live/key`).ended).why, 'no-rtmp')
    } finally {
      await nginx.stop()
    }
  })
})
