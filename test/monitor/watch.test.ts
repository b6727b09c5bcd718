import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { Issue, MonitorEvent } from '../../src/observation/observation.ts'
import { mockTime, pass, watchOf } from './fixtures.ts'

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

describe('watch', () => {
  beforeEach(mockTime)
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    mock.timers.reset()
  })

  it('observes at once, then once an interval, in a sequence without a gap', () => {
    const { outputs, probe } = started()
    assert.equal(outputs.observations.length, 1)
    pass(10)
    assert.equal(outputs.observations.length, 11)
    assert.deepEqual(
      outputs.observations.map((observation) => observation.sequence),
      Array.from({ length: 11 }, (_, index) => index + 1),
    )
    assert.equal(probe.starts, 1)
  })

  it('says what, when and how it is', () => {
    const { outputs } = started({ interval: 5 })
    assert.deepEqual(outputs.newest, {
      kind: 'stream',
      target: 'main',
      labels: { hall: 'east' },
      time: '2026-03-01T10:00:00.000Z',
      sequence: 1,
      state: 'ok',
      expected: true,
      score: 100,
      measurements: { total: 1, level: 5, news: [] },
      issues: [],
    })
  })

  it('observes at once when the probe says that something changed', () => {
    const { outputs, probe } = started({ interval: 600 })
    probe.measure('absent')
    probe.listener?.changed()
    pass(0.02)
    assert.equal(outputs.newest.state, 'down')
  })

  it('observes at most ten times a second, however often the probe changes', () => {
    const { outputs, probe } = started({ interval: 600 })
    for (let index = 0; index < 200; index += 1) {
      probe.listener?.changed()
      pass(0.01)
    }
    assert.ok(outputs.observations.length <= 22, `${outputs.observations.length} in 2 s`)
    assert.ok(outputs.observations.length >= 15)
  })

  it('tells of every change of the state, with from and to', () => {
    const { outputs, probe } = started()
    probe.measure('absent')
    pass(3)
    assert.deepEqual(
      outputs.events.map(({ event, from, to }) => ({ event, from, to })),
      [
        { event: 'state', from: 'unknown', to: 'ok' },
        { event: 'state', from: 'ok', to: 'down' },
      ],
    )
  })

  it('tells of issues raised and cleared after the observation that has them', () => {
    const { outputs, judge } = started()
    outputs.order.length = 0
    judge.next = { state: 'degraded', issues: [ISSUE], raised: [ISSUE] }
    pass(1)
    judge.next = { cleared: [{ issue: ISSUE, duration: 7 }] }
    pass(1)
    assert.deepEqual(outputs.order, ['degraded', 'event state', 'event raised', 'ok', 'event state', 'event cleared'])
    const cleared = outputs.events.at(-1)
    assert.deepEqual([cleared?.issue, cleared?.duration, cleared?.target], [ISSUE, 7, 'main'])
  })

  it('leaves none of its issues open when it ends, and says that nobody watches them any more', async () => {
    const { watch, outputs, judge } = watchOf()
    const noted: MonitorEvent[] = []
    watch.start(undefined, (event) => noted.push(event))
    judge.next = { state: 'degraded', issues: [ISSUE], raised: [ISSUE] }
    pass(1)
    judge.next = { state: 'degraded', issues: [ISSUE] }
    pass(1)
    await Promise.all([watch.stop(), watch.stop()])
    const cleared = outputs.events.filter(({ event }) => event === 'cleared')
    assert.deepEqual(cleared, [
      {
        ...{ event: 'cleared', issue: ISSUE, duration: 2, endedBy: 'not-watched' },
        ...{ kind: 'stream', target: 'main', labels: { hall: 'east' }, time: '2026-03-01T10:00:02.000Z' },
      },
    ])
    assert.deepEqual(noted.slice(-1), cleared)
  })

  it('tells of sessions and publisher restarts', () => {
    const { outputs, probe } = started()
    probe.listener?.happened({ event: 'session', to: 'ended', duration: 12 })
    probe.listener?.happened({ event: 'session', to: 'refused', duration: null })
    probe.listener?.happened({ event: 'restart' })
    const told = outputs.events.slice(1)
    assert.deepEqual(
      told.map(({ event, to, duration }) => [event, to, duration]),
      [
        ['session', 'ended', 12],
        ['session', 'refused', undefined],
        ['restart', undefined, undefined],
      ],
    )
    assert.deepEqual(told[0]?.labels, { hall: 'east' })
  })

  it('gives the code and message of a probe that failed, not of one that still connects', () => {
    const { outputs, probe } = started()
    probe.measure('unknown')
    pass(1)
    assert.deepEqual(outputs.newest.error, { code: 'killed', message: 'ffprobe was killed' })
    const { measurements } = probe.reading
    probe.reading = { outcome: 'unknown', code: 'connecting', message: 'connecting', measurements }
    pass(1)
    assert.equal(outputs.newest.state, 'unknown')
    assert.equal(outputs.newest.error, undefined)
  })

  it('gives each observation labels of its own', () => {
    const { outputs } = started()
    outputs.newest.labels.hall = 'changed by a flow'
    pass(1)
    assert.deepEqual(outputs.newest.labels, { hall: 'east' })
  })
})

describe('watch: expectation', () => {
  beforeEach(mockTime)
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    mock.timers.reset()
  })

  it('tells the probe what is expected at the start and when it changes, not at every turn', () => {
    const { probe, watch } = started()
    pass(3)
    watch.expect(false)
    pass(3)
    watch.expect(true)
    pass(3)
    assert.deepEqual(probe.expectations, [true, false, true])
  })

  it('shows at once what a message said', () => {
    const { outputs, watch } = started({ interval: 600 })
    watch.expect(false)
    pass(0.02)
    assert.equal(outputs.newest.expected, false)
  })

  it('expects a manual target from its first media on', () => {
    const { outputs, probe, watch } = watchOf({ rule: 'manual' })
    stops.push(() => watch.stop())
    probe.measure('absent')
    watch.start()
    assert.deepEqual([outputs.newest.state, outputs.newest.expected], ['off', false])
    probe.measure('present')
    pass(1)
    assert.equal(outputs.newest.expected, true)
    probe.measure('absent')
    pass(1)
    assert.equal(outputs.newest.state, 'down')
    assert.deepEqual(probe.expectations, [false, true])
  })

  it('lets a message lapse at its time', () => {
    const { outputs, watch } = started()
    watch.expect(false, Date.now() + 3000)
    pass(2)
    assert.equal(outputs.newest.expected, false)
    pass(2)
    assert.equal(outputs.newest.expected, true)
  })

  it('takes over what an earlier watch knew', () => {
    const first = started({ rule: 'manual' })
    const second = watchOf({ rule: 'manual', expectation: first.watch.expectation })
    stops.push(() => second.watch.stop())
    second.probe.measure('absent')
    second.watch.start()
    assert.equal(second.outputs.newest.state, 'down')
  })
})
