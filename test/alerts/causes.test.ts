import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { composeMessage } from '../../src/alerts/message.ts'
import { AFTER_CAUSE, CAUSE_WAIT, EFFECTS_WAIT } from '../../src/alerts/timing.ts'
import { issue, World } from './world.ts'

const STREAMS = Array.from({ length: 20 }, (_, index) => `stream-${index + 1}`)

describe('a cause and its effects', () => {
  let world: World
  const offline = () => issue('streamOffline', 'error', world.at - 6000)
  const lost = () => issue('hostUnreachable', 'error', world.at - 6000)
  const fall = (name: string) => world.observe('stream', name, 'down', [offline()])
  beforeEach(() => {
    world = new World()
  })

  describe('with a gateway under 20 streams', () => {
    beforeEach(() => {
      world.watch('ping', 'gateway', [], 5)
      for (const name of STREAMS) world.watch('stream', name, ['gateway'])
      world.observe('ping', 'gateway', 'ok')
      for (const name of STREAMS) world.observe('stream', name, 'ok')
    })

    it('are one message that names the gateway and the 20, when the streams fail first', () => {
      world.pass(2)
      for (const name of STREAMS) fall(name)
      world.pass(4)
      assert.deepEqual(world.said, [], 'it is not known yet whether the gateway is the cause')
      world.observe('ping', 'gateway', 'down')
      world.pass(3)
      world.observe('ping', 'gateway', 'down', [lost()])
      world.pass(30)
      assert.deepEqual(world.said, ['firing HostUnreachable gateway'])
      assert.deepEqual([...(world.sent[0]?.effects ?? [])].sort(), STREAMS.map((name) => `stream ${name}`).sort())
      const message = composeMessage(world.sent, null, 'UTC')
      for (const name of ['gateway', ...STREAMS]) assert.match(JSON.stringify(message), new RegExp(`\\b${name}\\b`))
    })

    it('are one message as well when the gateway fails first', () => {
      world.observe('ping', 'gateway', 'down', [lost()])
      for (const [index, name] of STREAMS.entries()) {
        if (index % 4 === 0) world.pass(1)
        fall(name)
      }
      world.pass(30)
      assert.deepEqual(world.said, ['firing HostUnreachable gateway'])
      assert.equal(world.sent[0]?.effects.length, 20)
    })

    it('end with one word: that the cause is over', () => {
      world.observe('ping', 'gateway', 'down', [lost()])
      for (const name of STREAMS) fall(name)
      world.pass(30)
      world.observe('ping', 'gateway', 'ok')
      world.pass(5)
      for (const name of STREAMS) world.observe('stream', name, 'ok')
      world.pass(60)
      assert.deepEqual(world.said, ['firing HostUnreachable gateway', 'resolved HostUnreachable gateway'])
    })

    it('tell of an effect that outlasts its cause', () => {
      world.observe('ping', 'gateway', 'down', [lost()])
      for (const name of STREAMS) fall(name)
      world.pass(10)
      world.observe('ping', 'gateway', 'ok')
      for (const name of STREAMS.slice(1)) world.observe('stream', name, 'ok')
      world.pass(AFTER_CAUSE / 1000 + 1, () => world.observe('ping', 'gateway', 'ok'))
      assert.equal(world.said.at(-1), 'firing StreamOffline stream-1')
    })

    it('tell of the gateway alone within 8 s where the streams go on', () => {
      world.observe('ping', 'gateway', 'down', [lost()])
      world.pass(EFFECTS_WAIT / 1000 - 1)
      assert.deepEqual(world.said, [])
      world.pass(1)
      assert.deepEqual(world.sent[0]?.effects, [])
    })

    it('say so without another message when more is affected later', () => {
      world.observe('ping', 'gateway', 'down', [lost()])
      world.pass(EFFECTS_WAIT / 1000)
      fall('stream-1')
      world.pass(1)
      assert.deepEqual(world.said, ['firing HostUnreachable gateway', 'updated HostUnreachable gateway'])
      assert.deepEqual(world.sent[1]?.effects, ['stream stream-1'])
    })
  })

  it('are told apart: a stream fails while its gateway is measured to be fine', () => {
    world.watch('ping', 'gateway', [], 1)
    world.watch('stream', 'main', ['gateway'])
    world.observe('ping', 'gateway', 'ok')
    fall('main')
    world.pass(2, () => world.observe('ping', 'gateway', 'ok'))
    assert.deepEqual(world.said, ['firing StreamOffline main'])
  })

  it('do not wait for ever for a cause of which nothing is known', () => {
    world.watch('ping', 'gateway', [], 60)
    world.watch('stream', 'main', ['gateway'])
    fall('main')
    world.pass(CAUSE_WAIT / 1000 - 1)
    assert.deepEqual(world.said, [])
    world.pass(1)
    assert.deepEqual(world.said, ['firing StreamOffline main'])
  })

  it('name the cause of the causes', () => {
    world.watch('ping', 'gateway')
    world.watch('service', 'ingest', ['gateway'])
    world.watch('stream', 'main', ['ingest'])
    world.observe('service', 'ingest', 'down', [issue('connectFailed', 'error', world.at)])
    fall('main')
    world.pass(1)
    world.observe('ping', 'gateway', 'down', [lost()])
    world.pass(20)
    assert.deepEqual(world.said, ['firing HostUnreachable gateway'])
    assert.deepEqual(world.sent[0]?.effects, ['service ingest', 'stream main'])
  })

  it('bear names that nobody watches, and circles', () => {
    world.watch('stream', 'one', ['two', 'nobody'])
    world.watch('stream', 'two', ['one'])
    fall('one')
    world.pass(20)
    assert.deepEqual(
      world.said.filter((said) => said.startsWith('firing')),
      ['firing StreamOffline one'],
    )
  })

  it('have nothing to do with each other without dependsOn', () => {
    world.watch('ping', 'gateway')
    world.watch('stream', 'main')
    world.observe('ping', 'gateway', 'down', [lost()])
    fall('main')
    assert.deepEqual(world.said, ['firing HostUnreachable gateway', 'firing StreamOffline main'])
  })

  it('are decided quickly where 250 streams fail on one gateway', () => {
    const names = Array.from({ length: 250 }, (_, index) => `s-${index}`)
    world.watch('ping', 'gateway')
    for (const name of names) world.watch('stream', name, ['gateway'])
    world.observe('ping', 'gateway', 'down', [lost()])
    const began = performance.now()
    for (const name of names) fall(name)
    world.pass(3)
    const took = performance.now() - began
    assert.ok(took < 5000, `${Math.round(took)} ms for 253 decisions`)
    assert.equal(world.sent[0]?.effects.length, 250)
  })
})
