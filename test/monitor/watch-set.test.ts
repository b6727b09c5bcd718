import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { mockTime, pass } from './fixtures.ts'
import { Monitor, settle, stream, watch } from './nodes.ts'

beforeEach(() => mockTime())
afterEach(() => mock.timers.reset())

/** A node whose flows have started. */
function started(monitor = new Monitor(), id = 'probe') {
  const node = monitor.node(id)
  node.set.flowsStarted()
  return { monitor, ...node }
}

describe('what a probe node watches', () => {
  it('begins with a watch message and goes with an unwatch message', async () => {
    const { monitor, set, outputs } = started()
    set.handle(watch('main'))
    assert.deepEqual([monitor.running, monitor.watched], [['main'], ['main']])
    pass(2)
    assert.ok(outputs.observations.length >= 2)
    set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    assert.deepEqual(monitor.watched, [])
    await settle()
    assert.deepEqual(monitor.running, [])
    const { length } = outputs.observations
    pass(5)
    assert.equal(outputs.observations.length, length)
    await set.end()
  })

  it('is any number of streams, and the one of the dialog', async () => {
    const { monitor, set } = started()
    set.watchOwn(stream('own'))
    for (const name of ['a', 'b', 'c']) set.handle(watch(name))
    assert.deepEqual(monitor.running, ['own', 'a', 'b', 'c'])
    assert.deepEqual(
      set.list().map(({ name }) => name),
      ['own', 'a', 'b', 'c'],
    )
    await set.end()
    assert.deepEqual([monitor.running, monitor.watched], [[], []])
  })

  it('is not touched by commands for other kinds', async () => {
    const { monitor, set } = started()
    set.handle(watch('main', {}, 'targets'))
    set.handle({ action: 'watch', kind: 'ping', target: { nonsense: true } })
    set.handle({ action: 'unwatch', kind: 'ping', name: 'main' })
    set.handle({ action: 'keep', kind: 'ping', owner: 'targets', names: [] })
    assert.deepEqual(monitor.running, ['main'])
    await set.end()
  })

  it('refuses what is no target, and says so', async () => {
    const { monitor, set } = started()
    assert.throws(() => set.handle(watch('main', { intervall: 1 })), { code: 'unknown-key' })
    assert.throws(() => set.handle(watch('main', { url: 'file:///etc/passwd' })), { code: 'forbidden-protocol' })
    assert.deepEqual([monitor.running, monitor.watched], [[], []])
    await set.end()
  })

  it('does not know a target that it does not watch, and does not repeat what it was called', async () => {
    const { set } = started()
    set.handle(watch('main'))
    for (const command of [
      { action: 'unwatch', kind: 'stream', name: 's3cret' },
      { action: 'expect', kind: 'stream', name: 's3cret', expected: true },
    ] as const) {
      assert.throws(
        () => set.handle(command),
        (error: Error & { code?: string }) =>
          error.code === 'unknown-target' && /it watches "main"/.test(error.message) && !/s3cret/.test(error.message),
      )
    }
    await set.end()
  })

  it('leaves nothing behind when a watch cannot be made', async () => {
    const { monitor, set } = started()
    monitor.error = new Error('no')
    assert.throws(() => set.handle(watch('main', { url: 'rtmp://relay.example/live/literal-key' })), /no/)
    assert.deepEqual([monitor.watched, set.list()], [[], []])
    set.handle(watch('main'))
    assert.deepEqual(monitor.running, ['main'])
    await set.end()
  })
})

describe('names', () => {
  it('are refused to a second node, and free again when the first one is done', async () => {
    const monitor = new Monitor()
    const [one, two] = [started(monitor, 'one'), started(monitor, 'two')]
    one.set.handle(watch('main'))
    assert.throws(() => two.set.handle(watch('main')), { code: 'duplicate-target' })
    assert.throws(() => two.set.watchOwn(stream('main')), { code: 'duplicate-target' })
    one.set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    two.set.handle(watch('main'))
    await settle()
    assert.deepEqual(monitor.running, ['main'])
    await one.set.end()
    await two.set.end()
  })

  it('that move to another node wait until the first one has ended', async () => {
    const monitor = new Monitor()
    monitor.quick = false
    const [one, two] = [started(monitor, 'one'), started(monitor, 'two')]
    one.set.handle(watch('main'))
    one.set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    two.set.handle(watch('main'))
    await settle()
    assert.equal(monitor.probes.length, 1)
    monitor.probes[0]?.finish?.()
    await settle()
    assert.deepEqual(monitor.running, ['main'])
    monitor.probe('main').quick = true
    await two.set.end()
  })

  it('belong to their sender: another one is refused, and so is the dialog’s', async () => {
    const { set } = started()
    set.watchOwn(stream('own'))
    set.handle(watch('a', {}, 'targets-1'))
    set.handle(watch('b'))
    assert.throws(() => set.handle(watch('own')), /dialog of this node/)
    assert.throws(() => set.handle(watch('a', {}, 'targets-2')), { code: 'duplicate-target' })
    assert.throws(() => set.handle(watch('a')), { code: 'duplicate-target' })
    assert.throws(() => set.handle(watch('b', {}, 'targets-1')), { code: 'duplicate-target' })
    assert.throws(() => set.handle({ action: 'unwatch', kind: 'stream', name: 'own' }), { code: 'invalid-message' })
    await set.end()
  })
})

describe('keep', () => {
  it('unwatches what its owner once sent and does not list, and nothing else', async () => {
    const { monitor, set } = started()
    set.watchOwn(stream('own'))
    for (const name of ['a', 'b']) set.handle(watch(name, {}, 'targets'))
    set.handle(watch('c', {}, 'other'))
    set.handle(watch('d'))
    set.handle({ action: 'keep', kind: 'stream', owner: 'targets', names: ['b', 'never-sent'] })
    assert.deepEqual(monitor.watched, ['own', 'b', 'c', 'd'])
    set.handle({ action: 'keep', kind: 'stream', owner: 'targets', names: [] })
    assert.deepEqual(monitor.watched, ['own', 'c', 'd'])
    await set.end()
  })
})

describe('a literal key in a URL', () => {
  const url = (key: string) => `rtmp://relay.example/live/${key}`

  it('is taken out of the target, and filled in again only by the monitor', async () => {
    const { monitor, set } = started()
    set.handle(watch('main', { url: url('first-s3cret') }))
    const { target } = monitor.probe('main')
    assert.doesNotMatch(JSON.stringify([target, set.list(), monitor.state.directory.list()]), /s3cret/)
    assert.equal(monitor.state.secrets.expand(target.url), url('first-s3cret'))
    assert.doesNotMatch(monitor.state.secrets.redact('lost first-s3cret'), /s3cret/)
    await set.end()
    assert.throws(() => monitor.state.secrets.expand(target.url), { code: 'missing-variable' })
  })

  it('that changes is told to the probe, which is not made anew', async () => {
    const { monitor, set } = started()
    set.handle(watch('main', { url: url('first-s3cret') }))
    const changed: string[] = []
    monitor.state.secrets.onChanged((name) => changed.push(name))
    set.handle(watch('main', { url: url('other-s3cret') }))
    assert.deepEqual([monitor.probes.length, changed.length], [1, 1])
    assert.equal(monitor.state.secrets.expand(monitor.probe('main').target.url), url('other-s3cret'))
    await set.end()
  })
})
