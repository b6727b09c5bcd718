import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, startRuntime } from '../runtime.ts'

/** A tab that answers `GET /echo` and runs a process, with nodes of Node-RED alone. */
const flow: FlowNode[] = [
  { id: 'tab0', type: 'tab', label: 'Echo', disabled: false, info: '', env: [] },
  { id: 'in00', type: 'http in', z: 'tab0', name: '', url: '/echo', method: 'get', x: 100, y: 100, wires: [['fn00']] },
  {
    id: 'fn00',
    type: 'function',
    z: 'tab0',
    name: 'echo',
    func: "node.warn('asked'); node.status({ text: 'busy' }); msg.payload = 'hello'; return msg",
    outputs: 1,
    x: 300,
    y: 100,
    wires: [['out0']],
  },
  { id: 'out0', type: 'http response', z: 'tab0', name: '', x: 500, y: 100, wires: [] },
  { id: 'inj0', type: 'inject', z: 'tab0', name: '', once: true, onceDelay: 0.1, x: 100, y: 200, wires: [['ex00']] },
  { id: 'ex00', type: 'exec', z: 'tab0', command: 'sleep 300', useSpawn: 'true', x: 300, y: 200, wires: [[], [], []] },
]

describe('the runtime that tests use', () => {
  let runtime: Runtime
  before(async () => {
    runtime = await startRuntime({ flows: flow, nodesDir: [] })
  })
  after(() => runtime.stop())

  it('answers over HTTP and shows messages, statuses and log lines', async () => {
    assert.equal(await (await runtime.fetch('/echo')).text(), 'hello')
    await until(() => runtime.from('fn00').length > 0, 5, 'the message is seen')
    assert.equal(runtime.from('fn00')[0]?.payload, 'hello')
    assert.equal(runtime.status.get('fn00')?.text, 'busy')
    assert.deepEqual(
      runtime.complaints().map(({ text }) => text),
      ['asked'],
    )
  })

  it('knows the processes that the flows started', async () => {
    await until(() => runtime.processes().some(({ command }) => command === 'sleep 300'), 5, 'the process runs')
  })

  it('counts the same after a deploy that changes nothing', async () => {
    const before = await runtime.diagnostics()
    await runtime.deploy(flow, 'nodes')
    const after = await runtime.diagnostics()
    assert.deepEqual(after.listeners, before.listeners)
    assert.deepEqual(after.routes, before.routes)
  })

  it('fails a deploy of an unknown node type and names it', async () => {
    await assert.rejects(runtime.deploy([...flow, { id: 'x', type: 'no-such-node', z: 'tab0' }]), /no-such-node/)
    await runtime.deploy(flow)
  })
})
