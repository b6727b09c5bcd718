import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Rates } from '../../src/observation/stream.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { startScriptedRtmp } from '../fixtures/servers/scripted-rtmp.ts'
import { watch } from './watched.ts'

const known = ({ measurements }: ReturnType<ReturnType<typeof watch>['read']>) => measurements.parameters

/** Without the frame rate: where the encoder declares none, ffprobe takes it from a few frames, to some percent. */
function exact(watched: ReturnType<typeof watch>) {
  const parameters = known(watched.read())
  return parameters && { ...parameters, video: parameters.video.map((one) => ({ ...one, declaredFrameRate: null })) }
}

/** Whether both tracks have flowed for 10 s. */
const isWhole = ({ framesPerSecond, videoBytesPerSecond, audioBytesPerSecond }: Rates) =>
  [framesPerSecond, videoBytesPerSecond, audioBytesPerSecond].every((rate) => (rate ?? 0) > 0)

describe('a stream that is read by RTMP in this process', () => {
  for (const start of [startNginxRtmp, startNodeMediaServer]) {
    it(`shows the same parameters and rates as with ffprobe: ${start.name}`, async () => {
      const server = await start()
      const url = server.url('live/one-secret-key')
      const publisher = await startPublisher(url, { gop: 2 })
      const own = watch(url)
      const other = watch(url, { reader: 'ffprobe' })
      try {
        await own.until('present', 15)
        await own.until((reading) => known(reading) !== null, 20)
        await other.until((reading) => known(reading) !== null, 40)
        assert.deepEqual(exact(own), exact(other))
        assert.equal(known(own.read())?.video[0]?.declaredFrameRate, 30)
        // On a busy machine a program's pipe stands still for seconds, which is a stall to whoever reads it.
        await own.until(({ measurements }) => isWhole(measurements.last10s), 20)
        await other.until(({ measurements }) => isWhole(measurements.last10s), 40)
        const [mine, theirs] = [own.read().measurements, other.read().measurements]
        for (const name of ['videoBytesPerSecond', 'audioBytesPerSecond', 'framesPerSecond'] as const) {
          const [a, b] = [mine.last10s[name] ?? 0, theirs.last10s[name] ?? 0]
          assert.ok(Math.abs(a - b) <= 0.02 * b, `${name}: ${a} and ${b}`)
        }
        assert.equal(mine.keyframeInterval?.toFixed(1), theirs.keyframeInterval?.toFixed(1))
      } finally {
        await Promise.all([own.stop(), other.stop()])
        await publisher.kill()
        await server.stop()
      }
    })
  }

  it('is down within a second where the server says that the publisher has ended, and up again with the next', async () => {
    const server = await startNginxRtmp()
    const url = server.url('live/one')
    const first = await startPublisher(url, { gop: 1 })
    const watched = watch(url)
    try {
      await watched.until('present', 15)
      const { stdout } = await promisify(execFile)('ps', ['axww', '-o', 'args'])
      const own = stdout.split('\n').filter((line) => line.includes(url) && line.includes('ffprobe'))
      assert.deepEqual(own, [], 'no program was given the address')
      await first.kill()
      assert.ok((await watched.until('absent ended', 1)) < 1)
      const second = await startPublisher(url, { gop: 1 })
      await watched.until('present', 8)
      await second.kill()
      await watched.until('absent ended', 1)
    } finally {
      await watched.stop()
      await first.kill()
      await server.stop()
    }
  })

  for (const [reader, checks] of [
    ['auto', 'packets'],
    ['ffprobe', 'packets'],
    ['ffprobe', 'content'],
  ] as const) {
    it(`has a key with a slash, of a server with its application alone: ${reader}, ${checks}`, async () => {
      const server = await startNginxRtmp()
      const outputOptions = ['-rtmp_app', 'live', '-rtmp_playpath', 'church/main']
      const publisher = await startPublisher(server.url('live'), { gop: 1, outputOptions })
      const { url } = parseTarget(KINDS.stream, { name: 'church', url: server.url('live'), key: 'church/main' })
      const watched = watch(url, { reader, checks })
      try {
        await watched.until('present', 30)
        await watched.until((reading) => known(reading) !== null, 30)
      } finally {
        await watched.stop()
        await publisher.kill()
        await server.stop()
      }
    })
  }

  it("says in nginx-rtmp's words that the publisher has ended, and counts the next one as a restart", async () => {
    const server = await startNginxRtmp()
    const publisher = await startPublisher(server.url('live/one'), { gop: 1 })
    const watched = watch(server.url('live/one'))
    try {
      await watched.until('present', 15)
      await publisher.kill()
      await watched.until('absent ended', 1)
      assert.match(JSON.stringify(watched.read()), /\(StreamEOF\)/)
      const next = await startPublisher(server.url('live/one'), { gop: 1 })
      await watched.until('present', 15)
      assert.equal(watched.read().measurements.total.publisherRestarts, 1)
      assert.ok(watched.events.some(({ event }) => event === 'restart'))
      await next.kill()
    } finally {
      await watched.stop()
      await publisher.kill()
      await server.stop()
    }
  })

  it('shows what the encoder calls itself, where the server passes it on, and calls its silence a stall', async () => {
    const server = await startNodeMediaServer()
    const publisher = await startPublisher(server.url('live/one'), { gop: 1 })
    const watched = watch(server.url('live/one'))
    try {
      await watched.until((reading) => known(reading) !== null, 30)
      assert.match(known(watched.read())?.encoder ?? '', /^Lavf\d+/)
      await publisher.kill()
      // node-media-server tells its players nothing.
      await watched.until('absent stalled', 15)
    } finally {
      await watched.stop()
      await publisher.kill()
      await server.stop()
    }
  })

  for (const reader of ['auto', 'ffprobe'] as const) {
    it(`blames nobody's RTMP where the server takes no more connections: ${reader}`, async () => {
      const server = await startNginxRtmp({ maxConnections: 1 })
      const publisher = await startPublisher(server.url('live/one'))
      const watched = watch(server.url('live/one'), { reader })
      try {
        await watched.until('absent refused', 20)
        assert.match(JSON.stringify(watched.read()), /takes no more connections at present \(max_connections\)/)
      } finally {
        await watched.stop()
        await publisher.kill()
        await server.stop()
      }
    })
  }

  const refusals: Record<string, [code: string, words: string, said: string]> = {
    'nobody publishes': ['NetStream.Play.StreamNotFound', '', 'absent not-found'],
    'it is full': ['NetStream.Play.Failed', 'too many clients', 'absent refused'],
    'it does not play this stream': ['NetStream.Play.Failed', 'not in your country', 'absent refused'],
    'it shuts down': ['NetConnection.Connect.AppShutdown', 'maintenance', 'absent refused'],
    'the publisher ends just then': ['NetStream.Play.UnpublishNotify', 'church is now unpublished', 'absent ended'],
  }
  for (const [name, [code, words, said]] of Object.entries(refusals)) {
    it(`says at once what the server says: ${name}`, async () => {
      const server = await startScriptedRtmp((client, [command]) => {
        if (command === 'play') client.status(code, words, 'error')
        return command === 'play'
      })
      const watched = watch(`rtmp://127.0.0.1:${server.port}/live/key`)
      try {
        await watched.until(said, 15)
        const reading = watched.read()
        assert.equal(reading.outcome, 'absent')
        assert.ok(reading.outcome === 'absent' && reading.message?.includes(code), JSON.stringify(reading))
        assert.ok(reading.message?.includes(words), reading.message)
      } finally {
        await watched.stop()
        await server.stop()
      }
    })
  }
})
