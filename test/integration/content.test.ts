import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { findFfmpeg } from '../../src/ffmpeg/binaries.ts'
import { createStreamJudge, type Judge } from '../../src/health/judge.ts'
import { now, systemClock } from '../../src/observation/clock.ts'
import type { Content } from '../../src/observation/content.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { type ContentClip, contentClip } from '../fixtures/content-clips.ts'
import { type Publisher, type PublisherOptions, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { type Watched, watch } from './watched.ts'

const CASES = {
  healthy: { clip: 'healthy' },
  openGop: { clip: 'openGop', publish: { audio: false }, target: { media: 'video' } },
  refreshed: { clip: 'refreshed' },
  mono: { clip: 'mono' },
  limited: { clip: 'limited' },
  black: { clip: 'black' },
  still: { clip: 'still' },
  stillFull: { clip: 'still', target: { checks: 'full' } },
  stillFault: { clip: 'still', target: { stillPicture: 'fault' } },
  silent: { clip: 'silent' },
  hiss: { clip: 'hiss' },
  oneSided: { clip: 'oneSided' },
  clipping: { clip: 'clipping' },
  videoOnly: { clip: 'black', publish: { audio: false }, target: { media: 'video' } },
  audioOnly: { clip: 'silent', publish: { video: false }, target: { media: 'audio' } },
  dying: { clip: 'black' },
} satisfies Record<string, { clip: ContentClip; publish?: PublisherOptions; target?: Partial<StreamTarget> }>

type Case = keyof typeof CASES

/** What ffmpeg's own summary says of a file: LUFS, integrated. */
async function summaryOf(file: string): Promise<number> {
  const { stderr } = await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-nostats', '-i', file, '-vn', '-af', 'ebur128', '-f', 'null', '-'],
  ])
  const [, integrated] = /Summary:[\s\S]*?I:\s+(-?[\d.]+) LUFS/.exec(stderr) ?? []
  return Number(integrated)
}

/** One stream that is published, watched and judged once a second. */
class Stage {
  readonly publisher: Publisher
  readonly watched: Watched
  readonly #judge: Judge<StreamMeasurements>
  /** Issues of content that were ever raised. */
  readonly raised = new Set<string>()
  newest: Content | null = null

  constructor(publisher: Publisher, watched: Watched, target: Partial<StreamTarget>) {
    this.publisher = publisher
    this.watched = watched
    const { media = 'both', stillPicture = 'allowed' } = target
    this.#judge = createStreamJudge({ target: 'main', media, stillPicture })
  }

  look(): void {
    const reading = this.watched.read()
    this.newest = reading.measurements.content
    const verdict = this.#judge.judge({ reading, expected: true, at: now(systemClock), interval: 1 })
    for (const { type } of verdict.raised) this.raised.add(type)
  }

  async stop(): Promise<void> {
    await Promise.all([this.watched.stop(), this.publisher.kill()])
  }
}

for (const reader of ['auto', 'ffprobe'] as const)
  describe(`the content of streams on a real server, read by ${reader}`, () => {
    let server: NginxRtmp
    const stages = new Map<Case, Stage>()
    const stage = (name: Case): Stage => {
      const found = stages.get(name)
      assert.ok(found, name)
      return found
    }
    const content = (name: Case): Content => {
      const { newest } = stage(name)
      assert.ok(newest, `${name} has content`)
      return newest
    }
    const faults = (name: Case) => {
      const { black, frozen, silent, oneSided, clipping } = content(name)
      return { black, frozen, silent, oneSided, clipping }
    }
    const FINE = { black: false, frozen: false, silent: false, oneSided: false, clipping: false }

    before(async () => {
      server = await startNginxRtmp()
      for (const { clip } of Object.values(CASES)) await contentClip(clip)
      await Promise.all(
        Object.entries(CASES).map(async ([name, options]) => {
          const {
            clip,
            publish = {},
            target = {},
          } = options as { clip: ContentClip } & {
            publish?: PublisherOptions
            target?: Partial<StreamTarget>
          }
          const url = server.url(`live/${name}`)
          const publisher = await startPublisher(url, { ...publish, file: await contentClip(clip) })
          stages.set(name as Case, new Stage(publisher, watch(url, { checks: 'content', reader, ...target }), target))
        }),
      )
      const everyone = [...stages.values()]
      const ticking = setInterval(() => {
        for (const one of everyone) one.look()
      }, 1000)
      try {
        await until(() => stage('dying').newest?.black === true, 30, 'the black picture is seen')
        await stage('dying').publisher.kill()
        await until(
          () =>
            stage('silent').raised.has('audioSilent') &&
            stage('stillFault').raised.has('videoFrozen') &&
            stage('refreshed').raised.has('pictureNotSeen'),
          50,
          () => JSON.stringify([...stages].map(([name, one]) => [name, faults(name), [...one.raised]])),
        )
      } finally {
        clearInterval(ticking)
      }
    })
    after(async () => {
      await Promise.all([...stages.values()].map((one) => one.stop()))
      await server?.stop()
    })

    it('finds nothing wrong with a healthy one, in stereo, in mono, and loud but limited', () => {
      for (const name of ['healthy', 'mono', 'limited'] as const) {
        assert.deepEqual(faults(name), FINE, name)
        const wrong = [...stage(name).raised].filter((type) => name !== 'limited' || type !== 'loudnessHigh')
        assert.deepEqual(wrong, [], name)
        assert.deepEqual(stage(name).watched.endedSpans, [], name)
      }
    })

    it('tells black from frozen', () => {
      assert.deepEqual(faults('black'), { ...FINE, black: true })
      assert.deepEqual([...stage('black').raised], ['videoBlack'])
      assert.deepEqual(faults('still'), { ...FINE, frozen: true })
      assert.deepEqual(faults('stillFull'), { ...FINE, frozen: true })
    })

    it('takes a still slide with speech for no fault, unless the target says so', () => {
      assert.deepEqual([...stage('still').raised], [])
      assert.deepEqual([...stage('stillFull').raised], [])
      assert.deepEqual([...stage('stillFault').raised], ['videoFrozen'])
    })

    it('says that a picture cannot be looked at where no key frame shows one, and never takes it for well', () => {
      assert.deepEqual([...stage('refreshed').raised], ['pictureNotSeen'])
      assert.equal(content('refreshed').black, null)
      assert.equal(content('refreshed').silent, false)
    })

    it('finds silence, of noise without a programme too', () => {
      for (const name of ['silent', 'hiss'] as const) {
        assert.deepEqual(faults(name), { ...FINE, silent: true }, name)
        assert.ok(stage(name).raised.has('audioSilent'), name)
      }
    })

    it('finds the side that is silent', () => {
      assert.deepEqual(faults('oneSided'), { ...FINE, oneSided: true })
      assert.equal(content('oneSided').silentSide, 'right')
      assert.deepEqual([...stage('oneSided').raised], ['audioOneSided'])
    })

    it('finds clipping', () => {
      assert.deepEqual(faults('clipping'), { ...FINE, clipping: true })
      assert.ok(stage('clipping').raised.has('audioClipping'))
    })

    it('measures loudness as ffmpeg sums it up', async () => {
      for (const name of ['healthy', 'limited', 'oneSided'] as const) {
        const truth = await summaryOf(stage(name).publisher.clip)
        const { loudness, integratedLoudness, momentaryLoudness } = content(name)
        for (const measured of [integratedLoudness, loudness]) {
          assert.ok(Math.abs((measured ?? 0) - truth) <= 0.5, `${name}: ${measured} LUFS, ffmpeg says ${truth}`)
        }
        assert.ok(Math.abs((momentaryLoudness ?? 0) - truth) <= 2, `${name}: ${momentaryLoudness} for 400 ms`)
      }
    })

    it('says nothing of a track that is not there', () => {
      const { black, frozen, silent, oneSided, clipping, loudness } = content('videoOnly')
      assert.deepEqual([black, frozen, silent, oneSided, clipping, loudness], [true, false, null, null, null, null])
      assert.deepEqual([...stage('videoOnly').raised], ['videoBlack'])
      assert.deepEqual([content('audioOnly').black, content('audioOnly').frozen], [null, null])
      assert.equal(content('audioOnly').silent, true)
      assert.ok(!stage('audioOnly').raised.has('noVideoStream'))
    })

    it('reports the end of what goes on when the stream dies within it', () => {
      const [span, ...more] = stage('dying').watched.endedSpans
      assert.deepEqual([span?.fault, span?.cut, more.length], ['black', true, 0])
      assert.ok((span?.duration ?? 0) >= 1, `lasted ${span?.duration} s`)
      assert.equal(content('dying').black, null)
      assert.ok(!stage('dying').raised.has('videoBlack'), 'it had not lasted for long enough')
    })

    it('tells open GOPs from closed ones, as packet checks do', () => {
      const isOpen = (name: Case) => stage(name).watched.read().measurements.parameters?.video[0]?.openGop
      assert.deepEqual([isOpen('openGop'), isOpen('healthy'), isOpen('stillFull')], [true, false, false])
    })

    it('measures the packets on the same connection as well as without', () => {
      for (const name of ['healthy', 'stillFull'] as const) {
        const { last10s, keyframeInterval, tracks, total } = stage(name).watched.read().measurements
        assert.ok(Math.abs((last10s.framesPerSecond ?? 0) - 30) < 0.3, `${name}: ${last10s.framesPerSecond} fps`)
        assert.ok(Math.abs((keyframeInterval ?? 0) - 2) < 0.05, `${name}: ${keyframeInterval} s`)
        assert.deepEqual(tracks, { video: true, audio: true }, name)
        assert.equal(total.publisherRestarts, 0, name)
      }
    })
  })

describe('a stream whose content cannot be checked', () => {
  for (const checks of ['content', 'full', 'auto'] as const) {
    it(`says that there is no ffmpeg, and what to do (${checks})`, async () => {
      const watched = watch('rtmp://127.0.0.1:9/live/x', {
        checks,
        programs: { ffmpeg: () => findFfmpeg('/no/ffmpeg') },
      })
      try {
        await watched.until('unknown no-ffmpeg', 10)
        const reading = watched.read()
        assert.match(reading.outcome === 'unknown' ? reading.message : '', /FFMPEG_PATH/)
      } finally {
        await watched.stop()
      }
    })
  }

  it('keeps its key out of what ffmpeg complains of', async () => {
    const peer = createServer((_request, response) => response.end('no stream'.repeat(500)))
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/live/sesame-42.ts`
    const redact = (text: string) => text.replaceAll('sesame-42', 'HIDDEN')
    const given: string[] = []
    const context = {
      redact: (text: string) => {
        given.push(text)
        return redact(text)
      },
    }
    const watched = watch(url, { checks: 'content', context })
    try {
      await watched.until('absent', 20)
      const reading = watched.read()
      const said = reading.outcome === 'absent' ? (reading.message ?? '') : ''
      assert.match(said, /ffmpeg/)
      assert.ok(
        given.some((text) => text.includes('ffmpeg')),
        'what ffmpeg wrote goes through the redaction',
      )
      assert.doesNotMatch(JSON.stringify([watched.changes, reading, watched.events]), /sesame-42/)
    } finally {
      await watched.stop()
      await new Promise((resolve) => peer.close(resolve))
    }
  })
})
