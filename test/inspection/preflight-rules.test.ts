import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  issuesOfWatched,
  lackingFor,
  measuringTime,
  preflightLimits,
  withShorterWindow,
} from '../../src/inspection/preflight-rules.ts'
import type { Issue, Severity } from '../../src/observation/observation.ts'
import { absent, measurements, parameters, present, RATES, Run, type StreamReading } from '../health/readings.ts'

const NO_RATES = { videoBytesPerSecond: null, audioBytesPerSecond: null, framesPerSecond: null, realtimeRatio: null }

describe('the limits of a preflight', () => {
  const run = (own = {}) => new Run({ limits: preflightLimits(own) })
  const slow = present({ window: { ...RATES, realtimeRatio: 0.8 } })

  it('raise at once what a watch holds back for seconds', () => {
    assert.deepEqual(new Run().read(slow).types, [])
    assert.deepEqual(run().read(slow).types, ['videoIngestionStarved'])
  })

  it('judge how things are at the end', () => {
    assert.deepEqual(run().read(slow, present()).types, [])
  })

  it('keep an interruption in sight to the end', () => {
    const verdict = run()
      .read(present(), absent('stalled', { lastPacketAge: 2 }))
      .times(15, present())
    assert.deepEqual(verdict.types, ['streamStalled'])
  })

  it('are those of the target where it has its own', () => {
    assert.deepEqual(run({ videoIngestionStarved: { enter: 0.7, enterHold: 5 } }).read(slow).types, [])
    assert.deepEqual(run({ videoIngestionStarved: null }).read(slow).types, [])
  })
})

describe('what a verdict needs', () => {
  const lacking = (reading: StreamReading, options = {}) => lackingFor(reading, { media: 'both', ...options })

  it('is all there on a healthy stream', () => {
    assert.deepEqual(lacking(present({ parameters: parameters() })), [])
  })

  const cases: [what: string, changes: Parameters<typeof present>[0], says: RegExp][] = [
    ['an inspection', { parameters: null }, /made of/],
    ['the audio', { tracks: { video: true, audio: null } }, /there is audio/],
    ['the video', { tracks: { video: null, audio: true } }, /there is video/],
    ['the end of the first burst', { warmingUp: true }, /bitrate/],
    ['a window of video', { window: { ...RATES, framesPerSecond: null } }, /bitrate/],
    ['a window of audio', { window: { ...RATES, audioBytesPerSecond: null } }, /bitrate/],
    ['a key frame interval', { keyframeInterval: null }, /key frames/],
    ['the flow', { window: { ...RATES, realtimeRatio: null } }, /real time/],
  ]
  for (const [what, changes, says] of cases) {
    it(`is ${what}`, () => {
      const found = lacking(present(changes))
      assert.equal(found.length, 1)
      assert.match(found[0] ?? '', says)
    })
  }

  it('is nothing of a track that the stream need not have, or has not', () => {
    const audioOnly = present({
      tracks: { video: null, audio: true },
      keyframeInterval: null,
      window: { ...RATES, framesPerSecond: null },
    })
    assert.deepEqual(lacking(audioOnly, { media: 'audio' }), [])
    const withoutAudio = present({
      tracks: { video: true, audio: false },
      window: { ...RATES, audioBytesPerSecond: null },
    })
    assert.deepEqual(lacking(withoutAudio), [])
  })

  it('is no flow where media comes a segment at a time', () => {
    const reading = present({ window: { ...RATES, realtimeRatio: null } })
    assert.deepEqual(lacking(reading, { segmented: true }), [])
    const inspected = present({
      window: { ...RATES, realtimeRatio: null },
      parameters: parameters({}, {}, { format: 'hls' }),
    })
    assert.deepEqual(lacking(inspected), [])
  })
})

describe('the time of measuring', () => {
  it('is the longer of 10 s and three key frame intervals', () => {
    assert.equal(measuringTime(measurements({ keyframeInterval: 2 })), 10)
    assert.equal(measuringTime(measurements({ keyframeInterval: 5 })), 15)
    assert.equal(measuringTime(measurements({ keyframeInterval: null })), 10)
  })

  it('that was too short for the window leaves the last 10 s to be judged, rate by rate', () => {
    const last10s = { ...RATES, realtimeRatio: 0.9, framesPerSecond: 25 }
    const { measurements: shown } = withShorterWindow(
      present({ window: { ...NO_RATES, framesPerSecond: 24 }, last10s }),
    )
    assert.deepEqual(shown.window, { ...last10s, framesPerSecond: 24 })
  })
})

describe('whether a stream keeps real time, when the time of measuring is over', () => {
  const last10s = { ...RATES, realtimeRatio: null }
  const shown = (drift: number | null, driftDeviation: number | null) =>
    withShorterWindow(present({ window: NO_RATES, last10s, drift, driftDeviation })).measurements.window.realtimeRatio

  it('is told by how far it has fallen behind in 10 s', () => {
    assert.equal(shown(0, 0), 1)
    assert.equal(shown(2, 1), 0.8)
    assert.equal(shown(-0.5, 0), 1)
    assert.equal(shown(60, 30), 0)
  })

  it('is not told before there were 10 s', () => {
    assert.equal(shown(0.01, null), null)
    assert.equal(shown(null, null), null)
  })
})

describe('the issues of a stream that is watched', () => {
  const issue = (type: string, severity: Severity = 'warning', summary = 'judged'): Issue => {
    return { type, severity, since: '2026-03-01T10:00:00.000Z', summary, remedy: [] }
  }

  it('are those of the watch and those that it holds back, each once', () => {
    const issues = issuesOfWatched(
      [issue('timestampJump', 'warning', 'watched'), issue('gopSizeLong', 'warning', 'watched')],
      [issue('gopSizeLong'), issue('videoIngestionStarved', 'error')],
      true,
    )
    assert.deepEqual(
      issues.map(({ type, summary }) => `${type} ${summary}`),
      ['videoIngestionStarved judged', 'timestampJump watched', 'gopSizeLong watched'],
    )
  })

  it('are not those against another profile than the one that was asked for', () => {
    const watched = [issue('bitrateLow', 'warning', 'watched'), issue('timestampJump', 'warning', 'watched')]
    const issues = issuesOfWatched(watched, [issue('gopSizeLong')], false)
    assert.deepEqual(
      issues.map(({ type }) => type),
      ['timestampJump', 'gopSizeLong'],
    )
  })
})
