import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { createStreamJudge } from '../../src/health/judge.ts'
import { Watch } from '../../src/monitor/watch.ts'
import { internalErrors } from '../../src/observation/internal-errors.ts'
import type { Issue } from '../../src/observation/observation.ts'
import { STREAM_HANDOVER } from '../../src/observation/stream.ts'
import { mockedClock, mockTime, pass, watchOf } from './fixtures.ts'

const ISSUE: Issue = {
  type: 'streamStalled',
  severity: 'warning',
  since: '2026-03-01T10:00:00.000Z',
  summary: 'No media',
  remedy: [],
}

const stops: (() => Promise<void>)[] = []
function started(changes: Parameters<typeof watchOf>[0] = {}) {
  const all = watchOf(changes)
  stops.push(() => all.watch.stop())
  all.watch.start()
  return all
}

describe('watch: what goes wrong', () => {
  beforeEach(mockTime)
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    mock.timers.reset()
  })

  it('takes a probe that throws for not knowing, without its secrets, and goes on', () => {
    const { outputs, probe, judge } = started()
    probe.reading = { outcome: 'present', measurements: { total: 9, level: 5, news: ['once'] } }
    pass(1)
    probe.error = new Error('cannot read rtmp://host/live/s3cret')
    pass(2)
    assert.equal(outputs.newest.state, 'unknown')
    assert.deepEqual(outputs.newest.error, { code: 'internal', message: 'cannot read rtmp://host/live/***' })
    assert.deepEqual(outputs.newest.measurements, { total: 9, level: null, news: [] })
    assert.equal(judge.inputs.at(-1)?.reading.outcome, 'unknown')
    probe.error = null
    pass(1)
    assert.equal(outputs.newest.state, 'ok')
  })

  it('takes a judge that throws for not knowing, and leaves the issues as they were', () => {
    const { outputs, judge } = started()
    judge.next = { state: 'degraded', issues: [ISSUE], raised: [ISSUE] }
    pass(1)
    judge.error = new Error('s3cret check failed')
    pass(1)
    assert.deepEqual([outputs.newest.state, outputs.newest.score], ['unknown', null])
    assert.deepEqual(outputs.newest.error, { code: 'internal', message: '*** check failed' })
    assert.deepEqual(outputs.newest.issues, [ISSUE])
    judge.error = null
    pass(1)
    assert.equal(outputs.newest.state, 'ok')
  })

  it('throws at once where a probe cannot be read at all', () => {
    assert.throws(
      () =>
        new Watch({
          kind: 'stream',
          target: 'main',
          labels: {},
          interval: 1,
          rule: 'always',
          probe: {
            start() {},
            read() {
              throw new Error('broken')
            },
            setExpected() {},
            stop: async () => {},
          },
          judge: createStreamJudge({ target: 'main', media: 'both' }),
          handover: STREAM_HANDOVER,
          clock: mockedClock,
          settings: '',
          redact: (text) => text,
        }),
      /broken/,
    )
  })

  it('goes on when a listener throws, and counts it as a fault of ours', () => {
    const faults = () => internalErrors().find(({ place }) => place === 'listener of a watch')?.count ?? 0
    const before = faults()
    const { watch, probe } = started()
    watch.attach({
      observed: () => {
        throw new Error('s3cret listener')
      },
      happened: () => {},
    })
    pass(5)
    assert.ok(probe.reads >= 6)
    assert.ok(faults() >= before + 5)
  })

  it('does not believe a reading that a busy runtime made late, nor make up for missed turns', () => {
    const { outputs, probe } = started()
    pass(1)
    const before = outputs.observations.length
    // Nothing was read meanwhile, so the probe takes the runtime's pause for a stall.
    probe.measure('absent')
    mock.timers.tick(5000)
    assert.equal(outputs.observations.length, before + 1)
    assert.equal(outputs.newest.state, 'unknown')
    assert.equal(outputs.newest.error?.code, 'late')
    assert.match(outputs.newest.error?.message ?? '', /busy for \d\.\d s/)
    assert.equal(outputs.newest.measurements.level, null)
    probe.measure('present')
    pass(1)
    assert.equal(outputs.newest.state, 'ok')
    assert.equal(outputs.newest.sequence, before + 2)
  })

  it('believes a reading of what is measured elsewhere, however late the runtime is', () => {
    const { outputs, probe } = started()
    Object.assign(probe, { isApart: true })
    pass(1)
    probe.measure('absent')
    mock.timers.tick(5000)
    assert.equal(outputs.newest.state, 'down')
    assert.equal(outputs.newest.error, undefined)
  })

  it('believes no reading out of turn either while the runtime is late', () => {
    const { outputs, probe } = started()
    pass(1)
    probe.measure('absent')
    probe.listener?.changed()
    mock.timers.tick(5000)
    assert.ok(outputs.observations.every((observation) => observation.state !== 'down'))
  })
})
