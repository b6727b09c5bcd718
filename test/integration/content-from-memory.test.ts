import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findFfmpeg } from '../../src/ffmpeg/binaries.ts'
import { LOOKS } from '../../src/ffmpeg/looks.ts'
import { onPath } from '../../src/ffmpeg/program.ts'
import { contentClip } from '../fixtures/content-clips.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { publishRecording, type RecordedTag } from '../fixtures/recording.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { FIRST_MEDIA, watch } from './watched.ts'

/** Looks long enough for an ffmpeg that takes its time on a busy machine. */
const SOON = { ...LOOKS, first: 3, firstAtMost: 3, atLeast: 20, atMost: 22 }
const folder = mkdtempSync(join(tmpdir(), 'hmonitor-test-ffmpeg-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Watches by an ffmpeg of its own name, so that it can be found. */
async function stage(name: string, url: string, checks: 'content' | 'full' | 'auto') {
  const system = await onPath('ffmpeg', process.env)
  assert.ok(system)
  const path = join(folder, `${name}-ffmpeg`)
  symlinkSync(system, path)
  const watched = watch(url, { checks, reader: 'auto', programs: { ffmpeg: () => findFfmpeg(path), looks: SOON } })
  const ffmpegs = () => processesOf(process.pid).filter(({ command }) => command.includes(`${path} -nostdin`))
  const ffmpeg = () => {
    const [one] = ffmpegs()
    assert.ok(one, 'an ffmpeg runs')
    return one.pid
  }
  const black = () => watched.read().measurements.content?.black
  return { ...watched, ffmpegs, ffmpeg, black }
}

/** With the FourCC of a codec that no ffmpeg here decodes. */
function asVvc({ type, body }: RecordedTag): Buffer {
  return type === 9 ? Buffer.concat([body.subarray(0, 1), Buffer.from('vvc1'), body.subarray(5)]) : body
}

/** Connections within this computer to a port, of whomever. */
function connectionsTo(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const table = readFileSync('/proc/net/tcp', 'latin1')
  return [...table.matchAll(new RegExp(`^\\s*\\d+: [0-9A-F:]+ [0-9A-F]{8}:${hex} 01`, 'gm'))].length
}

function commandLines(): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'latin1') }]
    } catch {
      return []
    }
  })
}

describe('the content of a stream that is read in this process', { concurrency: 4 }, () => {
  for (const start of [startNginxRtmp, startNodeMediaServer]) {
    it(`is looked at now and then over the one connection: ${start.name}`, async () => {
      const server = await start()
      const url = server.url('live/one')
      const publisher = await startPublisher(url, { file: await contentClip('black') })
      const one = await stage(start.name, url, 'auto')
      const seen: (boolean | null | undefined)[] = []
      let most = 0
      const ticking = setInterval(() => {
        seen.push(one.black())
        most = Math.max(most, connectionsTo(server.port))
      }, 100)
      try {
        await one.until('present', FIRST_MEDIA)
        await until(() => one.ffmpegs().length === 1, 30, 'a look begins')
        await until(() => one.black() === true, 20, 'it is seen that the picture is black')
        await until(() => one.ffmpegs().length === 0, 30, 'the look ends')
        await until(() => one.black() === null && one.endedSpans.length > 0, 5, 'nothing is known after the look')
        assert.ok(!seen.includes(false), 'a black picture is never called fine')
        assert.deepEqual(
          one.endedSpans.map(({ fault, cut }) => ({ fault, cut })),
          [{ fault: 'black', cut: true }],
        )
        assert.equal(most, 2, 'the publisher and one reader')
        const { framesPerSecond } = one.read().measurements.last10s
        assert.ok(Math.abs((framesPerSecond ?? 0) - 30) < 0.5, `${framesPerSecond} frames a second`)
      } finally {
        clearInterval(ticking)
        await one.stop()
        await publisher.kill()
        await server.stop()
      }
    })
  }

  for (const checks of ['content', 'full', 'auto'] as const) {
    it(`is judged on a server that lets in one reader only: ${checks}`, async () => {
      const listener = await startFfmpegListener({ file: await contentClip('black') })
      const one = await stage(`listener-${checks}`, listener.url, checks)
      try {
        await until(
          () => one.black() === true,
          40,
          () => one.said(),
        )
        await one.until(({ measurements }) => measurements.parameters !== null, 30)
        assert.ok(listener.running)
      } finally {
        await one.stop()
        await listener.kill()
      }
    })
  }

  it('is judged of Enhanced RTMP too, whatever FFmpeg there is, and of a codec that it does not know never passed', async () => {
    const server = await startNodeMediaServer()
    const names = ['hevc-opus', 'av1-flac', 'vp9-ac3', 'multitrack']
    const cases = names.map((name) => ({
      name,
      checks: name === 'hevc-opus' ? ('full' as const) : ('content' as const),
    }))
    const publishers: Awaited<ReturnType<typeof publishRecording>>[] = []
    const all: Awaited<ReturnType<typeof stage>>[] = []
    // That server keeps the parameters of one track of each medium only for those who come later: each must wait there already.
    const waiting = async (name: string, stream: string, checks: 'content' | 'full') => {
      const one = await stage(name, server.url(stream), checks)
      await until(() => server.plays(stream) > 0, 30, 'it waits at the server')
      return one
    }
    const unknown = await waiting('vvc', 'live/vvc', 'content')
    try {
      publishers.push(await publishRecording(server.url('live/vvc'), 'hevc-opus', { change: asVvc }))
      for (const { name, checks } of cases) {
        all.push(await waiting(`${name}-${checks}`, `live/${name}`, checks))
        publishers.push(await publishRecording(server.url(`live/${name}`), name))
      }
      const content = () => all.map((one) => one.read().measurements.content)
      const isKnown = () =>
        content().every((one) => one?.black === false && one.frozen === false && one.silent === false)
      await until(isKnown, 90, () =>
        content()
          .map((one, at) =>
            JSON.stringify([cases[at], one?.black, one?.frozen, one?.silent, one?.unseen, one?.unheard]),
          )
          .join('\n'),
      )
      await unknown.until(({ measurements: { content } }) => content?.silent === false, 30)
      const { unseen = 0, black } = unknown.read().measurements.content ?? {}
      assert.equal(black, null)
      assert.ok(unseen > 1, `${unseen} s of video that nobody has looked at`)
    } finally {
      await unknown.stop()
      await Promise.all([...all, ...publishers].map((one) => one.stop()))
      await server.stop()
    }
  })

  describe('by an ffmpeg that fails', { concurrency: true }, () => {
    let server: RtmpServer
    let publisher: Publisher
    before(async () => {
      server = await startNginxRtmp()
      publisher = await startPublisher(server.url('live/one'), { file: await contentClip('black') })
    })
    after(async () => {
      await publisher?.kill()
      await server?.stop()
    })

    it('is not known while that one stands still, and known again from another; the reading never waits', async () => {
      const one = await stage('stopped', server.url('live/one'), 'content')
      try {
        await until(() => one.black() === true, 60, 'the picture is seen')
        const stopped = one.ffmpeg()
        process.kill(stopped, 'SIGSTOP')
        await until(() => one.black() === null, 10, 'it is not known')
        await until(() => one.ffmpegs().some(({ pid }) => pid !== stopped), 30, 'another takes its place')
        assert.ok(!one.ffmpegs().some(({ pid }) => pid === stopped))
        await until(() => one.black() === true, 40, 'the picture is seen again')
        assert.deepEqual(
          one.changes.map(({ said }) => said).filter((said) => said !== 'present'),
          [],
        )
        assert.deepEqual(one.events, [])
        const { framesPerSecond } = one.read().measurements.last10s
        assert.ok(Math.abs((framesPerSecond ?? 0) - 30) < 0.5, `${framesPerSecond} frames a second`)
      } finally {
        await one.stop()
      }
      assert.deepEqual(one.ffmpegs(), [])
    })

    it('is known again soon after somebody killed it, and the stream goes on', async () => {
      const one = await stage('killed', server.url('live/one'), 'full')
      try {
        await until(() => one.black() === true, 60, 'the picture is seen')
        process.kill(one.ffmpeg(), 'SIGKILL')
        await until(() => one.black() === null, 3, 'it is not known')
        await until(() => one.black() === true, 40, 'the picture is seen again')
        assert.deepEqual(one.events, [])
      } finally {
        await one.stop()
      }
    })
  })

  it('needs no key in any list of processes, whatever is checked', async () => {
    const key = 'sesame-open-4711'
    const server = await startNginxRtmp()
    const url = server.url(`live/${key}`)
    const publisher = await startPublisher(url, { file: await contentClip('black') })
    const shown = new Set<string>()
    const ticking = setInterval(() => {
      for (const { pid, command } of commandLines()) {
        if (pid !== publisher.pid && command.includes(key)) shown.add(command)
      }
    }, 50)
    const all = await Promise.all(
      (['content', 'full', 'auto'] as const).map((checks) => stage(`key-${checks}`, url, checks)),
    )
    const packets = watch(url, { reader: 'auto' })
    try {
      await packets.until(({ measurements }) => measurements.parameters !== null, 30)
      await until(
        () => all.every((one) => one.black() === true),
        40,
        () => all.map((one) => `${one.black()}`).join(),
      )
      assert.deepEqual([...shown], [])
    } finally {
      clearInterval(ticking)
      await Promise.all([packets, ...all].map((one) => one.stop()))
      await publisher.kill()
      await server.stop()
    }
  })
})
