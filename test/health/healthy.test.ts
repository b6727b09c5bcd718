import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { parameters, present, RATES, Run } from './readings.ts'

const MINUTES = 3

/** What differs from 1080p30 at 4 Mb/s, and how it changes from second to second. */
type Variant = (second: number) => Partial<StreamMeasurements>

const video = (kilobits: number, framesPerSecond: number) => ({
  ...RATES,
  videoBytesPerSecond: kilobits * 125,
  framesPerSecond,
})
const noise = (second: number) => 1 + 0.01 * Math.sin(second)

const VARIANTS: Record<string, Variant> = {
  'one that is as it should be': () => ({}),
  ...Object.fromEntries(
    [23.976, 24, 25, 29.97, 30].map((rate): [string, Variant] => [
      `${rate} frames per second, measured 1 % off`,
      (second) => ({ window: video(4000, rate * noise(second)), parameters: parameters({ declaredFrameRate: rate }) }),
    ]),
  ),
  ...Object.fromEntries(
    [50, 59.94, 60].map((rate): [string, Variant] => [
      `${rate} frames per second at 6 Mb/s`,
      (second) => ({ window: video(6000 * noise(second), rate), parameters: parameters({ declaredFrameRate: rate }) }),
    ]),
  ),
  'a variable bitrate that falls to a slide': (second) => ({ window: video(second < 60 ? 4000 : 20, 30) }),
  'a capped variable bitrate': (second) => ({ window: video(4000 * (0.6 + 0.4 * Math.abs(Math.sin(second / 7))), 30) }),
  mono: () => ({
    parameters: parameters({}, { channels: 1, declaredBytesPerSecond: 8000 }),
    window: { ...RATES, audioBytesPerSecond: 8000 },
  }),
  '44.1 kHz': () => ({ parameters: parameters({}, { sampleRate: 44_100 }) }),
  'no B-frames': () => ({ parameters: parameters({ bFrames: 0, profile: 'Constrained Baseline' }) }),
  'three B-frames': () => ({ parameters: parameters({ bFrames: 3 }) }),
  '720p30 at 3 Mb/s': () => ({ parameters: parameters({ width: 1280, height: 720 }), window: video(3000, 30) }),
  'upright video': () => ({ parameters: parameters({ width: 1080, height: 1920 }) }),
  'key frames every half second': () => ({ keyframeInterval: 0.5 }),
  'key frames every second': () => ({ keyframeInterval: 1 }),
  'a stream that says little of itself': () => ({
    parameters: parameters(
      { declaredFrameRate: null, declaredBytesPerSecond: null, fieldOrder: null, bFrames: null, openGop: null },
      { declaredBytesPerSecond: null },
    ),
  }),
  'speech with pauses': (second) => ({ window: { ...RATES, audioBytesPerSecond: second % 20 < 15 ? 16_000 : 1000 } }),
  'the jitter of a network': (second) => ({
    window: { ...RATES, realtimeRatio: 1 + 0.01 * Math.sin(second * 2) },
    drift: 0.1 + 0.05 * Math.sin(second),
    driftDeviation: 0.2 * Math.sin(second),
    trackTimestampSkew: 0.1 * Math.sin(second),
  }),
}

const profiles = createProfiles()

for (const name of [null, ...profiles.names]) {
  const profile = name === null ? null : profiles.get(name)
  describe(`a healthy stream, ${name === null ? 'without a profile' : `held to ${name}`}`, () => {
    for (const [what, variant] of Object.entries(VARIANTS)) {
      it(`has no warning and no error: ${what}`, () => {
        const run = new Run({ profile })
        for (let second = 0; second < MINUTES * 60; second += 1) {
          run.read(present({ parameters: parameters(), ...variant(second) }))
          const grave = run.verdict.issues.filter(({ severity }) => severity !== 'info')
          assert.deepEqual(
            grave.map(({ summary }) => summary),
            [],
            `${second} s`,
          )
        }
        assert.equal(run.verdict.state, 'ok')
      })
    }
  })
}

describe('HLS of a healthy stream', () => {
  it('has no issue at all, however unevenly it comes', () => {
    const run = new Run({ profile: profiles.get('youtube'), segmented: true })
    const ladder = parameters({ height: 360, width: 640 }, {}, { format: 'hls,applehttp' })
    const many = { ...ladder, video: [...ladder.video, ...parameters().video] }
    for (let second = 0; second < MINUTES * 60; second += 1) {
      run.read(
        present({
          parameters: many,
          window: { ...video(800, 30), realtimeRatio: second % 6 === 0 ? 3 : 0.7 },
          driftDeviation: (second % 6) - 3,
          trackTimestampSkew: (second % 6) / 5,
        }),
      )
      assert.deepEqual(run.types, [], `${second} s`)
    }
  })
})
