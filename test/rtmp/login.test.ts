import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import { readRtmpAddress } from '../../src/rtmp/address.ts'
import { writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { readRtmp } from '../../src/rtmp/reader.ts'
import { type LoginKind, startRtmpLogin } from '../fixtures/servers/rtmp-login.ts'

const frame = writeMessage({ type: 9, time: 20, payload: Buffer.from([0x17, 1, 0, 0, 0, 1, 2, 3]) })
const KINDS: readonly { kind: LoginKind; opaque: boolean }[] = [
  { kind: 'adobe', opaque: true },
  { kind: 'adobe', opaque: false },
  { kind: 'llnw', opaque: false },
]

/** Resolves with what came: media, or why none did. */
async function read(url: string) {
  const address = readRtmpAddress(url)
  assert.ok(address)
  const stopping = new AbortController()
  let hasMedia = false
  const media = () => {
    hasMedia = true
    stopping.abort()
  }
  const ending = await readRtmp(address, { media }, stopping.signal, { clock: systemClock, verifyTls: true })
  return hasMedia ? 'media' : ending
}

describe('a server that wants a password', () => {
  for (const { kind, opaque } of KINDS) {
    const name = `${kind}${opaque ? ', with an opaque value' : ''}`
    it(`lets in who knows it: ${name}`, async () => {
      const played = (client: { send(bytes: Buffer): void }) => client.send(frame)
      const server = await startRtmpLogin({ kind, opaque, user: 'me', password: 's3cret', played })
      const at = (user: string) => `rtmp://${user}@127.0.0.1:${server.port}/live/main`
      try {
        assert.equal(await read(at('me:s3cret')), 'media')
        assert.equal(server.commands.findLast(([command]) => command === 'play')?.[3], 'main')
      } finally {
        await server.stop()
      }
    })

    it(`turns others away, and the words say which it is: ${name}`, async () => {
      const server = await startRtmpLogin({ kind, opaque, user: 'me', password: 's3cret' })
      const at = (user: string) => `rtmp://${user}127.0.0.1:${server.port}/live/main`
      try {
        for (const [user, words] of [
          ['me:wr0ng-word@', /does not accept the user or the password/],
          ['you:s3cret@', /does not accept the user or the password/],
          ['', /wants a user and a password: write them into the address/],
        ] as const) {
          const ending = await read(at(user))
          assert.ok(typeof ending === 'object' && ending.why === 'auth', user)
          assert.match(ending.message, words)
          assert.doesNotMatch(ending.message, /s3cret|wr0ng-word/)
        }
        assert.ok(server.commands.every(([command]) => command === 'connect'))
      } finally {
        await server.stop()
      }
    })

    it(`accepts what FFmpeg's own client says, and nothing else of it: ${name}`, async () => {
      const played = () => accepted.push('played')
      const accepted: string[] = []
      const server = await startRtmpLogin({ kind, opaque, user: 'me', password: 's3cret', played })
      const ffprobe = (password: string) =>
        new Promise<void>((resolve) => {
          const url = `rtmp://me:${password}@127.0.0.1:${server.port}/live/main`
          const child = execFile('ffprobe', ['-v', 'quiet', '-rw_timeout', '1000000', url], () => resolve())
          const look = setInterval(() => accepted.length > 0 && child.kill('SIGKILL'), 20)
          child.once('exit', () => clearInterval(look))
        })
      try {
        await ffprobe('another')
        assert.deepEqual(accepted, [])
        await ffprobe('s3cret')
        assert.deepEqual(accepted, ['played'])
      } finally {
        await server.stop()
      }
    })
  }

  it('takes a user and a password with marks that the address has percent-encoded', async () => {
    const played = (client: { send(bytes: Buffer): void }) => client.send(frame)
    const server = await startRtmpLogin({ kind: 'adobe', user: 'me', password: 'p@ss:wörd/1', played })
    try {
      assert.equal(await read(`rtmp://me:p%40ss%3Aw%C3%B6rd%2F1@127.0.0.1:${server.port}/live/main`), 'media')
    } finally {
      await server.stop()
    }
  })
})
