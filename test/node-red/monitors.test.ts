import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onFlows } from '../../src/node-red/events.ts'
import { followMonitor, monitorIdOf } from '../../src/node-red/monitors.ts'
import { FakeNode, FakeRuntime } from './fakes.ts'

const monitor = (id: string, more: object = {}) => ({ id, type: 'hmonitor-monitor', name: id, z: '', ...more })

describe('the monitor of a node', () => {
  it('is the one that its dialog names', () => {
    const runtime = new FakeRuntime()
    runtime.definitions = [monitor('a'), monitor('b')]
    assert.equal(monitorIdOf(runtime.asRuntime(), 'b'), 'b')
  })

  it('is the first where the dialog names none', () => {
    const runtime = new FakeRuntime()
    runtime.definitions = [
      { id: 'x', type: 'inject', name: '', z: 'tab' },
      monitor('of-a-tab', { z: 'tab' }),
      monitor('off', { d: true }),
      monitor('a'),
      monitor('b'),
    ]
    for (const empty of ['', undefined, '_ADD_']) assert.equal(monitorIdOf(runtime.asRuntime(), empty), 'a')
  })

  it('is the default one where there is none', () => {
    assert.equal(monitorIdOf(new FakeRuntime().asRuntime(), ''), 'default')
  })

  it('is none where the one that the dialog names is gone, switched off or something else', () => {
    const runtime = new FakeRuntime()
    runtime.definitions = [monitor('a', { d: true }), { id: 'c', type: 'mqtt-broker', name: '', z: '' }, monitor('b')]
    for (const id of ['a', 'c', 'gone']) assert.equal(monitorIdOf(runtime.asRuntime(), id), null)
  })

  it('is followed when a deploy that left the node alone changes it', async () => {
    const runtime = new FakeRuntime()
    const node = new FakeNode()
    const used: (string | null)[] = []
    followMonitor(runtime.asRuntime(), node.asNode(), '', (id) => void used.push(id))
    runtime.events.emit('flows:started')
    runtime.definitions = [monitor('a')]
    runtime.events.emit('flows:started')
    assert.deepEqual(used, ['default', 'a'])
    await node.close()
    runtime.definitions = []
    runtime.events.emit('flows:started')
    assert.deepEqual(used, ['default', 'a'])
  })
})

describe('the flows of a runtime', () => {
  const stop = (payload: object) => ({ id: 'runtime-state', payload: { state: 'stop', ...payload } })

  it('are settled after every node has heard that they started', () => {
    const runtime = new FakeRuntime()
    const heard: string[] = []
    onFlows(runtime.asRuntime(), 'settled', () => void heard.push('settled'))
    onFlows(runtime.asRuntime(), 'started', () => void heard.push('started'))
    runtime.events.emit('flows:started')
    assert.deepEqual(heard, ['started', 'settled'])
  })

  it('are halted when they stop and no deploy starts them again', () => {
    const runtime = new FakeRuntime()
    let halts = 0
    onFlows(runtime.asRuntime(), 'halted', () => {
      halts += 1
    })
    for (const event of [stop({ deploy: true }), { id: 'runtime-state' }, { id: 'runtime-deploy', payload: {} }]) {
      runtime.events.emit('runtime-event', event)
    }
    assert.equal(halts, 0)
    runtime.events.emit('runtime-event', stop({}))
    runtime.events.emit('runtime-event', stop({ error: 'missing-types' }))
    assert.equal(halts, 2)
  })

  it('are listened to once, however many nodes and deploys there are', async () => {
    const runtime = new FakeRuntime()
    for (let deploy = 0; deploy < 100; deploy++) {
      const node = new FakeNode()
      followMonitor(runtime.asRuntime(), node.asNode(), '', () => {})
      await node.close()
    }
    assert.deepEqual(
      runtime.events.eventNames().map((name) => runtime.events.listenerCount(name)),
      [1, 1, 1],
    )
  })

  it('go on when one listener fails', () => {
    const runtime = new FakeRuntime()
    let heard = 0
    onFlows(runtime.asRuntime(), 'started', () => {
      throw new Error('broken')
    })
    onFlows(runtime.asRuntime(), 'started', () => {
      heard += 1
    })
    runtime.events.emit('flows:started')
    assert.equal(heard, 1)
    assert.match(runtime.logged.join(), /broken/)
  })
})
