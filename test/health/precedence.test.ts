import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SERVICE_RULES } from '../../src/health/checks/service.ts'
import { createJudge } from '../../src/health/judge.ts'
import type { Cause } from '../../src/health/other.ts'
import { advice, causesFirst, supersederOf } from '../../src/health/precedence.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import type { ServiceFaultKind, ServicePhase } from '../../src/observation/service.ts'
import { noDurations } from '../../src/observation/service.ts'
import { present, RATES, Run, unknown } from './readings.ts'

const standing = (type: string, supersedes: string[], isActive = true, isAtFault = true) => ({
  ...{ row: { type, supersedes }, isActive, isAtFault },
})

describe('the tables', () => {
  for (const kind of kindsOf(KINDS)) {
    const types = new Set(KINDS[kind].checks.map(({ type }) => type))

    it(`relate rows that there are: ${kind}`, () => {
      for (const { type, supersedes = [], explains = [] } of KINDS[kind].checks) {
        for (const other of [...supersedes, ...explains]) assert.ok(types.has(other), `${type} names ${other}`)
        assert.ok(!supersedes.includes(type) && !explains.includes(type), `${type} names itself`)
        assert.deepEqual(
          supersedes.filter((other) => explains.includes(other)),
          [],
          type,
        )
      }
    })

    it(`name causes of other targets that there are: ${kind}`, () => {
      for (const { type, explainedBy = [] } of KINDS[kind].checks) {
        for (const cause of explainedBy) {
          assert.ok(
            KINDS[cause.kind].checks.some((row) => row.type === cause.type),
            `${type} names ${cause.type}`,
          )
        }
      }
    })

    it(`never let what is less grave take the place of what is graver, but of what it is instead of: ${kind}`, () => {
      const rank = { info: 0, warning: 1, error: 2 }
      const severityOf = (wanted: string) => KINDS[kind].checks.find(({ type }) => type === wanted)?.severity ?? 'info'
      for (const { type, severity, supersedes = [] } of KINDS[kind].checks) {
        for (const other of supersedes.filter((name) => name !== 'notMeasured')) {
          const isInfo = severity === 'info' && other.endsWith('Mismatch')
          assert.ok(isInfo || rank[severity] >= rank[severityOf(other)], `${type} hides ${other}`)
        }
      }
    })
  }
})

describe('one fact', () => {
  it('is told by the row that says more, while that is active', () => {
    const less = standing('less', [])
    assert.equal(supersederOf(less, [less, standing('more', ['less'])])?.row.type, 'more')
    assert.equal(supersederOf(less, [less, standing('more', ['less'], false)]), undefined)
    assert.equal(supersederOf(less, [less, standing('else', [])]), undefined)
  })

  it('is told by the row that is at fault now, of two that name each other', () => {
    const old = standing('old', ['new'], true, false)
    const now = standing('new', ['old'])
    assert.equal(supersederOf(old, [old, now])?.row.type, 'new')
    assert.equal(supersederOf(now, [old, now]), undefined)
  })

  it('is one outage of a stream: the warning goes over into the error, and one end is told', () => {
    const run = new Run().times(5, present()).silent(10).times(8, present())
    assert.deepEqual(run.log, [
      '5 s: raised streamStalled',
      '9 s: raised streamOffline',
      '20 s: cleared streamOffline after 12 s',
    ])
  })

  it('is one outage where the monitor is blind in the middle of it', () => {
    const run = new Run().times(5, present()).silent(3).times(3, unknown('crashed')).silent(9, 9).times(8, present())
    assert.deepEqual(
      run.log.filter((line) => /Stalled|Offline/.test(line)).map((line) => line.split(' ')[2]),
      [...['raised', 'raised', 'cleared']],
    )
  })

  it('is one warning and not two where a track stops that other rows measure', () => {
    const slow = present({ window: { ...RATES, framesPerSecond: 15 } })
    const audioOnly = present({
      tracks: { video: false, audio: true },
      window: { ...RATES, framesPerSecond: 0, videoBytesPerSecond: 0 },
    })
    const run = new Run().times(15, present()).times(5, slow).times(3, audioOnly)
    assert.deepEqual(run.types, ['noVideoStream'])
    run.times(30, present())
    assert.deepEqual(run.types, [])
    assert.deepEqual(
      run.log.map((line) => line.replace(/^\d+ s: | after.*/g, '')),
      [...['raised frameRateLow', 'raised noVideoStream', 'cleared noVideoStream']],
    )
  })

  it('is one fault of a service, whichever way it fails', () => {
    const judge = createJudge(SERVICE_RULES, { verifyTls: true })
    const log: string[] = []
    let at = 0
    const check = (fault: { kind: ServiceFaultKind; phase: ServicePhase } | null) => {
      const measurements = {
        ...{ up: fault === null, durations: noDurations(), newDurations: [], address: null, httpStatus: null },
        ...{ certificate: null, rtmpCode: null, fault: fault && { ...fault, message: '' }, total: { checks: at } },
      }
      const reading = fault
        ? ({ outcome: 'absent', reason: fault.kind, measurements } as const)
        : ({ outcome: 'present', measurements } as const)
      const input = { reading: reading as never, expected: true, at: { wall: at * 1000, monotonic: at }, interval: 10 }
      const { raised, cleared, issues } = judge.judge(input)
      log.push(...raised.map(({ type }) => `raised ${type}`), ...cleared.map(({ issue }) => `cleared ${issue.type}`))
      at += 10
      return issues.map(({ type }) => type)
    }
    const timeout = { kind: 'timeout', phase: 'connect' } as const
    const refused = { kind: 'refused', phase: 'connect' } as const
    assert.deepEqual(
      [check(timeout), check(timeout), check(refused), check(timeout)],
      [...[[], ['timeout'], ['refused'], ['refused']]],
    )
    assert.deepEqual([check(timeout), check(null)], [['timeout'], []])
    assert.deepEqual(log, ['raised timeout', 'raised refused', 'raised timeout', 'cleared timeout'])
  })
})

describe('the order of issues', () => {
  it('puts a cause before what follows from it, and else keeps the order', () => {
    const issues = [
      { type: 'c' },
      { type: 'effect' },
      { type: 'cause', explains: ['effect'] },
      { type: 'root', explains: ['cause'] },
    ]
    assert.deepEqual(
      causesFirst(issues, (issue) => issue).map(({ type }) => type),
      ['c', 'root', 'cause', 'effect'],
    )
  })

  it('ends in a circle', () => {
    const issues = [
      { type: 'a', explains: ['b'] },
      { type: 'b', explains: ['a'] },
    ]
    assert.deepEqual(
      causesFirst(issues, (issue) => issue).map(({ type }) => type),
      ['a', 'b'],
    )
  })
})

describe('the advice', () => {
  const causes: Cause[] = [
    {
      ...{ kind: 'encoder', name: 'box' },
      issues: [
        {
          ...{ type: 'encoderCacheHigh', severity: 'warning', since: '2026-03-01T10:00:00Z', summary: 'Full' },
          remedy: ['Free the uplink.', 'Take a cable.', 'Be ready.'],
        },
      ],
    },
  ]

  it('begins with that of the cause where the target depends on it', () => {
    const steps = advice(['Look.', 'Take a cable.'], [{ kind: 'encoder', type: 'encoderCacheHigh' }], () => causes)
    assert.deepEqual(steps, [
      'Free the uplink. (Probable cause: box, encoder cache high.)',
      ...['Take a cable.', 'Look.'],
    ])
  })

  it('is its own where nothing explains it', () => {
    assert.deepEqual(
      advice(['Look.'], [{ kind: 'ping', type: 'packetLoss' }], () => causes),
      ['Look.'],
    )
    assert.deepEqual(
      advice(['Look.'], undefined, () => assert.fail('not asked')),
      ['Look.'],
    )
  })
})
