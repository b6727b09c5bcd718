import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { eventBegan, eventEnded } from '../../src/monitor/event-end.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { WatchSet } from '../../src/monitor/watch-set.ts'
import { FakeProbe, type Level, mockedClock, mockTime, pass, watchOf } from './fixtures.ts'
import { NodeOutputs, settle, watch } from './nodes.ts'
import { arrival } from './reports.ts'

beforeEach(() => mockTime())
afterEach(() => mock.timers.reset())

/** A stream that is on the air, with an encoder that is. */
function onAir(target: Record<string, unknown>) {
  const state = new MonitorState('events', KINDS, mockedClock)
  const probe = new FakeProbe()
  const outputs = new NodeOutputs()
  const set = new WatchSet<'stream', Level>({
    kind: 'stream',
    owner: 'ffprobe',
    state,
    listener: outputs,
    create: (wanted, settings, before) => {
      const { watch } = watchOf({
        ...{ target: wanted.name, rule: wanted.expected, probe, settings },
        ...(before && { expectation: before.expectation }),
      })
      watch.detach()
      return watch
    },
  })
  set.flowsStarted()
  set.handle(watch('main', target))
  pass(2)
  const encoder = (name: string, deviceState: string) => {
    state.directory.enter('encoder', name, 'web-presenter', 1)
    const { observation } = arrival('encoder', name, 0)
    state.newest.put({ ...observation, measurements: { up: true, deviceState } })
  }
  const measure = (outcome: 'present' | 'absent' | 'unknown') => {
    probe.measure(outcome)
    pass(2)
    return `${outputs.newest.state}${outputs.newest.expected ? ', expected' : ''}`
  }
  return { state, set, outputs, encoder, measure }
}

describe('the event of a stream', () => {
  it('ends when the encoder that it depends on is stopped: what is down then is off', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['gateway', 'encoder'] })
    assert.equal(measure('present'), 'ok, expected')
    assert.equal(measure('absent'), 'down, expected')
    eventEnded(state, 'encoder', 'encoder')
    assert.equal(measure('absent'), 'off')
    await set.end()
  })

  it('ends while the rest of it still arrives, and is off as soon as that ends', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['encoder'] })
    eventEnded(state, 'encoder', 'encoder')
    assert.equal(measure('present'), 'ok')
    assert.equal(measure('absent'), 'off')
    assert.equal(measure('present'), 'ok, expected', 'the next event')
    assert.equal(measure('absent'), 'down, expected')
    await set.end()
  })

  it('is followed by the next when the encoder starts again before all has arrived', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['encoder'] })
    eventEnded(state, 'encoder', 'encoder')
    assert.equal(measure('present'), 'ok')
    eventBegan(state, 'encoder', 'encoder')
    assert.equal(measure('present'), 'ok, expected')
    assert.equal(measure('absent'), 'down, expected')
    await set.end()
  })

  it('ends when its platform ends it', async () => {
    const { state, set, measure } = onAir({ platform: 'sunday-service' })
    eventEnded(state, 'encoder', 'sunday-service')
    assert.equal(measure('absent'), 'down, expected')
    eventEnded(state, 'platform', 'sunday-service')
    assert.equal(measure('absent'), 'off')
    await set.end()
  })

  it('goes on when an encoder is stopped on which it does not depend', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['encoder'] })
    eventEnded(state, 'encoder', 'another')
    assert.equal(measure('absent'), 'down, expected')
    await set.end()
  })

  it('goes on while a second encoder of its own is on air, and ends with that', async () => {
    const { state, set, measure, encoder } = onAir({ dependsOn: ['first', 'second'] })
    encoder('first', 'idle')
    encoder('second', 'interrupted')
    eventEnded(state, 'encoder', 'first')
    assert.equal(measure('absent'), 'down, expected')
    encoder('second', 'idle')
    eventEnded(state, 'encoder', 'second')
    assert.equal(measure('absent'), 'off')
    await set.end()
  })

  it('does not wait for a second encoder that has not been heard of lately', async () => {
    const { state, set, measure, encoder } = onAir({ dependsOn: ['first', 'second'] })
    encoder('second', 'streaming')
    pass(6)
    eventEnded(state, 'encoder', 'first')
    assert.equal(measure('absent'), 'off')
    await set.end()
  })

  for (const expected of ['always', [{ days: ['sun'], from: '00:00', to: '24:00', timezone: 'Europe/Berlin' }]]) {
    it(`is nothing that an encoder ends where it is expected ${typeof expected === 'string' ? expected : 'in windows'}`, async () => {
      const { state, set, measure } = onAir({ dependsOn: ['encoder'], expected })
      eventEnded(state, 'encoder', 'encoder')
      assert.equal(measure('absent'), 'down, expected')
      await set.end()
    })
  }

  it('goes on as long as a message has said, whatever the encoder does', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['encoder'] })
    set.handle({ action: 'expect', kind: 'stream', name: 'main', expected: true, until: Date.now() + 60_000 })
    eventEnded(state, 'encoder', 'encoder')
    assert.equal(measure('absent'), 'down, expected')
    pass(60)
    assert.equal(measure('absent'), 'off')
    await set.end()
  })

  it('stays ended over a change of settings, and a stream that is gone hears of nothing', async () => {
    const { state, set, measure } = onAir({ dependsOn: ['encoder'] })
    eventEnded(state, 'encoder', 'encoder')
    set.handle(watch('main', { dependsOn: ['encoder'], labels: { hall: 'west' } }))
    await settle()
    assert.equal(measure('absent'), 'off')
    set.handle({ action: 'unwatch', kind: 'stream', name: 'main' })
    eventEnded(state, 'encoder', 'encoder')
    await set.end()
  })
})
