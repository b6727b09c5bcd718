import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { mockTime, Outputs, pass, watchOf } from './fixtures.ts'

const stops: (() => Promise<void>)[] = []
function started(changes: Parameters<typeof watchOf>[0] = {}) {
  const all = watchOf(changes)
  stops.push(() => all.watch.stop())
  all.watch.start()
  return all
}

describe('watch: deploys', () => {
  beforeEach(mockTime)
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    mock.timers.reset()
  })

  it('goes on measuring while nobody listens, and hands over the newest observation', () => {
    const { outputs, probe, watch } = started()
    watch.detach()
    pass(5)
    assert.equal(outputs.observations.length, 1)
    assert.ok(probe.reads >= 6)
    const next = new Outputs()
    watch.attach(next)
    assert.deepEqual(
      next.observations.map((observation) => observation.sequence),
      [6],
    )
    pass(1)
    assert.equal(next.newest.sequence, 7)
    assert.equal(probe.starts, 1)
  })

  it('hands over what can be handed over only once, exactly once', () => {
    const { outputs, probe, watch } = started()
    probe.measure('present', ['a'])
    pass(1)
    assert.deepEqual(outputs.newest.measurements.news, ['a'])
    watch.detach()
    const second = new Outputs()
    watch.attach(second)
    assert.deepEqual(second.newest.measurements, { total: 1, level: 5, news: [] })
    watch.detach()
    probe.measure('present', ['b'])
    pass(1)
    probe.measure('present', ['c'])
    pass(1)
    const third = new Outputs()
    watch.attach(third)
    assert.deepEqual(third.newest.measurements.news, ['b', 'c'])
    pass(1)
    assert.deepEqual(third.newest.measurements.news, [])
  })

  it('hands over the events that nobody heard, after the observation, bounded', () => {
    const { probe, watch } = started()
    watch.detach()
    for (let index = 0; index < 250; index += 1) {
      probe.listener?.happened({ event: 'session', to: 'refused', duration: index })
    }
    const next = new Outputs()
    watch.attach(next)
    assert.equal(next.events.length, 100)
    assert.equal(next.events.at(-1)?.duration, 249)
    assert.equal(next.order[0], 'ok')
  })

  it('ends timers and probe with its stop, once, and says nothing afterwards', async () => {
    const { outputs, probe, watch } = started()
    probe.listener?.changed()
    const [first, second] = [watch.stop(), watch.stop()]
    assert.equal(first, second)
    await first
    pass(5)
    probe.listener?.changed()
    probe.listener?.happened({ event: 'restart' })
    pass(5)
    watch.start()
    assert.equal(probe.stops, 1)
    assert.equal(probe.starts, 1)
    assert.equal(outputs.observations.length, 1)
    assert.equal(outputs.events.length, 1)
  })

  it('can be stopped by what it says', () => {
    const { watch, probe } = watchOf()
    const outputs = new Outputs()
    watch.attach({ observed: () => void watch.stop(), happened: (event) => outputs.happened(event) })
    watch.start()
    pass(5)
    assert.deepEqual([probe.stops, outputs.events.length], [1, 0])
  })
})
