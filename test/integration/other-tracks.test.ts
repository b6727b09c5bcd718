/** MPEG-TS whose tables tell of other tracks while a connection stands (ISO/IEC 13818-1, 2.4.4.9). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from '../fixtures/ports.ts'
import { playTape, type Tape } from '../fixtures/servers/tape.ts'
import { LENGTH, type Multiplex, transport } from '../fixtures/transport.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS, type Watched, type WatchedOptions, watch } from './watched.ts'

const OTHER: Multiplex = { pid: 0x200, table: 0x1200, size: '240x136' }
/** Seconds of the first stretch. */
const FIRST = 12

async function watchTape(
  stretches: readonly Multiplex[],
  over: 'http' | 'srt',
  options: WatchedOptions,
  see: (watched: Watched, tape: Tape) => Promise<void>,
): Promise<void> {
  const files = await Promise.all(stretches.map((one) => transport(one)))
  const last = files.length - 1
  const tape = playTape(files.map((file, at) => ({ file, seconds: at === last ? LENGTH : FIRST, length: LENGTH })))
  const watched = watch(await tape[over](), options)
  try {
    await watched.until('present', 11)
    await see(watched, tape)
  } finally {
    await watched.stop()
    await tape.stop()
  }
}

/** HLS of a second a segment: of one encoder, and from the segment `FIRST` on of another. */
async function startSegments(announced: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-segments-'))
  for (const [name, options] of [
    ['a', { gop: 1 }],
    ['b', { ...OTHER, gop: 1 }],
  ] as const) {
    const pids = name === 'a' ? '' : 'mpegts_start_pid=512:mpegts_pmt_start_pid=4608'
    const how = ['-c', 'copy', '-f', 'segment', '-segment_time', '1', ...(pids && ['-segment_format_options', pids])]
    const file = await transport(options)
    await execa('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', ...how, join(folder, `${name}%d.ts`)])
  }
  const began = performance.now()
  let newest = 0
  const entry = (sequence: number) => {
    const name = sequence < FIRST ? `a${sequence}` : `b${(sequence - FIRST) % LENGTH}`
    return `${announced && sequence === FIRST ? '#EXT-X-DISCONTINUITY\n' : ''}#EXTINF:1.0,\n${name}.ts\n`
  }
  const server = createServer(async ({ url = '' }, response) => {
    const [name = ''] = url.slice(1).split('?')
    if (name !== 'live.m3u8') {
      if (name.startsWith('b')) newest = FIRST
      return void response.end(await readFile(join(folder, name)))
    }
    const first = Math.floor((performance.now() - began) / 1000)
    const passed = announced && first > FIRST ? '#EXT-X-DISCONTINUITY-SEQUENCE:1\n' : ''
    const head = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${first}\n${passed}`
    response.end(head + [0, 1, 2].map((at) => entry(first + at)).join(''))
  })
  const port = await freePort()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${port}/live.m3u8`,
    asked: () => newest,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

const count = ({ read }: Watched) => read().measurements.total.video.packets
/** What it said since then, in seconds of the tape. */
const saidSince = ({ changes }: Watched, tape: Tape, at: number) =>
  changes.filter((change) => change.at - performance.now() / 1000 + tape.at() > at).map(({ said }) => said)

/** The second stretch is measured, and soon; the seconds of the tape at which its first picture was counted. */
async function goesOn(watched: Watched, tape: Tape): Promise<void> {
  await until(() => tape.at() >= FIRST + 0.2, 15, 'the first stretch ends')
  const before = count(watched)
  // A break of under 2 s: what comes 3 s after the change is counted.
  await until(() => count(watched) > before + 60, 6, 'it goes on')
  await until(() => tape.at() >= FIRST + 8, 10, 'some seconds')
  assert.equal(watched.said(), 'present')
  assert.doesNotMatch(saidSince(watched, tape, FIRST).join(), /absent/)
}

describe('other tracks on one connection', { concurrency: 2 }, () => {
  for (const [what, other] of [
    ['another encoder, its PIDs and its clock', OTHER],
    ['another encoder far from the clock before', { ...OTHER, clock: 50_000 }],
    ['the PIDs alone, in another version of the same table', { pid: 0x300, version: 3, size: '240x136' }],
  ] as const) {
    it(`are read on: ${what}`, { timeout: 60_000 }, () =>
      watchTape([{}, other], 'http', {}, async (watched, tape) => {
        await goesOn(watched, tape)
        const { total } = watched.read().measurements
        assert.equal(total.publisherRestarts, 1)
        assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
        await watched.until(({ measurements }) => measurements.parameters?.video[0]?.width === 240, 10)
        assert.equal(
          Object.values(total.sessions).reduce((sum, ended) => sum + ended, 0),
          0,
          'one connection',
        )
      }),
    )
  }

  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`are read on over SRT (${build})`, { timeout: 60_000 }, () => watchTape([{}, OTHER], 'srt', { ffprobe }, goesOn))
  }

  for (const announced of [false, true]) {
    it(`are read on over HLS, ${announced ? 'announced' : 'without a word'}`, { timeout: 90_000 }, async () => {
      const server = await startSegments(announced)
      const watched = watch(server.url)
      try {
        await watched.until('present', 25)
        await until(() => server.asked() >= FIRST, 30, 'the other encoder is read')
        // What is announced, as an advertisement is, is no other publisher: it is not inspected.
        if (announced) await sleep(6000)
        else await watched.until(({ measurements }) => measurements.parameters?.video[0]?.width === 240, 20)
        const frames = watched.read().measurements.last10s.framesPerSecond
        assert.ok(frames === null || Math.abs(frames - 30) < 1, `${frames}`)
        assert.doesNotMatch(watched.changes.map(({ said }) => said).join(), /absent/)
        const { total } = watched.read().measurements
        assert.equal(total.publisherRestarts, announced ? 0 : 1)
        assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
      } finally {
        await watched.stop()
        await server.stop()
      }
    })
  }

  for (const checks of ['content', 'auto'] as const) {
    it(`are read on where the content is looked at (${checks})`, { timeout: 60_000 }, () =>
      watchTape([{}, OTHER], 'http', { checks }, async (watched, tape) => {
        await goesOn(watched, tape)
        const { stdout } = await execa('ps', ['-eo', 'args'])
        assert.equal(stdout.includes('verysecret'), false)
      }),
    )
  }

  it('are seen where sound is added, and what there was goes on', { timeout: 60_000 }, () =>
    watchTape([{ audio: false }, { version: 1, clock: FIRST }], 'http', {}, async (watched, tape) => {
      await goesOn(watched, tape)
      const { tracks, total } = watched.read().measurements
      assert.deepEqual(tracks, { video: true, audio: true })
      assert.equal(total.timestampFaults.jump, 0)
    }),
  )

  it('of another programme are another stream: the one that is watched is measured alone', { timeout: 60_000 }, () =>
    watchTape([{ programmes: [1, 2] }, { programmes: [2], version: 1 }], 'http', {}, async (watched, tape) => {
      await until(() => tape.at() > FIRST - 0.5, 15, 'some seconds')
      const frames =
        watched.read().measurements.last10s.framesPerSecond ?? watched.read().measurements.window.framesPerSecond ?? 0
      assert.ok(Math.abs(frames - 30) < 1, `${frames}`)
      const { total } = watched.read().measurements
      assert.ok(total.video.packets < 31 * tape.at(), `${total.video.packets} of ${tape.at()} s`)
      // The first one is not there any more.
      await goesOn(watched, tape)
    }),
  )
})
