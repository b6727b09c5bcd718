import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { findFfmpeg, findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { Content } from '../../src/observation/stream.ts'
import { createContentChecks } from '../../src/stream/content/content-checks.ts'
import { LOOKS } from '../../src/stream/content/looks.ts'
import type { Packet } from '../../src/stream/packet.ts'
import { StreamSession } from '../../src/stream/session.ts'
import { contentClip } from '../fixtures/content-clips.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS } from './watched.ts'

/** A session with `checks: auto` that looks soon and for a short time, and all that it says. */
function follow(url: string) {
  const checks = createContentChecks('auto', {
    ...{ media: 'both', stillPicture: 'allowed', clock: systemClock, stallAfter: 2 },
    ffprobe: () => findFfprobe(BUILDS.static),
    ffmpeg: () => findFfmpeg(),
    looks: { ...LOOKS, first: 3, firstAtMost: 3, atLeast: 9, atMost: 10 },
  })
  const packets: Packet[] = []
  const readers: string[] = []
  const contents: Content[] = []
  const session = new StreamSession(
    {
      target: { url, media: 'both', verifyTls: true },
      clock: systemClock,
      reader: checks.reader,
      expand: (text) => text,
    },
    {
      begun() {},
      targetDuration() {},
      packet(packet) {
        packets.push(packet)
        if (readers.at(-1) !== checks.reader.name) readers.push(checks.reader.name)
      },
      ended: ({ message }) => readers.push(message),
      failed: (code) => readers.push(code),
    },
  )
  session.start()
  const ticking = setInterval(() => {
    const content = checks.measure(systemClock.monotonic())
    if (content) contents.push(content)
  }, 250)
  const stop = async () => {
    clearInterval(ticking)
    await session.stop()
  }
  return { checks, packets, readers, contents, stop }
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
