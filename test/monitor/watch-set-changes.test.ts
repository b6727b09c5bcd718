import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { mockTime, pass } from './fixtures.ts'
import { Monitor, settle, watch } from './nodes.ts'

beforeEach(() => mockTime())
afterEach(() => mock.timers.reset())

/** A node whose flows have started. */
function started(monitor = new Monitor(), id = 'probe') {
  const node = monitor.node(id)
  node.set.flowsStarted()
  return { monitor, ...node }
}

describe('a watch message for a stream that is watched already', () => {
  it('changes nothing when its settings are equal, in whatever order', async () => {
    const { monitor, set } = started()
    set.handle(watch('main', { labels: { a: '1', b: '2' }, interval: 2 }))
    set.handle(watch('main', { interval: 2, labels: { b: '2', a: '1' } }))
    set.handle(watch('main', { interval: 2, labels: { b: '2', a: '1' }, media: 'both' }))
    await settle()
    assert.equal(monitor.probes.length, 1)
    await set.end()
  })

  it('starts it anew with other settings when the old one has ended, and the totals go on', async () => {
    const { monitor, set, outputs } = started()
    monitor.quick = false
    set.handle(watch('main'))
    const old = monitor.probe('main')
    old.add(500)
    set.handle(watch('main', { url: 'rtmp://other.example/live/main' }))
    await settle()
    assert.deepEqual([old.stops, monitor.probes.length], [1, 1])
    old.add(7)
    old.finish?.()
    await settle()
    assert.deepEqual(monitor.running, ['main'])
    assert.equal(monitor.probe('main').target.url, 'rtmp://other.example/live/main')
    assert.equal(outputs.newest.measurements.total, 507)
    monitor.probe('main').quick = true
    await set.end()
  })

  it('does not disturb the others, and does not take the target out of the directory', async () => {
    const { monitor, set } = started()
    const left: string[] = []
    monitor.state.directory.onLeft(({ name }) => left.push(name))
    for (const name of ['a', 'b']) set.handle(watch(name))
    set.handle(watch('a', { interval: 5 }))
    await settle()
    assert.deepEqual([left, monitor.probe('b').stops], [[], 0])
    assert.equal(monitor.state.directory.get('stream', 'a')?.interval, 5)
    await set.end()
  })

  it('takes only the newest of several that come while the old one is ending', async () => {
    const { monitor, set } = started()
    monitor.quick = false
    set.handle(watch('main'))
    const old = monitor.probe('main')
    old.add(10)
    for (const interval of [2, 3, 4]) set.handle(watch('main', { interval }))
    old.finish?.()
    await settle()
    assert.deepEqual(
      monitor.probes.map(({ target }) => target.interval),
      [1, 4],
    )
    assert.equal(monitor.probe('main').reading.measurements.total, 10)
    monitor.probe('main').quick = true
    await set.end()
  })

  it('keeps what was said about whether it should be on air, also while it waits', async () => {
    const { monitor, set, outputs } = started()
    monitor.quick = false
    set.handle(watch('main'))
    const old = monitor.probe('main')
    set.handle({ action: 'expect', kind: 'stream', name: 'main', expected: false })
    pass(0.2)
    assert.equal(outputs.newest.expected, false)
    set.handle(watch('main', { interval: 2 }))
    old.finish?.()
    await settle()
    assert.equal(outputs.newest.expected, false)
    const second = monitor.probe('main')
    set.handle(watch('main', { interval: 3 }))
    set.handle({ action: 'expect', kind: 'stream', name: 'main', expected: true })
    set.handle(watch('main', { interval: 4 }))
    second.finish?.()
    await settle()
    assert.equal(outputs.newest.expected, true)
    monitor.probe('main').quick = true
    await set.end()
  })

  it('waits for the end of one that was unwatched, so that no two run, and begins at zero', async () => {
    const { monitor, set, outputs } = started()
    monitor.quick = false
    set.handle(watch('main'))
    const old = monitor.probe('main')
    old.add(10)
    set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    set.handle(watch('main'))
    await settle()
    assert.deepEqual([monitor.probes.length, monitor.watched], [1, ['main']])
    old.finish?.()
    await settle()
    assert.equal(monitor.probes.length, 2)
    assert.equal(outputs.newest.measurements.total, 0)
    monitor.probe('main').quick = true
    await set.end()
  })

  it('never starts one that is unwatched again while it waits', async () => {
    const { monitor, set } = started()
    monitor.quick = false
    set.handle(watch('main'))
    const old = monitor.probe('main')
    set.handle(watch('main', { interval: 2 }))
    set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    old.finish?.()
    await settle()
    assert.deepEqual([monitor.probes.length, monitor.running, monitor.watched], [1, [], []])
    await set.end()
  })

  it('says when one that waited cannot be made', async () => {
    const { monitor, set, outputs } = started()
    set.handle(watch('main'))
    monitor.error = new Error('no')
    set.handle(watch('main', { interval: 2 }))
    await settle()
    assert.deepEqual(outputs.failures.map(String), ['Error: no'])
    assert.deepEqual(monitor.watched, [])
    await set.end()
  })

  it('is starting anew also when the end of the old one failed', async () => {
    const { monitor, set } = started()
    set.handle(watch('main'))
    monitor.probe('main').stop = () => Promise.reject(new Error('stuck'))
    set.handle(watch('main', { interval: 2 }))
    await settle()
    assert.equal(monitor.probes.length, 2)
    await set.end()
  })

  it('costs microseconds when it changes nothing, so that thousands may come', async () => {
    const { set } = started()
    const names = Array.from({ length: 200 }, (_, index) => `stream-${index}`)
    for (const name of names) set.handle(watch(name, {}, 'targets'))
    const begun = process.cpuUsage()
    for (let round = 0; round < 10; round += 1) for (const name of names) set.handle(watch(name, {}, 'targets'))
    const { user, system } = process.cpuUsage(begun)
    const each = (user + system) / 2000
    assert.ok(each < 300, `${each.toFixed(0)} µs`)
    await set.end()
  })
})
