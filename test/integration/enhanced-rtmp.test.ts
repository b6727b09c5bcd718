import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import truth from '../fixtures/media/enhanced.json' with { type: 'json' }
import { publishRecording, type RecordedTag, recordedSeconds } from '../fixtures/recording.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { BUILDS, watch } from './watched.ts'

const VIDEO = 9

/** FourCC of the specification, and one that nobody has heard of. */
function withFourCc({ type, body }: RecordedTag, fourCc: string): Buffer {
  const isEnhanced = type === VIDEO && (body[0] ?? 0) >= 0x80
  return isEnhanced ? Buffer.concat([body.subarray(0, 1), Buffer.from(fourCc), body.subarray(5)]) : body
}

/** Before the packet type stands a ModEx packet with a nanosecond offset (Enhanced RTMP v2, "ModEx"). */
function withModEx({ type, body }: RecordedTag): Buffer {
  const [first = 0] = body
  const isEnhanced = type === VIDEO ? first >= 0x80 : type === 8 && first >> 4 === 9
  if (!isEnhanced) return body
  const modEx = Buffer.from([(first & 0xf0) | 7, 2, 0, 0x12, 0x34, first & 0xf])
  return Buffer.concat([modEx, body.subarray(1)])
}

/** HEVC as encoders sent it before Enhanced RTMP: codec 12 in the place of H.264's 7. */
function withOlderNumber({ type, body }: RecordedTag): Buffer {
  const [first = 0] = body
  if (type !== VIDEO || first < 0x80) return body
  const packet = first & 0xf
  const frame = (first & 0x70) | 12
  if (packet === 1) return Buffer.concat([Buffer.of(frame, 1), body.subarray(5)])
  if (packet === 3) return Buffer.concat([Buffer.of(frame, 1, 0, 0, 0), body.subarray(5)])
  return packet === 0 ? Buffer.concat([Buffer.of(frame, 0, 0, 0, 0), body.subarray(5)]) : Buffer.of(frame, 2, 0, 0, 0)
}

interface Case {
  name: keyof typeof truth
  video: string[]
  audio: string[]
  change?: (tag: RecordedTag) => Buffer
  /** Seconds between key frames, the least and the most; default: they are alike. */
  intervals?: [least: number, most: number]
}

const CASES: Record<string, Case> = {
  'hevc-opus': { name: 'hevc-opus', video: ['hevc 320x180 Main'], audio: ['opus 48000 2'] },
  // As OBS 30 sends it: key frames 58 and 62 pictures apart.
  obs: {
    name: 'hevc-bframes-enhanced',
    video: ['hevc 320x180 Main'],
    audio: ['aac 48000 1'],
    intervals: [58 / 30, 62 / 30],
  },
  'av1-flac': { name: 'av1-flac', video: ['av1 320x180 Main'], audio: ['flac 48000 2'] },
  'vp9-ac3': { name: 'vp9-ac3', video: ['vp9 320x180 Profile 0'], audio: ['ac3 48000 2'] },
  'hevc-eac3': { name: 'hevc-eac3', video: ['hevc 320x180 Main'], audio: ['eac3 48000 2'] },
  multitrack: {
    name: 'multitrack',
    video: ['hevc 320x180 Main', 'hevc 160x90 Main'],
    audio: ['aac 48000 2', 'opus 48000 2'],
  },
  modex: { name: 'hevc-opus', video: ['hevc 320x180 Main'], audio: ['opus 48000 2'], change: withModEx },
  unknown: {
    name: 'vp9-ac3',
    video: ['zz09 320x180 null'],
    audio: ['ac3 48000 2'],
    change: (tag) => withFourCc(tag, 'zz09'),
  },
}

function named({ parameters }: StreamMeasurements) {
  return {
    video: parameters?.video.map(({ codec, width, height, profile }) => `${codec} ${width}x${height} ${profile}`),
    audio: parameters?.audio.map(({ codec, sampleRate, channels }) => `${codec} ${sampleRate} ${channels}`),
  }
}

/** The bytes of the first so many packets of a track that is played over and over. */
function bytesOf(sizes: readonly number[], packets: number): number {
  return Array.from({ length: packets }, (_, at) => sizes[at % sizes.length] ?? 0).reduce((sum, size) => sum + size, 0)
}

function isWithin(what: string, measured: number | null, least: number, most = least): void {
  assert.ok(
    (measured ?? 0) >= least * 0.99 && (measured ?? 0) <= most * 1.01,
    `${what} ${measured}, not ${least}-${most}`,
  )
}

/** Bytes per second in stretches of 9 s to 10 s: what a window of whole packets may hold. */
function ratesOf(sizes: readonly number[], seconds: number): [least: number, most: number] {
  const perSecond = sizes.length / seconds
  const rates = Array.from(
    { length: Math.round(perSecond) + 1 },
    (_, more) => Math.round(9 * perSecond) + more,
  ).flatMap((count) =>
    sizes.map((_, from) => ((bytesOf(sizes, from + count) - bytesOf(sizes, from)) / count) * perSecond),
  )
  return [Math.min(...rates), Math.max(...rates)]
}

/** Publishes them all at once, each watched from before its beginning. */
async function watchAll(
  server: RtmpServer,
  cases: Record<string, Case>,
  look: (id: string, measured: Case, watched: ReturnType<typeof watch>) => Promise<void>,
): Promise<void> {
  const publishers: Awaited<ReturnType<typeof publishRecording>>[] = []
  const watches: ReturnType<typeof watch>[] = []
  try {
    // Which ffprobe there is makes no difference: the older one guesses another codec of each of them.
    const builds = [BUILDS.static, BUILDS.system]
    for (const [index, id] of Object.keys(cases).entries()) {
      const ffprobe = builds[index % 2] ?? BUILDS.static
      watches.push(watch(server.url(`live/${id}`), { reader: 'auto', ffprobe }))
    }
    for (const [id, { name, change }] of Object.entries(cases)) {
      publishers.push(await publishRecording(server.url(`live/${id}`), name, change ? { change } : {}))
    }
    for (const [index, [id, measured]] of Object.entries(cases).entries()) {
      await look(id, measured, watches[index] ?? assert.fail())
    }
  } finally {
    await Promise.all(watches.map((watched) => watched.stop()))
    await Promise.all(publishers.map((publisher) => publisher.stop()))
  }
}

async function measuresTrue(id: string, { name, video, audio, intervals }: Case, watched: ReturnType<typeof watch>) {
  const isWhole = ({ last10s, parameters }: StreamMeasurements) =>
    // 0 while it stands still, as on a machine that is too busy to publish it.
    (last10s.framesPerSecond ?? 0) > 0 && (last10s.audioBytesPerSecond ?? 0) > 0 && parameters !== null
  await watched.until(({ measurements }) => isWhole(measurements), 60)
  const { measurements } = watched.read()
  assert.deepEqual(named(measurements), { video, audio }, id)
  const [published = assert.fail()] = truth[name].video
  const [heard = assert.fail()] = truth[name].audio
  const { last10s, keyframeInterval, total } = measurements
  const seconds = recordedSeconds(name)
  const [least, most] = intervals ?? [seconds / published.keyframes, seconds / published.keyframes]
  // Totals are of all that is received.
  if (truth[name].video.length === 1) {
    assert.equal(total.video.bytes, bytesOf(published.sizes, total.video.packets), `${id}: bytes of video`)
    assert.equal(total.audio.bytes, bytesOf(heard.sizes, total.audio.packets), `${id}: bytes of audio`)
  }
  isWithin(`${id}: frames per second`, last10s.framesPerSecond, published.sizes.length / seconds)
  isWithin(`${id}: key frame interval`, keyframeInterval, least, most)
  isWithin(`${id}: video`, last10s.videoBytesPerSecond, ...ratesOf(published.sizes, seconds))
  isWithin(`${id}: audio`, last10s.audioBytesPerSecond, ...ratesOf(heard.sizes, recordedSeconds(name)))
}

describe('Enhanced RTMP, as libavformat 8.1 muxes it', () => {
  it('is measured as it was published, and named by what it is', async () => {
    const server = await startNodeMediaServer()
    try {
      await watchAll(server, CASES, measuresTrue)
    } finally {
      await server.stop()
    }
  })

  it('is what nginx-rtmp makes of it: HEVC by the older number, and of Enhanced RTMP the sound alone', async () => {
    const server = await startNginxRtmp()
    const { 'hevc-opus': enhanced = assert.fail() } = CASES
    try {
      await watchAll(server, { older: { ...enhanced, change: withOlderNumber } }, measuresTrue)
      await watchAll(server, { enhanced }, async (_, { name, audio }, watched) => {
        await watched.until(
          ({ measurements: m }) => m.last10s.audioBytesPerSecond !== null && m.parameters !== null,
          60,
        )
        const { measurements } = watched.read()
        assert.deepEqual(named(measurements), { video: [], audio })
        const [heard = assert.fail()] = truth[name].audio
        isWithin('audio', measurements.last10s.audioBytesPerSecond, ...ratesOf(heard.sizes, recordedSeconds(name)))
        await watched.until(({ measurements: { tracks } }) => tracks.video === false, 30)
      })
    } finally {
      await server.stop()
    }
  })
})
