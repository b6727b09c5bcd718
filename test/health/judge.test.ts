import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Check } from '../../src/health/check.ts'
import { createJudge, createStreamJudge } from '../../src/health/judge.ts'
import type { Reading } from '../../src/observation/reading.ts'
import { absent, present, RATES, Run, START, unknown } from './readings.ts'

const starved = present({ window: { ...RATES, realtimeRatio: 0.5 } })

/** A kind whose one measurement is a number, so that a row can be anything. */
function row(changes: Partial<Check<number, null>>): Check<number, null> {
  return {
    type: 'tooHigh',
    severity: 'warning',
    weight: 10,
    limits: { enter: 10, enterHold: 0, clear: 5, clearHold: 0, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    assess: ({ reading }) => ({ value: reading.measurements, measured: reading.measurements }),
    summary: (finding) => `It is ${finding.measured}`,
    remedy: ['Look'],
    text: {
      measures: 'a number',
      window: () => 'none',
      raised: () => 'high',
      cleared: () => 'low',
      why: 'test',
      blindTo: 'all else',
    },
    ...changes,
  }
}

function judgeOf(...checks: Check<number, null>[]) {
  const tracked = () => ({ counters: {}, signatures: {}, lastSeen: null })
  const judge = createJudge({ checks, tracked, warmingUp: () => false, resets: {} }, null)
  let second = -1
  return (value: number, outcome: 'present' | 'unknown' = 'present') => {
    second += 1
    const reading: Reading<number> =
      outcome === 'present'
        ? { outcome, measurements: value }
        : { outcome, code: 'internal', message: '', measurements: value }
    return judge.judge({ reading, expected: true, at: { wall: second * 1000, monotonic: second }, interval: 1 })
  }
}

describe('judge', () => {
  it('finds a healthy stream ok, with the full score and no issue', () => {
    const { verdict, log } = new Run().times(120, present())
    assert.deepEqual([verdict.state, verdict.score, verdict.issues, log], ['ok', 100, [], []])
  })

  it('scores a degraded stream by the weights of its issues', () => {
    const { verdict } = new Run().times(4, starved)
    assert.deepEqual([verdict.state, verdict.score], ['degraded', 60])
  })

  it('puts the gravest issue first, and of the same gravity the oldest', () => {
    const judge = judgeOf(
      row({ type: 'warned' }),
      row({
        type: 'late',
        severity: 'error',
        limits: { enter: 20, enterHold: 0, clear: 5, clearHold: 0, window: null },
      }),
      row({ type: 'early', severity: 'error' }),
      row({ type: 'advice', severity: 'info' }),
    )
    judge(10)
    assert.deepEqual(
      judge(20).issues.map((issue) => issue.type),
      ['early', 'late', 'warned', 'advice'],
    )
  })

  it('stays ok with advice only', () => {
    const verdict = judgeOf(row({ severity: 'info' }))(10)
    assert.deepEqual([verdict.state, verdict.score, verdict.issues.length], ['ok', 90, 1])
  })

  it('takes other limits for one target', () => {
    const run = new Run({ limits: { videoIngestionStarved: { enter: 0.4, enterHold: 1 } } })
    assert.deepEqual(run.times(30, starved).log, [])
    run.times(2, present({ window: { ...RATES, realtimeRatio: 0.4 } }))
    assert.deepEqual(run.log, ['31 s: raised videoIngestionStarved'])
  })

  it('gives out copies, so that a flow that changes an issue does not change the judge', () => {
    const run = new Run().times(4, starved)
    const [issue] = run.verdict.issues
    assert.ok(issue)
    issue.summary = 'changed'
    issue.remedy.length = 0
    run.read(present())
    assert.notEqual(run.issue('videoIngestionStarved').summary, 'changed')
    assert.ok(run.issue('videoIngestionStarved').remedy.length > 0)
  })

  it('throws when a check throws, and is then as it was before', () => {
    const judge = judgeOf(
      row({}),
      row({
        type: 'fragile',
        assess: ({ reading }) => {
          if (reading.measurements === 13) throw new Error('unlucky')
          return 'unmeasured'
        },
      }),
    )
    judge(1)
    assert.throws(() => judge(13), /unlucky/)
    assert.deepEqual(
      judge(11).raised.map((issue) => issue.type),
      ['tooHigh'],
    )
  })

  it('neither raises nor clears by a value that is no number', () => {
    const judge = judgeOf(row({}))
    assert.equal(judge(Number.NaN).issues.length, 0)
    judge(10)
    assert.equal(judge(Number.NaN).issues.length, 1)
  })

  it('ends what does not apply any more, at once', () => {
    const judge = judgeOf(
      row({ assess: ({ reading }) => (reading.measurements === 0 ? 'not-judged' : { value: reading.measurements }) }),
    )
    judge(10)
    const verdict = judge(0)
    assert.deepEqual([verdict.issues.length, verdict.cleared[0]?.duration], [0, 1])
  })

  it('dates issues by the wall clock and times them by the monotonic one', () => {
    const judge = createStreamJudge({ target: 'main', media: 'both' })
    const read = (reading: ReturnType<typeof present>, wall: number, monotonic: number) =>
      judge.judge({ reading, expected: true, at: { wall, monotonic }, interval: 1 })
    read(present(), START.wall, 0)
    const raised = read(absent('ended', { lastPacketAge: 0 }), START.wall + 1000, 1)
    assert.equal(raised.raised[0]?.since, '2026-03-01T10:00:01.000Z')
    // The host's clock is set back by a day.
    for (const second of [2, 3, 4, 5, 6]) read(present(), START.wall - 86_400_000 + second * 1000, second)
    const cleared = read(present(), START.wall - 86_400_000 + 7000, 7)
    assert.equal(cleared.cleared[0]?.duration, 1)
  })

  it('keeps no score and no state while it does not know', () => {
    const { verdict } = new Run().times(4, starved).read(unknown('crashed'))
    assert.deepEqual([verdict.state, verdict.score], ['unknown', null])
  })
})
