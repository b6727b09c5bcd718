import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { mockTime, pass } from './fixtures.ts'
import { Monitor, settle, stream, watch } from './nodes.ts'

beforeEach(() => mockTime())
afterEach(() => mock.timers.reset())

const keep = (names: string[], owner = 'targets') => ({ action: 'keep', kind: 'stream', owner, names }) as const

describe('a deploy', () => {
  it('that changes nothing disturbs nothing, a hundred times', async () => {
    const monitor = new Monitor()
    let node = monitor.node('probe')
    const deploy = () => {
      node.set.watchOwn(stream('own'))
      node.set.flowsStarted()
      void monitor.state.parking.endAll()
      for (const name of ['a', 'b']) node.set.handle(watch(name, {}, 'targets'))
      node.set.handle(keep(['a', 'b']))
    }
    deploy()
    node.set.handle(watch('by-hand'))
    for (let round = 0; round < 100; round += 1) {
      node.set.park()
      node = monitor.node('probe')
      deploy()
      pass(0.05)
    }
    assert.equal(monitor.probes.length, 4)
    assert.deepEqual(
      monitor.probes.map(({ starts, stops }) => [starts, stops]),
      [1, 2, 3, 4].map(() => [1, 0]),
    )
    pass(30)
    assert.deepEqual(monitor.running.sort(), ['a', 'b', 'by-hand', 'own'])
    assert.deepEqual(node.outputs.dropped, [])
    await node.set.end()
  })

  it('loses no event and no observation between the nodes', () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('main'))
    old.set.park()
    const before = old.outputs.order.length
    monitor.probe('main').listener?.happened({ event: 'restart' })
    const next = monitor.node('probe')
    assert.deepEqual(next.outputs.order, [])
    next.set.flowsStarted()
    assert.deepEqual([next.outputs.newest.target, next.outputs.events.map(({ event }) => event)], ['main', ['restart']])
    assert.equal(old.outputs.order.length, before)
    return next.set.end()
  })

  it('that changes the stream of the dialog ends only the old one, and the totals go on', async () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.watchOwn(stream('own'))
    old.set.flowsStarted()
    old.set.handle(watch('other'))
    monitor.probe('own').add(100)
    old.set.park()
    const next = monitor.node('probe')
    next.set.watchOwn(stream('own', { interval: 5 }))
    await settle()
    next.set.flowsStarted()
    assert.deepEqual([monitor.probe('other').stops, monitor.probes.length], [0, 3])
    assert.equal(next.outputs.observations.findLast(({ target }) => target === 'own')?.measurements.total, 100)
    await next.set.end()
  })

  it('that takes the stream out of the dialog, or renames it, ends it', async () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.watchOwn(stream('own'))
    old.set.park()
    const next = monitor.node('probe')
    next.set.watchOwn(stream('renamed'))
    assert.deepEqual(monitor.watched, ['own', 'renamed'])
    next.set.flowsStarted()
    await settle()
    assert.deepEqual([monitor.watched, monitor.running], [['renamed'], ['renamed']])
    await next.set.end()
  })

  it('ends what nobody adopts when the flows have started, or in any case after half a minute', async () => {
    const monitor = new Monitor()
    for (const end of [() => monitor.state.parking.endAll(), () => pass(31)]) {
      const node = monitor.node('probe')
      node.set.flowsStarted()
      node.set.handle(watch('main'))
      node.set.park()
      assert.deepEqual(monitor.watched, ['main'])
      await end()
      await settle()
      assert.deepEqual([monitor.watched, monitor.running], [[], []])
    }
  })

  it('right after another one takes no confirmation of that one for its own', () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('main', {}, 'targets'))
    old.set.handle(keep(['main']))
    pass(0.5)
    old.set.park()
    const next = monitor.node('probe')
    next.set.flowsStarted()
    pass(11)
    assert.deepEqual(monitor.watched, [])
    return next.set.end()
  })

  it('that removes the node ends everything of it, and waits for it', async () => {
    const monitor = new Monitor()
    monitor.quick = false
    const { set } = monitor.node('probe')
    set.watchOwn(stream('own'))
    let isDone = false
    const ended = set.end().then(() => {
      isDone = true
    })
    await settle()
    assert.deepEqual([isDone, monitor.watched], [false, []])
    monitor.probe('own').finish?.()
    await ended
    assert.deepEqual(monitor.running, [])
  })

  it('that changes a setting of the node starts all of its streams anew, and the totals go on', async () => {
    const monitor = new Monitor()
    const old = monitor.node('probe', '/usr/bin/ffprobe')
    old.set.watchOwn(stream('own'))
    old.set.flowsStarted()
    old.set.handle(watch('by-hand', { url: 'rtmp://relay.example/live/literal-key' }))
    monitor.probe('by-hand').add(10)
    old.set.park()
    const next = monitor.node('probe', '/opt/ffprobe')
    next.set.watchOwn(stream('own'))
    await settle()
    next.set.flowsStarted()
    assert.deepEqual(monitor.running.sort(), ['by-hand', 'own'])
    assert.equal(monitor.probes.length, 4)
    assert.equal(monitor.probe('by-hand').reading.measurements.total, 10)
    const { url } = monitor.probe('by-hand').target
    assert.equal(monitor.state.secrets.expand(url), 'rtmp://relay.example/live/literal-key')
    await next.set.end()
  })

  it('while a stream waits for the one before does not start it twice', async () => {
    const monitor = new Monitor()
    monitor.quick = false
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('main', {}, 'targets'))
    const first = monitor.probe('main')
    old.set.handle(watch('main', { interval: 2 }, 'targets'))
    old.set.park()
    const next = monitor.node('probe')
    next.set.flowsStarted()
    next.set.handle(watch('main', { interval: 2 }, 'targets'))
    first.finish?.()
    await settle()
    assert.deepEqual([monitor.probes.length, monitor.running], [2, ['main']])
    monitor.probe('main').quick = true
    await next.set.end()
  })

  it('while a stream waits for the one before leaves it to the new node, with its failure', async () => {
    const monitor = new Monitor()
    monitor.quick = false
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('main'))
    old.set.handle(watch('main', { interval: 2 }))
    old.set.park()
    const next = monitor.node('probe')
    next.set.flowsStarted()
    monitor.error = new Error('no')
    monitor.probe('main').finish?.()
    await settle()
    assert.deepEqual([old.outputs.failures, next.outputs.failures.map(String)], [[], ['Error: no']])
    assert.deepEqual([monitor.probes.length, monitor.watched], [1, []])
    await next.set.end()
  })

  it('that moves a stream from one dialog to another starts it once, when the first one has ended', async () => {
    const monitor = new Monitor()
    const one = monitor.node('one')
    one.set.watchOwn(stream('main'))
    one.set.flowsStarted()
    one.set.park()
    for (const order of [
      ['parking', 'two'],
      ['two', 'parking'],
    ]) {
      const two = monitor.node('two')
      two.set.watchOwn(stream('main'))
      for (const who of order) {
        if (who === 'two') two.set.flowsStarted()
        else void monitor.state.parking.endAll()
      }
      await settle()
      assert.deepEqual([monitor.running, two.outputs.failures], [['main'], []])
      two.set.park()
    }
    await monitor.state.parking.endAll()
  })

  it('in which two dialogs have the same stream leaves it with the one that had it', async () => {
    const monitor = new Monitor()
    const old = monitor.node('one')
    old.set.watchOwn(stream('main'))
    old.set.park()
    const two = monitor.node('two')
    two.set.watchOwn(stream('main'))
    const one = monitor.node('one')
    one.set.watchOwn(stream('main'))
    two.set.flowsStarted()
    one.set.flowsStarted()
    assert.equal((two.outputs.failures[0] as { code?: string }).code, 'duplicate-target')
    assert.deepEqual([monitor.probe('main').stops, monitor.running], [0, ['main']])
    await one.set.end()
    await two.set.end()
  })
})

describe('a stream that came by message', () => {
  it('ends ten seconds after the flows have started when its sender does not confirm it', async () => {
    const monitor = new Monitor()
    const { set, outputs } = monitor.node('probe')
    set.flowsStarted()
    for (const name of ['a', 'b', 'c']) set.handle(watch(name, {}, 'targets'))
    set.handle(watch('by-hand'))
    pass(20)
    assert.deepEqual(monitor.watched, ['a', 'b', 'c', 'by-hand'])
    set.flowsStarting()
    set.flowsStarted()
    pass(5)
    set.handle(watch('a', {}, 'targets'))
    set.handle(keep(['a', 'b']))
    pass(4.9)
    assert.deepEqual(monitor.watched, ['a', 'b', 'by-hand'])
    pass(10)
    assert.deepEqual([monitor.watched, outputs.dropped], [['a', 'b', 'by-hand'], []])
    set.flowsStarting()
    set.flowsStarted()
    pass(10.1)
    assert.deepEqual([monitor.watched, outputs.dropped], [['by-hand'], ['a', 'b']])
    await set.end()
  })

  it('is confirmed also when its sender heard of the start first', async () => {
    const monitor = new Monitor()
    const { set, outputs } = monitor.node('probe')
    set.flowsStarted()
    set.handle(watch('a', {}, 'targets'))
    pass(20)
    set.flowsStarting()
    set.handle(watch('a', {}, 'targets'))
    pass(0.5)
    set.flowsStarted()
    pass(11)
    assert.deepEqual([monitor.watched, outputs.dropped], [['a'], []])
    await set.end()
  })

  it('goes to another sender without a gap when its own was replaced', async () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('a', {}, 'targets-1'))
    pass(20)
    old.set.park()
    const { set, outputs } = monitor.node('probe')
    set.flowsStarted()
    set.handle(watch('a', {}, 'targets-2'))
    pass(11)
    assert.deepEqual([monitor.watched, monitor.probes.length, outputs.dropped], [['a'], 1, []])
    assert.throws(() => set.handle(watch('a', {}, 'targets-1')), { code: 'duplicate-target' })
    await set.end()
  })

  it('goes to the dialog that has it now', async () => {
    const monitor = new Monitor()
    const old = monitor.node('probe')
    old.set.flowsStarted()
    old.set.handle(watch('a', {}, 'targets'))
    old.set.park()
    const { set } = monitor.node('probe')
    set.watchOwn(stream('a'))
    set.flowsStarted()
    pass(20)
    assert.deepEqual([monitor.watched, monitor.probes.length], [['a'], 1])
    await set.end()
  })
})
