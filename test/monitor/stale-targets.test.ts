import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Clock } from '../../src/observation/clock.ts'
import { expositionOf, parseExposition, valuesOf } from '../exposition.ts'
import { observation } from '../metrics/observations.ts'

describe('hmonitor_stale_targets', () => {
  it('counts watched targets of which no observation has come for three intervals, at least 5 s', async () => {
    let seconds = 100
    const clock: Clock = { wall: () => seconds * 1000, monotonic: () => seconds }
    const state = new MonitorState('one', KINDS, clock)
    const stale = async () =>
      valuesOf(parseExposition((await expositionOf(state.metrics)).body), 'hmonitor_stale_targets', { kind: 'stream' })
    state.directory.enter('stream', 'main', 'node', 1)
    state.directory.enter('stream', 'slow', 'node', 60)
    assert.deepEqual(await stale(), [0])
    seconds += 5
    assert.deepEqual(await stale(), [0])
    seconds += 1
    assert.deepEqual(await stale(), [1])
    state.newest.put(observation({ target: 'main' }))
    assert.deepEqual(await stale(), [0])
    seconds += 176
    assert.deepEqual(await stale(), [2])
    state.directory.leave('stream', 'slow', 'node')
    assert.deepEqual(await stale(), [1])
  })
})
