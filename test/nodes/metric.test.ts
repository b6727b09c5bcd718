import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const doors = (more: object = {}): FlowNode => ({
  id: 'doors',
  type: 'hmonitor-metric',
  metric: 'venue_doors_total',
  metricType: 'counter',
  labelNames: 'door',
  ...more,
})
/** The lines of the user's own metrics. */
const exposition = async (monitor = 'default') =>
  ((await expositionOf(monitorState(monitor).metrics)).body.match(/^.*\bvenue_.*$/gm) ?? []).join('\n')

describe('the metric node', () => {
  let runtime: TestRuntime
  afterEach(() => runtime.stop())
  const start = async (...nodes: FlowNode[]) => {
    runtime = await TestRuntime.start(flowOf(...nodes))
  }
  const untilServed = (line: RegExp) => until(async () => line.test(await exposition()), 5, `${line}`)

  it('changes its metric and passes the message on', async () => {
    await start(doors())
    runtime.receive('doors', { payload: { op: 'inc', labels: { door: 'front' } }, keep: 1 })
    await untilServed(/^venue_doors_total\{door="front"\} 1$/m)
    assert.equal(runtime.sent('doors')[0]?.keep, 1)
  })

  it('gives every kind what its dialog says', async () => {
    const node = (id: string, more: object) => ({ id, type: 'hmonitor-metric', ...more })
    await start(
      node('g', { metric: 'venue_seats', metricType: 'gauge', help: 'Seats.' }),
      node('h', { metric: 'venue_wait_seconds', metricType: 'histogram', buckets: '1, 5' }),
      node('s', { metric: 'venue_size_bytes', metricType: 'summary', percentiles: '0.5' }),
      node('d', { metric: 'venue_default' }),
    )
    for (const id of ['g', 'h', 's', 'd']) runtime.receive(id, { payload: 3 })
    for (const line of [
      /^# HELP venue_seats Seats\.$/m,
      /^venue_wait_seconds_bucket\{le="5.0"\} 1$/m,
      /^venue_size_bytes\{quantile="0.5"\} 3$/m,
      /^venue_default 3$/m,
    ]) {
      await untilServed(line)
    }
  })

  it('hands what does not fit to Catch nodes, and passes nothing on', async () => {
    await start(doors())
    runtime.receive('doors', { payload: { op: 'inc', labels: { window: 'north' } } })
    runtime.receive('doors', { payload: [] })
    await until(() => runtime.caught().length === 2, 5, 'both are caught')
    assert.deepEqual(
      runtime.caught().map(({ code }) => code),
      ['invalid-metric', 'invalid-message'],
    )
    assert.deepEqual(runtime.sent('doors'), [])
  })

  it('keeps its value over a deploy, full or partial, and lets go of it when it is removed', async () => {
    await start(doors())
    runtime.receive('doors', { payload: { labels: { door: 'front' } } })
    await untilServed(/^venue_doors_total\{door="front"\} 1$/m)
    await runtime.deploy(flowOf(doors()), 'full')
    await runtime.deploy(flowOf(doors({ name: 'doors' })), 'nodes')
    assert.match(await exposition(), /^venue_doors_total\{door="front"\} 1$/m)
    await runtime.deploy(flowOf(), 'nodes')
    assert.doesNotMatch(await exposition(), /venue_doors/)
  })

  it('says that its name is taken, and takes it when the other node has gone', async () => {
    await start(doors(), { ...doors({ metricType: 'gauge', metric: 'venue_doors_total' }), id: 'other' })
    assert.deepEqual(runtime.status('other'), { fill: 'red', shape: 'ring', text: 'name already used' })
    runtime.receive('other', { payload: 1 })
    await until(() => runtime.caught()[0]?.code === 'metric-conflict', 5, 'the conflict is caught')
    await runtime.deploy(flowOf({ ...doors({ metricType: 'gauge' }), id: 'other' }), 'nodes')
    assert.deepEqual(runtime.status('other'), {})
    runtime.receive('other', { payload: { val: 7, labels: { door: 'x' } } })
    await untilServed(/^venue_doors_total\{door="x"\} 7$/m)
  })

  it('is red where a variable of its dialog is not set, or its monitor is not there', async () => {
    await start(doors({ metric: '${NOT_SET_ANYWHERE}' }), { ...doors({ monitor: 'gone' }), id: 'lost' })
    assert.deepEqual(runtime.status('doors'), { fill: 'red', shape: 'ring', text: 'NOT_SET_ANYWHERE is…' })
    assert.deepEqual(runtime.status('lost'), { fill: 'red', shape: 'ring', text: 'no such monitor' })
    runtime.receive('doors', { payload: 1 })
    await until(() => runtime.caught()[0]?.code === 'missing-variable', 5, 'the reason is caught')
  })

  it('belongs to the monitor that it names, and moves with the first one where it names none', async () => {
    const monitor = { id: 'monitor-1', type: 'hmonitor-monitor', name: 'hall', wires: [] }
    await start(doors())
    await runtime.deploy([...flowOf(doors()), monitor], 'nodes')
    runtime.receive('doors', { payload: { labels: { door: 'front' } } })
    await until(async () => /venue_doors_total/.test(await exposition('monitor-1')), 5, 'it is in the monitor')
    assert.doesNotMatch(await exposition('default'), /venue_doors/)
    await runtime.deploy(flowOf(doors()), 'nodes')
    assert.doesNotMatch(await exposition('monitor-1'), /venue_doors/, 'a removed monitor begins anew')
  })
})
