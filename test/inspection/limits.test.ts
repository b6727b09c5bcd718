import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import { createProfiles, SHIPPED_PROFILES } from '../../src/health/profile-lookup.ts'
import { LIMIT_WORDS } from '../../src/inspection/limit-words.ts'
import { limitLines } from '../../src/inspection/limits.ts'
import { preflightJudge } from '../../src/inspection/preflight-rules.ts'
import type { Issue } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { measurements, parameters, present, profileOf, START } from '../health/readings.ts'

const youtube = createProfiles().get('youtube')

function linesOf(changes: Partial<StreamMeasurements>, profile = youtube) {
  const target = { media: 'both', rateControl: 'auto', stillPicture: 'allowed', limits: {} } as never
  const { judge } = preflightJudge(target, profile, false)
  const reading = present(changes)
  const { issues } = judge.judge({ reading, expected: true, at: START, interval: 1 })
  return limitLines(profile, {
    parameters: reading.measurements.parameters,
    measurements: reading.measurements,
    issues,
  })
}
const lineOf = (limit: string, changes: Partial<StreamMeasurements>) =>
  linesOf(changes).find((line) => line.limit === limit)

describe('the limits of a platform', () => {
  it('are all there, each with what the stream has, and none without a platform', () => {
    const lines = linesOf({})
    const published = Object.entries(youtube.limits).filter(([, limit]) => limit !== null)
    assert.deepEqual(lines.map(({ limit }) => limit).sort(), published.map(([limit]) => limit).sort())
    for (const { takes } of lines) assert.match(takes, /\S/)
    assert.deepEqual(limitLines(null, { parameters: parameters(), measurements: measurements(), issues: [] }), [])
  })

  it('are marked by the issue that is found, with the numbers', () => {
    const line = lineOf('keyframeInterval', { keyframeInterval: 5 })
    assert.deepEqual(line, {
      ...{ limit: 'keyframeInterval', measured: '5 s', mark: 'warning' },
      takes: '2 s recommended, at most 4 s, an error from 7.5 s, at least 0.5 s',
    })
    assert.equal(lineOf('keyframeInterval', { keyframeInterval: 2 })?.mark, 'pass')
  })

  it('are never ticked where nothing was measured', () => {
    for (const { mark, measured } of linesOf({ parameters: null })) {
      assert.equal(mark, 'unknown')
      assert.equal(measured, null)
    }
    assert.equal(lineOf('videoBitrate', { warmingUp: true })?.mark, 'unknown')
  })

  it('name the bitrate for the size of the picture alone', () => {
    assert.doesNotMatch(lineOf('videoBitrate', {})?.takes ?? '', /<br>/)
  })

  it('leave out what is not required', () => {
    const profile = profileOf({ progressive: { required: false } })
    assert.deepEqual(
      linesOf({}, profile).map(({ limit }) => limit),
      [],
    )
  })

  it('know every issue that holds a stream against a profile', () => {
    const types = STREAM_CHECKS.filter(({ needs }) => needs === 'profile').map(({ type }) => type)
    const profile = { ...youtube, limits: { ...SHIPPED_PROFILES[0]?.limits, ...youtube.limits, bFrames: { max: 0 } } }
    const marked = types.filter((type) => {
      const issue: Issue = { type, severity: 'error', since: '', summary: '', remedy: [] }
      const seen = { parameters: parameters(), measurements: measurements(), issues: [issue] }
      return limitLines(profile, seen).some(({ mark }) => mark === 'error')
    })
    assert.deepEqual(marked, types)
    assert.equal(Object.keys(LIMIT_WORDS).length, 15)
  })
})
