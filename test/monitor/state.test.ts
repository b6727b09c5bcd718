import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Parked } from '../../src/monitor/parking.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { endParked, monitorState, monitorStates, removeMonitor } from '../../src/node-red/monitor-states.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { toRejection } from '../../src/targets/rejection.ts'
import { expositionOf } from '../exposition.ts'
import { mockedClock } from './fixtures.ts'

/** A watch that ends when it is told to. */
function parked(state: MonitorState, name: string): Parked & { ended: number } {
  state.directory.enter('stream', name, 'node', 1)
  return {
    kind: 'stream',
    name,
    owner: 'node',
    ended: 0,
    end() {
      this.ended += 1
      state.directory.leave('stream', name, 'node')
    },
  }
}

describe('the state of a monitor', () => {
  after(async () => {
    for (const { id } of monitorStates()) await removeMonitor(id)
  })

  it('is the same for as long as its config node is there, and another one for every id', () => {
    const state = monitorState('one')
    assert.equal(monitorState('one'), state)
    assert.notEqual(monitorState('two'), state)
  })

  it('begins anew when its config node was removed, and what was parked ends', async () => {
    const state = monitorState('removed')
    const watch = parked(state, 'main')
    state.parking.park(watch)
    await removeMonitor('removed')
    assert.equal(watch.ended, 1)
    assert.notEqual(monitorState('removed'), state)
    const late = parked(state, 'late')
    state.parking.park(late)
    assert.equal(late.ended, 1)
  })

  it('of a monitor that there is not is removed without a word', () => removeMonitor('never'))

  it('ends what no node adopted, in every monitor', async () => {
    const watches = ['a', 'b'].map((id) => {
      const watch = parked(monitorState(id), 'main')
      monitorState(id).parking.park(watch)
      return watch
    })
    await endParked()
    assert.deepEqual(
      watches.map(({ ended }) => ended),
      [1, 1],
    )
    await endParked()
    assert.equal(watches[0]?.ended, 1)
  })

  it('waits for what is ending, even if that fails', async () => {
    const { parking } = new MonitorState('ending', KINDS, mockedClock)
    let finish = () => {}
    parking.track('stream', 'main', new Promise((resolve) => (finish = resolve)))
    parking.track('stream', 'main', Promise.reject(new Error('stuck')))
    let isDone = false
    const done = parking.endAll().then(() => {
      isDone = true
    })
    await new Promise(setImmediate)
    assert.equal(isDone, false)
    finish()
    await done
    await new Promise(setImmediate)
    assert.equal(parking.ending('stream', 'main'), null)
  })

  it('takes the series of a target that is gone from the metrics at once', async () => {
    const state = new MonitorState('series', KINDS)
    state.directory.enter('stream', 'main', 'node', 1)
    assert.match((await expositionOf(state.metrics)).body, /^hmonitor_targets\{kind="stream"\} 1$/m)
    const forgotten: string[] = []
    state.metrics.forget = (kind, name) => forgotten.push(`${kind}/${name}`)
    state.directory.leave('stream', 'main', 'node')
    assert.deepEqual(forgotten, ['stream/main'])
    assert.match((await expositionOf(state.metrics)).body, /^hmonitor_targets\{kind="stream"\} 0$/m)
  })

  it('has what its subsystems count stand at 0 before there is a node that counts', async () => {
    const { body } = await expositionOf(new MonitorState('counters', KINDS).metrics)
    for (const series of ['alerts_total{severity="critical",status="firing"}', 'log_events_total{level="warn"}'])
      assert.ok(body.includes(`\nhmonitor_${series} 0\n`), series)
    // Nothing waits, so that nothing is old.
    assert.doesNotMatch(body, /^hmonitor_outbox_oldest_timestamp_seconds /m)
  })

  it('remembers the targets of a node until it is removed, its secrets too', () => {
    const state = new MonitorState('memory', KINDS)
    const memory = state.targetsMemory('node')
    memory.rejected = [toRejection('streams[0]', new MonitorError('invalid-target', '"name" is missing'))]
    state.secrets.put('node', 'STREAM_KEY', 'abcd-efgh')
    assert.equal(state.targetsMemory('node'), memory)
    assert.deepEqual(
      state.rejections.map(({ entry }) => entry),
      ['streams[0]'],
    )
    state.forgetTargets('node')
    assert.deepEqual(state.rejections, [])
    assert.throws(() => state.secrets.expand('${STREAM_KEY}'), { code: 'missing-variable' })
    assert.notEqual(state.targetsMemory('node'), memory)
  })
})
