import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Links } from '../../src/monitor/directory.ts'
import { SETTLE_WITHIN } from '../../src/monitor/rejections.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { toRejection } from '../../src/targets/rejection.ts'
import { expositionOf } from '../exposition.ts'

function monitor() {
  let seconds = 0
  const clock = {
    wall: () => seconds * 1000,
    monotonic: () => seconds,
    advance: (by: number) => {
      seconds += by
    },
  }
  const state = new MonitorState('rejections', KINDS, clock)
  const watch = (kind: Kind, name: string, links: Partial<Links> = {}) =>
    state.directory.enter(kind, name, 'probe', 1, { dependsOn: [], platform: null, backupOf: null, ...links })
  const send = (...names: string[]) => {
    const targets = names.map((name) => ({ kind: 'stream', name }) as const)
    state.targetsMemory('targets').sent = { at: clock.monotonic(), targets }
  }
  return { clock, state, watch, send, messages: () => state.rejections.map(({ message }) => message) }
}

describe('names of other targets that are none', () => {
  for (const [field, links, kind, right] of [
    ['dependsOn', { dependsOn: ['gatway'] }, 'ping', 'gateway'],
    ['platform', { platform: 'sunday-servise' }, 'platform', 'sunday-service'],
    ['backupOf', { backupOf: 'mian' }, 'stream', 'main'],
  ] as const) {
    it(`are told, with the nearest that is one: ${field}`, () => {
      const { clock, state, watch } = monitor()
      watch('stream', 'backup', links)
      watch(kind, right)
      clock.advance(SETTLE_WITHIN)
      const [rejection, more] = state.rejections
      assert.equal(more, undefined)
      assert.match(
        rejection?.message ?? '',
        new RegExp(`"${field}" names ".*", which is not watched, did you mean "${right}"`),
      )
      assert.deepEqual([rejection?.effect, rejection?.targets, rejection?.suggestion], ['ignored', 0, right])
    })
  }

  it('are not told before the others had time to come, and no longer once they are there', () => {
    const { clock, watch, messages } = monitor()
    watch('stream', 'main', { dependsOn: ['gateway'] })
    clock.advance(SETTLE_WITHIN - 0.1)
    assert.deepEqual(messages(), [])
    clock.advance(0.1)
    assert.equal(messages().length, 1)
    watch('ping', 'gateway')
    assert.deepEqual(messages(), [])
  })

  it('must be of the right kind where only one kind is meant', () => {
    const { clock, watch, messages } = monitor()
    watch('stream', 'backup', { backupOf: 'main', platform: 'main' })
    watch('ping', 'main')
    clock.advance(SETTLE_WITHIN)
    assert.equal(messages().length, 2)
  })

  it('say so where the other is refused itself', () => {
    const { clock, state, watch, messages } = monitor()
    watch('stream', 'main', { dependsOn: ['gateway'] })
    const error = new MonitorError('unknown-key', 'unknown key "adress"')
    state.targetsMemory('targets').rejected = [toRejection('hosts[0]', error, { kind: 'ping', name: 'gateway' })]
    clock.advance(SETTLE_WITHIN)
    assert.match(messages()[1] ?? '', /"gateway", which is not watched, because it is refused$/)
  })
})

describe('a name of another target that is mistyped', () => {
  it('leads to the other even where that is refused itself', () => {
    const { clock, state, watch } = monitor()
    watch('stream', 'main', { dependsOn: ['gatway'] })
    const error = new MonitorError('unknown-key', 'unknown key "adress"')
    state.targetsMemory('targets').rejected = [toRejection('hosts[0]', error, { kind: 'ping', name: 'gateway' })]
    clock.advance(SETTLE_WITHIN)
    assert.equal(state.rejections[1]?.suggestion, 'gateway')
  })
})

describe('targets that were sent to be watched', () => {
  it('are told where no node watches them after a while', () => {
    const { clock, state, send, watch, messages } = monitor()
    send('main', 'backup')
    watch('stream', 'main')
    clock.advance(SETTLE_WITHIN - 0.1)
    assert.deepEqual(messages(), [])
    clock.advance(0.1)
    assert.deepEqual(
      state.rejections.map(({ name, effect, targets }) => [name, effect, targets]),
      [['backup', 'not-watched', 1]],
    )
    assert.match(messages()[0] ?? '', /no node watches it: wire output 1 of the targets node/)
    state.forgetTargets('targets')
    assert.deepEqual(messages(), [])
  })
})

describe('the metric of mistakes', () => {
  it('counts them by their effect, 0 where there are none', async () => {
    const { state } = monitor()
    const lines = async () =>
      (await expositionOf(state.metrics)).body.split('\n').filter((line) => line.startsWith('hmonitor_rejected'))
    assert.deepEqual(await lines(), [
      'hmonitor_rejected_targets{effect="not-watched"} 0',
      'hmonitor_rejected_targets{effect="watched-as-before"} 0',
      'hmonitor_rejected_targets{effect="ignored"} 0',
    ])
    const error = new MonitorError('unknown-key', 'unknown key "stream"')
    state.targetsMemory('targets').rejected = [toRejection('the file', error, { targets: 3 })]
    assert.equal((await lines())[0], 'hmonitor_rejected_targets{effect="not-watched"} 3')
  })
})
