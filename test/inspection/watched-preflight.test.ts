import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import { preflightOfWatched } from '../../src/inspection/watched-preflight.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { systemClock } from '../../src/observation/clock.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { Issue, Observation } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import { measurements, parameters, RATES } from '../health/readings.ts'

type StreamObservation = Observation<'stream', StreamMeasurements>

const target = parseTarget(KINDS.stream, { name: 'main', url: 'rtmp://relay.example/live/main', profile: 'youtube' })
const healthy = measurements({ parameters: parameters() })

const observation = (changes: Partial<StreamObservation> = {}): StreamObservation => ({
  kind: 'stream',
  target: 'main',
  labels: {},
  time: new Date().toISOString(),
  sequence: 1,
  state: 'ok',
  expected: true,
  score: 100,
  measurements: healthy,
  issues: [],
  ...changes,
})

/** What a look over a session of its own would end with here: it shows that one was begun. */
const LOOKED_ITSELF = new MonitorError('no-ffprobe', 'There is no ffprobe in this test')
const refuse = () => Promise.reject(LOOKED_ITSELF)
const sources = { choose: refuse, inspect: refuse, ready: refuse }

function ask(newest: () => StreamObservation | null, profile: string | null = 'youtube', time = 20) {
  const options = {
    target,
    profile: profile === null ? null : createProfiles().get(profile),
    signal: new AbortController().signal,
    time,
  }
  return preflightOfWatched(newest, 'youtube', options, {
    clock: systemClock,
    sources,
    expand: (template) => template,
    redact: (text) => text,
  })
}

describe('a preflight of a stream that is watched', () => {
  it('passes at once what its watch has measured and finds well', async () => {
    const { verdict, issues, measurements: shown } = await ask(() => observation())
    assert.deepEqual({ verdict, issues }, { verdict: 'pass', issues: [] })
    assert.deepEqual(shown, healthy)
  })

  it('tells the issues of the watch, which remembers, and those that its hold times hold back', async () => {
    const jump: Issue = {
      type: 'timestampJump',
      severity: 'warning',
      since: '2026-03-01T10:00:00.000Z',
      summary: 'Time stamps jumped',
      remedy: [],
    }
    const slow = { ...healthy, window: { ...RATES, realtimeRatio: 0.8 } }
    const { verdict, issues } = await ask(() => observation({ state: 'degraded', issues: [jump], measurements: slow }))
    assert.equal(verdict, 'fail')
    assert.deepEqual(
      issues.map(({ type }) => type),
      ['videoIngestionStarved', 'timestampJump'],
    )
  })

  it('judges anew where another profile is asked for than its own', async () => {
    const long = { ...healthy, keyframeInterval: 6 }
    const gop: Issue = { type: 'gopSizeLong', severity: 'warning', since: '', summary: 'of YouTube', remedy: [] }
    const watched = () => observation({ state: 'degraded', issues: [gop], measurements: long })
    assert.deepEqual(
      (await ask(watched, 'youtube')).issues.map(({ summary }) => summary),
      ['of YouTube'],
    )
    assert.match((await ask(watched, 'facebook')).issues[0]?.summary ?? '', /Facebook/)
    assert.equal((await ask(watched, null)).verdict, 'pass')
  })

  it('waits for what a watch that has just begun still lacks', async () => {
    const began = performance.now()
    const young = { ...healthy, parameters: null }
    const isReady = () => performance.now() - began > 300
    const { verdict } = await ask(() => observation({ measurements: isReady() ? healthy : young }))
    assert.equal(verdict, 'pass')
    assert.ok(isReady())
  })

  it('says what is lacking when the time is over', async () => {
    const { verdict, reason } = await ask(
      () => observation({ measurements: { ...healthy, parameters: null } }),
      null,
      1,
    )
    assert.equal(verdict, 'unknown')
    assert.match(reason ?? '', /made of/)
  })

  const looked: [what: string, newest: () => StreamObservation | null][] = [
    ['has not been observed yet', () => null],
    ['is down for its watch', () => observation({ state: 'down' })],
    ['is off', () => observation({ state: 'off' })],
    ['could not be measured', () => observation({ state: 'unknown' })],
    ['was observed too long ago', () => observation({ time: new Date(Date.now() - 6000).toISOString() })],
  ]
  for (const [what, newest] of looked) {
    it(`looks for itself where the stream ${what}`, () => assert.rejects(ask(newest), LOOKED_ITSELF))
  }

  it('ends when nobody wants the answer any more', async () => {
    const aborted = AbortSignal.abort(new Error('nobody'))
    const options = { target, profile: null, signal: aborted }
    const context = {
      clock: systemClock,
      sources,
      expand: (template: string) => template,
      redact: (text: string) => text,
    }
    await assert.rejects(
      preflightOfWatched(() => observation(), null, options, context),
      /nobody/,
    )
  })
})
