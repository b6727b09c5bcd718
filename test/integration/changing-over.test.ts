import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { LOOKS } from '../../src/ffmpeg/looks.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { Content } from '../../src/observation/content.ts'
import { streamSources } from '../../src/readers/sources.ts'
import { ContentMeter } from '../../src/stream/content/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'
import type { SourceOptions } from '../../src/stream/packet-source.ts'
import { StreamSession } from '../../src/stream/session.ts'
import { contentClip } from '../fixtures/content-clips.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { BUILDS } from './watched.ts'

/** A session with `checks: auto` that looks soon and for a short time, and all that it says. */
function follow(url: string) {
  const clock = systemClock
  const content = new ContentMeter({ pictures: 'keyframes', stallAfter: 2 })
  const sources = streamSources({
    ffprobe: () => findFfprobe(BUILDS.static),
    looks: { ...LOOKS, first: 3, firstAtMost: 3, atLeast: 9, atMost: 10 },
  })
  const options: SourceOptions = {
    media: 'both',
    checks: 'auto',
    stillPicture: 'allowed',
    reader: 'ffprobe',
    verifyTls: true,
    content,
    clock,
  }
  const packets: Packet[] = []
  const readers: string[] = []
  const contents: Content[] = []
  const session = new StreamSession(
    { url, clock, choose: (address) => sources.choose(address, options), expand: (text) => text },
    {
      begun() {},
      targetDuration() {},
      packet: (packet) => packets.push(packet),
      ended: ({ message }) => readers.push(message),
      failed: (code) => readers.push(code),
    },
  )
  session.start()
  const ticking = setInterval(() => {
    contents.push(content.measure(clock.monotonic()))
    const [reader, ...others] = processesOf(process.pid).filter(
      ({ command }) => command.includes(url) && !command.includes('-f flv'),
    )
    const name = /^\S*(ffprobe|ffmpeg)\b/.exec(reader?.command ?? '')?.[1]
    if (name !== undefined && others.length === 0 && readers.at(-1) !== name) readers.push(name)
  }, 250)
  const stop = async () => {
    clearInterval(ticking)
    await session.stop()
  }
  return { packets, readers, contents, stop }
}

/** Steps between the time stamps of one medium, without those of the burst with which a session begins. */
function steps(packets: readonly Packet[], media: Packet['media']): number[] {
  const stamps = packets.filter((packet) => packet.media === media).map(({ dts }) => dts ?? Number.NaN)
  return stamps.slice(1).map((stamp, at) => stamp - (stamps[at] ?? 0))
}

describe('checks: auto', { concurrency: true }, () => {
  for (const start of [startNginxRtmp, startNodeMediaServer]) {
    describe(`on ${start.name.replace('start', '')}`, () => {
      let server: RtmpServer
      let publisher: Publisher
      let followed: ReturnType<typeof follow>
      before(async () => {
        server = await start()
        publisher = await startPublisher(server.url('live/one'), { file: await contentClip('black') })
        followed = follow(server.url('live/one'))
        await until(
          () => followed.readers.length >= 3,
          40,
          () => followed.readers.join(),
        )
        await until(() => followed.contents.at(-1)?.black === null, 5, 'nothing is known after the look')
      })
      after(async () => {
        await followed?.stop()
        await publisher?.kill()
        await server?.stop()
      })

      it('changes over to ffmpeg and back', () => {
        assert.deepEqual(followed.readers, ['ffprobe', 'ffmpeg', 'ffprobe'])
      })

      it('loses no packet by it, and counts none twice', () => {
        for (const [media, longest] of [
          ['video', 0.036],
          ['audio', 0.024],
        ] as const) {
          const found = steps(followed.packets, media)
          assert.ok(found.length > 200, `${found.length} packets`)
          const wrong = found.filter((step) => step <= 0 || step > longest)
          assert.deepEqual(wrong, [], media)
        }
        assert.equal(new Set(followed.packets.map(({ media, index }) => `${media} ${index}`)).size, 2)
      })

      it('knows the content while it looks, hands over what it saw, and then knows nothing', () => {
        const seen = followed.contents.map(({ black }) => black)
        assert.equal(seen[0], null)
        assert.ok(seen.includes(true))
        assert.ok(!seen.includes(false), 'a black picture is never called fine')
        assert.equal(seen.at(-1), null)
        const spans = followed.contents.flatMap(({ endedSpans }) => endedSpans)
        assert.deepEqual(
          spans.map(({ fault, cut }) => ({ fault, cut })),
          [{ fault: 'black', cut: true }],
        )
      })
    })
  }
})
