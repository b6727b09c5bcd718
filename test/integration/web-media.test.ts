/** Media by HTTP other than HLS: by one connection of ours, and no program is given its address. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { LOOKS } from '../../src/ffmpeg/looks.ts'
import { freePort } from '../fixtures/ports.ts'
import { startProcess } from '../fixtures/process.ts'
import { startHttpFlv } from '../fixtures/servers/http-flv.ts'
import { startHttpTs } from '../fixtures/servers/http-ts.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS, type Watched, watch } from './watched.ts'

/** As OBS 30 sends it by Enhanced RTMP: HEVC with B-frames, 30 pictures a second, AAC. */
const HEVC = fileURLToPath(new URL('../fixtures/media/hevc-bframes-enhanced.flv', import.meta.url))
const KEY = 'verysecretkey'

const programsOfThis = async () => {
  const { stdout } = await execa('ps', ['-eo', 'ppid,args'])
  return stdout.split('\n').filter((line) => line.trim().startsWith(`${process.pid} `) && /ff(probe|mpeg)/.test(line))
}
/** Fails as soon as a program shows what nobody may see. */
async function untilSafely(watched: Watched, holds: Parameters<Watched['until']>[0], seconds: number): Promise<void> {
  let seen = ''
  const look = async () => {
    const { stdout } = await execa('ps', ['-eo', 'args'])
    seen ||= stdout.split('\n').find((line) => line.includes(KEY)) ?? ''
  }
  const timer = setInterval(() => void look().catch(() => {}), 50)
  try {
    await watched.until(holds, seconds)
  } finally {
    clearInterval(timer)
  }
  assert.equal(seen, '')
}

describe('FLV by HTTP', () => {
  it('is read without a program, whatever its codec', { timeout: 60_000 }, async () => {
    const server = await startHttpFlv(HEVC)
    const watched = watch(`${server.url}?key=${KEY}`, { ffprobe: BUILDS.system })
    try {
      await watched.until('present', 15)
      await untilSafely(watched, ({ measurements }) => measurements.parameters !== null, 20)
      await watched.until(({ measurements }) => measurements.last10s.framesPerSecond !== null, 20)
      assert.deepEqual(await programsOfThis(), [])
      const { last10s, parameters, tracks, total } = watched.read().measurements
      // The recording is repeated with a little pause.
      assert.ok(Math.abs((last10s.framesPerSecond ?? 0) - 30) < 1, `${last10s.framesPerSecond}`)
      assert.equal(parameters?.format, 'flv')
      assert.deepEqual(
        [parameters?.video.map(({ codec }) => codec), parameters?.audio.map(({ codec }) => codec)],
        [['hevc'], ['aac']],
      )
      assert.deepEqual(tracks, { video: true, audio: true })
      assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
    } finally {
      await watched.stop()
      await server.stop()
    }
  })
})

describe('media by HTTP', { concurrency: 2 }, () => {
  const ends: (() => unknown)[] = []
  after(async () => {
    for (const end of ends) await end()
  })
  let ts = ''
  before(async () => {
    const server = await startHttpTs({ gop: 2 })
    ends.push(server.stop)
    ts = `${server.url}?key=${KEY}`
  })

  for (const checks of ['packets', 'content', 'auto'] as const) {
    it(`as MPEG-TS shows its address to nobody (${checks})`, { timeout: 90_000 }, async () => {
      // A look that finds no place on a busy machine is taken again soon.
      const looks = { ...LOOKS, first: 2, firstAtMost: 4, every: 10, atLeast: 3, apart: 2 }
      const watched = watch(ts, { checks, programs: { looks } })
      try {
        await untilSafely(watched, 'present', 20)
        await untilSafely(watched, ({ measurements }) => measurements.parameters?.video[0]?.width === 320, 20)
        if (checks !== 'packets') {
          await untilSafely(watched, ({ measurements: { content } }) => content?.black === false, 40)
        }
        assert.equal(watched.read().measurements.total.sessions.ended, 0)
      } finally {
        await watched.stop()
      }
    })
  }

  it('is read once, where a server lets in one reader only', { timeout: 60_000 }, async () => {
    const source = await startHttpTs({ gop: 2 })
    ends.push(source.stop)
    let readers = 0
    let most = 0
    const server = createServer(async (_request, response: ServerResponse) => {
      readers++
      most = Math.max(most, readers)
      response.on('close', () => readers--)
      if (readers > 1) return void response.writeHead(503).end()
      const answer = await fetch(source.url)
      response.writeHead(200, { 'Content-Type': 'video/mp2t' })
      const body = answer.body?.getReader()
      response.on('close', () => void body?.cancel())
      for (let next = await body?.read(); next && !next.done; next = await body?.read()) response.write(next.value)
    })
    const port = await freePort()
    await once(server.listen(port, '127.0.0.1'), 'listening')
    ends.push(
      () => server.close(),
      () => server.closeAllConnections(),
    )
    const watched = watch(`http://127.0.0.1:${port}/one`, { checks: 'content' })
    try {
      await watched.until('present', 20)
      await watched.until(({ measurements }) => measurements.parameters !== null, 20)
      await watched.until(({ measurements: { content } }) => content?.black === false, 20)
      assert.equal(most, 1)
    } finally {
      await watched.stop()
    }
  })

  for (const [name, args] of [
    ['Ogg with Opus', ['-c:a', 'libopus', '-f', 'ogg']],
    ['MP3', ['-c:a', 'libmp3lame', '-f', 'mp3']],
    ['AAC as it is', ['-c:a', 'aac', '-f', 'adts']],
    ['WebM', ['-c:a', 'libopus', '-f', 'webm', '-live', '1']],
  ] as const) {
    it(`as ${name} is read, and its parameters are known`, { timeout: 60_000 }, async () => {
      const port = await freePort()
      const radio = await startProcess(
        'ffmpeg',
        [
          ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000', ...args],
          ...['-flush_packets', '1', '-listen', '1', '-content_type', 'audio/x', `http://127.0.0.1:${port}/radio`],
        ],
        { install: 'apt-get install ffmpeg' },
      )
      ends.push(() => radio.kill())
      const watched = watch(`http://127.0.0.1:${port}/radio?key=${KEY}`, { media: 'audio' })
      try {
        await untilSafely(watched, 'present', 25)
        await untilSafely(watched, ({ measurements }) => measurements.parameters !== null, 20)
        assert.equal(watched.read().measurements.parameters?.audio[0]?.sampleRate, 48_000)
      } finally {
        await watched.stop()
        await radio.kill()
      }
    })
  }

  for (const [status, says, words] of [
    [404, 'absent not-found', /does not know the stream \(404\)/],
    [401, 'absent refused', /does not let us in.*\(401\)/],
    [503, 'absent refused', /takes no more readers at present \(503\)/],
    [500, 'absent refused', /answers with an error.*\(500\)/],
  ] as const) {
    it(`is ${says} where the server says ${status}, and no program is asked`, { timeout: 30_000 }, async () => {
      const server = createServer((_request, response) => void response.writeHead(status).end('no'))
      const port = await freePort()
      await once(server.listen(port, '127.0.0.1'), 'listening')
      ends.push(() => server.close())
      const watched = watch(`http://127.0.0.1:${port}/live.ts?key=${KEY}`)
      try {
        await untilSafely(watched, says, 10)
        const reading = watched.read()
        assert.match(reading.outcome === 'absent' ? (reading.message ?? '') : '', words)
        await until(() => watched.events.length > 1, 10, 'it is tried again')
      } finally {
        await watched.stop()
        server.closeAllConnections()
      }
    })
  }
})
