import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamMeasurements } from '../../../src/observation/stream.ts'
import { parameters, present, profileOf, RATES, Run, totals, unknown } from '../readings.ts'

const ROWS = [
  { lines: 720, frameRate: 30, min: 1500, recommended: null, max: 4000 },
  { lines: 1080, frameRate: 30, min: 3000, recommended: null, max: 6000 },
  { lines: 1080, frameRate: 60, min: 4500, recommended: null, max: 9000 },
]
const profile = profileOf({ videoBitrate: { rows: ROWS }, audioBitrate: { recommended: 128 } })
const run = (options = {}) => new Run({ profile, ...options })

/** Kilobits per second of video and of audio, on a stream that declares nothing. */
const rates = (video: number | null, audio: number | null = 128, changes: Partial<StreamMeasurements> = {}) => {
  const bytes = (kilobits: number | null) => (kilobits === null ? null : kilobits * 125)
  return present({
    window: { ...RATES, videoBytesPerSecond: bytes(video), audioBytesPerSecond: bytes(audio) },
    parameters: parameters({ declaredBytesPerSecond: null }, { declaredBytesPerSecond: null }),
    ...changes,
  })
}

describe('bitrateHigh', () => {
  it('is raised by 10 s of 10 % more than the maximum for this size and frame rate', () => {
    assert.deepEqual(run().times(60, rates(6590)).log, [])
    const high = run().times(10, rates(6600))
    assert.deepEqual(high.log, [])
    assert.deepEqual(high.read(rates(6600)).log, ['10 s: raised bitrateHigh'])
    assert.equal(high.issue('bitrateHigh').severity, 'warning')
    assert.equal(
      high.issue('bitrateHigh').summary,
      'The video bitrate is 6.6 Mb/s (The house recommends at most 6 Mb/s)',
    )
  })

  it('clears by 10 s below 5 % more, not by not knowing', () => {
    const high = run().times(11, rates(7000)).times(30, rates(6400)).times(30, rates(null))
    high.times(30, unknown('killed', { parameters: parameters() }))
    assert.deepEqual(high.types, ['notMeasured', 'bitrateHigh'])
    high.times(11, rates(6300))
    assert.equal(high.log.at(-1), '111 s: cleared bitrateHigh after 101 s')
  })

  it('goes by the row that holds the lines and the frames', () => {
    const at = (video: object, framesPerSecond: number, kilobits: number) =>
      run().times(
        15,
        rates(kilobits, 128, {
          parameters: parameters(video),
          window: { ...RATES, framesPerSecond, videoBytesPerSecond: kilobits * 125 },
        }),
      ).types
    assert.deepEqual(at({ width: 1280, height: 720 }, 30, 5000), ['bitrateHigh'])
    assert.deepEqual(at({ width: 720, height: 1280 }, 29.97, 5000), ['bitrateHigh'])
    assert.deepEqual(at({ width: 1280, height: 720 }, 50, 5000), [])
    assert.deepEqual(at({}, 60.3, 8900), [])
    assert.deepEqual(at({ width: 3840, height: 2160 }, 30, 50_000), [])
  })

  it('does not change the row because frames are missing', () => {
    const at = (framesPerSecond: number) =>
      rates(7000, 128, { window: { ...RATES, framesPerSecond, videoBytesPerSecond: 875_000 } })
    assert.deepEqual(run().times(30, at(60)).times(30, at(20)).types, ['frameRateLow'])
  })

  it('is not judged of what players get by HLS', () => {
    const hls = parameters({}, {}, { format: 'hls' })
    assert.deepEqual(run().times(60, rates(20_000, 500, { parameters: hls })).log, [])
    assert.deepEqual(run({ segmented: true }).times(60, rates(100, 20)).log, [])
  })
})

describe('bitrateLow', () => {
  it('is raised by 20 s of less than nine tenths of the minimum', () => {
    assert.deepEqual(run().times(60, rates(2710)).log, [])
    const low = run().times(20, rates(2700))
    assert.deepEqual(low.log, [])
    assert.deepEqual(low.read(rates(2700)).log, ['20 s: raised bitrateLow'])
    assert.equal(
      low.issue('bitrateLow').summary,
      'The video bitrate reaches only 2.7 Mb/s (The house recommends at least 3 Mb/s)',
    )
  })

  it('is not raised by a variable bitrate that falls to a slide for an hour', () => {
    assert.deepEqual(run().times(30, rates(4000)).times(3600, rates(20)).log, [])
  })

  it('is not raised by a slide from the start, where the stream declares enough', () => {
    const declared = parameters({ declaredBytesPerSecond: 500_000 })
    assert.deepEqual(run().times(60, rates(20, 128, { parameters: declared })).log, [])
    assert.deepEqual(run().times(60, rates(20)).types, ['bitrateLow'])
  })

  it('goes by what is sent now where the target says that its bitrate is constant', () => {
    const constant = run({ rateControl: 'cbr', limits: { bitrateDropped: { enter: 0, clear: 0.01 } } })
    constant.times(30, rates(4000)).times(21, rates(2000))
    assert.deepEqual(constant.types, ['bitrateLow'])
  })

  it('begins anew with another publisher', () => {
    const again = { total: totals({ publisherRestarts: 1 }) }
    assert.deepEqual(
      run()
        .times(60, rates(4000))
        .times(21, rates(1000, 128, again)).types,
      ['bitrateLow'],
    )
  })

  it('clears by 10 s of enough', () => {
    const low = run().times(30, rates(1000)).times(11, rates(3000))
    assert.equal(low.log.at(-1), '40 s: cleared bitrateLow after 30 s')
  })

  it('is not raised by video that is stalled or not there', () => {
    assert.deepEqual(run().times(60, rates(0)).log, [])
    assert.deepEqual(run().times(60, rates(null)).log, [])
  })

  it('is not judged where the profile names no minimum', () => {
    const rows = [{ lines: 1080, frameRate: 60, min: null, recommended: 6000, max: 6000 }]
    assert.deepEqual(new Run({ profile: profileOf({ videoBitrate: { rows } }) }).times(60, rates(100)).log, [])
  })
})

describe('audioBitrateHigh and audioBitrateLow', () => {
  it('are advice, however far off', () => {
    const high = run().times(11, rates(4000, 1000)).issue('audioBitrateHigh')
    assert.equal(high.severity, 'info')
    assert.equal(high.summary, 'The audio bitrate is 1 Mb/s (The house recommends at most 128 kb/s)')
    const low = run().times(21, rates(4000, 8)).issue('audioBitrateLow')
    assert.equal(low.severity, 'info')
    assert.match(low.summary, /^The audio bitrate reaches only 8 kb\/s \(The house recommends at least 128 kb\/s\)/)
  })

  it('leave a tenth either way', () => {
    assert.deepEqual(run().times(60, rates(4000, 140)).log, [])
    assert.deepEqual(run().times(60, rates(4000, 116)).log, [])
    assert.deepEqual(run().times(60, rates(4000, 141)).types, ['audioBitrateHigh'])
    assert.deepEqual(run().times(60, rates(4000, 115)).types, ['audioBitrateLow'])
  })

  it('are in proportion to the channels', () => {
    const channels = (count: number, kilobits: number) =>
      run().times(
        60,
        rates(4000, kilobits, { parameters: parameters({}, { channels: count, declaredBytesPerSecond: null }) }),
      ).types
    assert.deepEqual(channels(1, 64), [])
    assert.deepEqual(channels(6, 384), [])
    assert.deepEqual(channels(1, 128), ['audioBitrateHigh'])
  })

  it('do not take silence for a low setting', () => {
    assert.deepEqual(run().times(30, rates(4000, 128)).times(600, rates(4000, 3)).log, [])
  })

  it('go by the minimum and the maximum where the profile has them', () => {
    const wide = profileOf({ audioBitrate: { min: 96, recommended: 128, max: 320 } })
    assert.deepEqual(new Run({ profile: wide }).times(60, rates(4000, 320)).log, [])
    assert.deepEqual(new Run({ profile: wide }).times(60, rates(4000, 96)).log, [])
    assert.deepEqual(new Run({ profile: wide }).times(60, rates(4000, 80)).types, ['audioBitrateLow'])
  })
})

describe('frameRateHigh', () => {
  const frames = (framesPerSecond: number | null) =>
    present({ window: { ...RATES, framesPerSecond }, parameters: null })
  const fast = () => new Run({ profile: profileOf({ frameRate: { max: 60 } }) })

  it('is raised by 5 s of more than the maximum, measured, not declared', () => {
    assert.deepEqual(fast().times(60, frames(60.6)).log, [])
    const high = fast().times(5, frames(63))
    assert.deepEqual(high.log, [])
    assert.deepEqual(high.read(frames(63)).log, ['5 s: raised frameRateHigh'])
    assert.equal(
      high.issue('frameRateHigh').summary,
      'The stream has 63 frames per second (The house accepts at most 60)',
    )
  })

  it('clears by 5 s of fine, and stays while it is not known', () => {
    const high = fast()
      .times(6, frames(120))
      .times(30, frames(null))
      .times(30, unknown('late', { parameters: null }))
    assert.ok(high.types.includes('frameRateHigh'))
    high.times(6, frames(60))
    assert.equal(high.log.at(-1), '71 s: cleared frameRateHigh after 66 s')
  })
})
