import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { relayConfiguration } from '../../app/stack/relay.ts'
import { freePort, untilListening } from '../fixtures/ports.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'

const KEY = 'encoder-key-1234'
const INSTALL = 'apt-get install nginx libnginx-mod-rtmp libnginx-mod-stream'

/** Whether ffprobe finds video there within a few seconds. */
function canRead(url: string): Promise<boolean> {
  const args = ['-v', 'error', '-rw_timeout', '4000000', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0', url]
  return new Promise((resolve) => {
    execFile('ffprobe', args, { timeout: 8000 }, (_error, stdout) => resolve(stdout.includes('video')))
  })
}

async function places() {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-relay-'))
  mkdirSync(join(folder, 'run'))
  return {
    folder,
    ...{ rtmpPort: await freePort(), controlPort: await freePort(), firstTlsPort: await freePort() },
    authorities: '/etc/ssl/certs/ca-certificates.crt',
  }
}

describe('the relay', () => {
  let nginx: OwnedProcess
  let platforms: RtmpServer[]
  let publisher: Publisher
  let at: Awaited<ReturnType<typeof places>>
  const relayed = (key: string) => `rtmp://127.0.0.1:${at.rtmpPort}/live/${key}`

  before(async () => {
    platforms = [await startNginxRtmp(), await startNginxRtmp()]
    at = await places()
    const [one, two] = platforms
    const configuration = relayConfiguration(
      {
        RELAY_KEY: KEY,
        RELAY_PUSH: `one=${one?.url('live/${KEY_OF_ONE}')},two=${two?.url('live/key-two')}`,
        KEY_OF_ONE: 'key-one',
      },
      at,
    )
    const file = join(at.folder, 'nginx.conf')
    writeFileSync(file, configuration)
    nginx = await startProcess('nginx', ['-c', file, '-e', 'stderr'], { install: INSTALL })
    await untilListening(at.rtmpPort, 10, () => nginx.running)
    publisher = await startPublisher(relayed(KEY))
  })
  after(async () => {
    await publisher?.kill()
    // Its worker ends with it, which a kill would leave behind.
    if (nginx?.running) process.kill(nginx.pid, 'SIGTERM')
    await nginx?.exited
    for (const platform of platforms ?? []) await platform.stop()
    if (at) rmSync(at.folder, { recursive: true })
  })

  it('gives what the encoder sends to every platform and to whoever reads it with the key', async () => {
    const [one, two] = platforms
    const everywhere = [one?.url('live/key-one'), two?.url('live/key-two'), relayed(KEY)]
    const read = await Promise.all(everywhere.map((url) => canRead(url ?? '')))
    assert.deepEqual(read, [true, true, true], nginx.output())
  })

  it('lets nobody in who does not know the key', async () => {
    assert.equal(await canRead(relayed('another-key-1')), false)
    await assert.rejects(startPublisher(relayed('another-key-1')))
    assert.ok(publisher.running)
  })

  it('says that it is well', async () => {
    await until(async () => (await fetch(`http://127.0.0.1:${at.controlPort}/health`)).ok, 5, 'it answers')
  })
})

describe('the configuration of the relay', () => {
  it('writes nothing but into its folder: another user than root can run it', async () => {
    const at = await places()
    const file = join(at.folder, 'nginx.conf')
    writeFileSync(file, relayConfiguration({ RELAY_KEY: KEY }, at))
    const nobody = 65_534
    for (const path of [at.folder, file]) if (process.getuid?.() === 0) chownSync(path, nobody, nobody)
    const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
    try {
      // It opens every file that it would write to.
      await promisify(execFile)('nginx', ['-t', '-q', '-c', file, '-e', 'stderr'], user)
    } finally {
      rmSync(at.folder, { recursive: true })
    }
  })

  it('is one that nginx takes, with platforms by RTMP and by RTMPS, verified', async () => {
    const at = await places()
    const file = join(at.folder, 'nginx.conf')
    const push = 'a=rtmp://a.example/live2/k?x=1&y=2,b=rtmps://127.0.0.1:443/rtmp/s-bl:0,c=rtmps://127.0.0.1/live/k'
    const configuration = relayConfiguration({ RELAY_KEY: KEY, RELAY_PUSH: push.replace('a.example', '127.0.0.1') }, at)
    writeFileSync(file, configuration)
    try {
      const check = await startProcess('nginx', ['-t', '-c', file, '-e', 'stderr'], {
        install: INSTALL,
      })
      await check.exited
      assert.equal(check.exitCode, 0, check.output())
      assert.match(configuration, /push "rtmp:\/\/127\.0\.0\.1:1935\/live2" "playpath=k\?x=1&y=2"/)
      assert.equal([...configuration.matchAll(/proxy_ssl_verify on;/g)].length, 2)
    } finally {
      rmSync(at.folder, { recursive: true })
    }
  })

  const at = { folder: '/r', rtmpPort: 1, controlPort: 2, firstTlsPort: 3, authorities: '/a' }
  for (const [why, variables, message] of [
    ['no key', {}, /^RELAY_KEY is not set, or is no key/],
    ['a key that nginx would misread', { RELAY_KEY: 'abc"; return 200;' }, /^RELAY_KEY/],
    ['an entry without a name', { RELAY_KEY: KEY, RELAY_PUSH: 'rtmp://h/a/k' }, /^Entry 1 of RELAY_PUSH has no name/],
    ['another protocol', { RELAY_KEY: KEY, RELAY_PUSH: 'x=https://h/a/k' }, /^RELAY_PUSH, x: the address must begin/],
    ['no key in the address', { RELAY_KEY: KEY, RELAY_PUSH: 'x=rtmp://h/live2' }, /^RELAY_PUSH, x: .* must end in/],
    ['an unset variable', { RELAY_KEY: KEY, RELAY_PUSH: 'x=rtmp://h/a/${NONE}' }, /^RELAY_PUSH, x: NONE is not set/],
    [
      'what ends a directive',
      { RELAY_KEY: KEY, RELAY_PUSH: 'x=rtmp://h/a/k3y-secret";exec evil' },
      /^RELAY_PUSH, x: the address holds a character/,
    ],
    [
      'a variable of nginx',
      { RELAY_KEY: KEY, RELAY_PUSH: 'x=rtmp://h/a/k3y-secret$uri' },
      /^RELAY_PUSH, x: the address/,
    ],
  ] as const) {
    it(`is refused, naming the entry and no key: ${why}`, () => {
      assert.throws(
        () => relayConfiguration({ ...variables }, at),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      )
    })
  }
})
