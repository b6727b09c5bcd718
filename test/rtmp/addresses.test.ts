/** What a server is told of an address, and whom it has to be: application, key, name, certificate. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import tls from 'node:tls'
import { systemClock } from '../../src/observation/clock.ts'
import { readRtmpAddress } from '../../src/rtmp/address.ts'
import type { Amf0Value } from '../../src/rtmp/amf0.ts'
import { writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { readRtmp } from '../../src/rtmp/reader.ts'
import { type CertificateAuthority, makeAuthority } from '../fixtures/certificate-authority.ts'
import { type ScriptedRtmp, startScriptedRtmp } from '../fixtures/servers/scripted-rtmp.ts'

const frame = writeMessage({ type: 9, time: 20, payload: Buffer.from([0x17, 1, 0, 0, 0, 1, 2, 3]) })

/** A server that sends one frame to everybody. */
const start = (secure?: Parameters<typeof startScriptedRtmp>[1]) =>
  startScriptedRtmp((client, [command]) => {
    if (command === 'play') client.send(frame)
    return false
  }, secure)

async function read(url: string, { verifyTls = true } = {}) {
  const address = readRtmpAddress(url)
  assert.ok(address, url)
  const stopping = new AbortController()
  let hasMedia = false
  const media = () => {
    hasMedia = true
    stopping.abort()
  }
  const ending = await readRtmp(address, { media }, stopping.signal, { clock: systemClock, verifyTls })
  return hasMedia ? 'media' : ending
}

/** Application, URL and key, as the server heard them last. */
function heard(commands: readonly Amf0Value[][]): unknown[] {
  const connect = commands.findLast(([name]) => name === 'connect')?.[2] as { app: string; tcUrl: string }
  return [connect.app, connect.tcUrl, commands.findLast(([name]) => name === 'play')?.[3]]
}

describe('an address', () => {
  let server: ScriptedRtmp
  before(async () => {
    server = await start()
  })
  after(() => server.stop())

  for (const [path, app, key] of [
    ['live/key', 'live', 'key'],
    ['live/key?token=a/b&c=d', 'live', 'key?token=a/b&c=d'],
    ['live?token=a/key', 'live?token=a/key', ''],
    ['live?token=a#key', 'live?token=a', 'key'],
    ['live/instance/key', 'live/instance', 'key'],
    ['one/two/three#four/five?six=7', 'one/two/three', 'four/five?six=7'],
    ['live/_definst_/mp4:folder/clip.mp4', 'live/_definst_', 'mp4:folder/clip.mp4'],
    ['live/k%20%C3%BC%2F', 'live', 'k%20%C3%BC%2F'],
    ['live/schlüssel-キー', 'live', 'schlüssel-キー'],
    ['live#a#b', 'live', 'a#b'],
  ] as const) {
    it(`is told to the server byte for byte: ${path}`, async () => {
      assert.equal(await read(`rtmp://127.0.0.1:${server.port}/${path}`), 'media')
      assert.deepEqual(heard(server.commands), [app, `rtmp://127.0.0.1:${server.port}/${app}`, key])
    })
  }

  it('may have an IPv6 address, in brackets', async () => {
    assert.equal(await read(`rtmp://[::1]:${server.port}/live/key`), 'media')
    assert.deepEqual(heard(server.commands), ['live', `rtmp://[::1]:${server.port}/live`, 'key'])
  })
})

describe('a server of RTMPS', () => {
  let authority: CertificateAuthority
  const trusted = tls.getCACertificates('default')

  /** Reads from a server whose certificate names it so, with the name that it was asked for. */
  async function readFrom(names: readonly string[], host: string, verifyTls = true) {
    const { key, cert } = await authority.issue({ names })
    const asked: (string | false | null)[] = []
    const server = await start({ key, cert, connected: (socket) => asked.push(socket.servername) })
    try {
      const outcome = await read(`rtmps://${host}:${server.port}/live/key`, { verifyTls })
      return { outcome, asked }
    } finally {
      await server.stop()
    }
  }

  before(async () => {
    authority = await makeAuthority()
  })
  after(async () => {
    tls.setDefaultCACertificates(trusted)
    await authority.remove()
  })

  it('is refused where nobody is known who vouches for it, and watched where the target says so', async () => {
    const { outcome } = await readFrom(['DNS:localhost'], 'localhost')
    assert.ok(typeof outcome === 'object')
    assert.deepEqual([outcome.why, outcome.verdict], ['no-connection', 'tls-invalid'], outcome.message)
    assert.equal((await readFrom(['DNS:localhost'], 'localhost', false)).outcome, 'media')
  })

  describe('whose authority is trusted', () => {
    before(async () => {
      tls.setDefaultCACertificates([...trusted, await readFile(authority.file, 'utf8')])
    })

    it('is asked by its name, and watched where its certificate has it', async () => {
      const { outcome, asked } = await readFrom(['DNS:localhost'], 'localhost')
      assert.equal(outcome, 'media')
      assert.deepEqual(asked, ['localhost'])
    })

    it('is refused where its certificate is of another, and watched where the target says so', async () => {
      const { outcome } = await readFrom(['DNS:other.example'], 'localhost')
      assert.ok(typeof outcome === 'object')
      assert.equal(outcome.verdict, 'tls-invalid')
      assert.match(outcome.message, /another host/)
      assert.equal((await readFrom(['DNS:other.example'], 'localhost', false)).outcome, 'media')
    })

    it('is asked by no name where it has an IP address, which the certificate has to hold', async () => {
      const { outcome, asked } = await readFrom(['IP:127.0.0.1'], '127.0.0.1')
      assert.equal(outcome, 'media')
      assert.deepEqual(asked, [false])
      const other = await readFrom(['DNS:localhost'], '127.0.0.1')
      assert.ok(typeof other.outcome === 'object' && other.outcome.verdict === 'tls-invalid')
    })
  })
})
