import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FlowNode, mergeFlows, renewFlows } from '../../app/flows.ts'

const monitor: FlowNode = { id: 'monitor', type: 'hmonitor-monitor', site: '' }
const shipped: FlowNode[] = [
  { id: 'collect', type: 'tab', label: 'Collect' },
  monitor,
  { id: 'probe', type: 'hmonitor-ffprobe', z: 'collect', interval: '1' },
  { id: 'api', type: 'tab', label: 'API' },
  { id: 'serve', type: 'hmonitor-serve', z: 'api' },
]
const own: FlowNode[] = [
  { id: 'mine', type: 'tab', label: 'Mine' },
  { id: 'mail', type: 'e-mail', z: 'mine' },
  { id: 'broker', type: 'mqtt-broker' },
]
const ids = (nodes: FlowNode[]) => nodes.map(({ id }) => id)

describe('merging the shipped flows', () => {
  it('gives an empty runtime all of them, each node once', () => {
    assert.deepEqual(ids(mergeFlows([], [...shipped, monitor])), ids(shipped))
  })

  it("leaves the user's own flows as they are and adds to them", () => {
    assert.deepEqual(mergeFlows(own, shipped), [...own, ...shipped])
  })

  it('leaves a tab alone that is there already, with what was taken off it', () => {
    const changed = [{ id: 'collect', type: 'tab', label: 'Renamed' }]
    const merged = mergeFlows(changed, shipped)
    assert.deepEqual(ids(merged), ['collect', 'monitor', 'api', 'serve'])
    assert.equal(merged[0]?.label, 'Renamed')
  })
})

describe('renewing the shipped flows', () => {
  const changed: FlowNode[] = [
    { id: 'collect', type: 'tab', label: 'Renamed' },
    ...own,
    { ...monitor, site: 'main hall' },
    { id: 'probe', type: 'hmonitor-ffprobe', z: 'collect', interval: '5' },
    { id: 'extra', type: 'debug', z: 'collect' },
    { id: 'api', type: 'tab', label: 'API' },
  ]

  it('puts the shipped tabs in place of ours, with all that lies on them', () => {
    const renewed = renewFlows(changed, shipped, ['collect', 'api'])
    assert.equal(renewed.find(({ id }) => id === 'collect')?.label, 'Collect')
    assert.equal(renewed.find(({ id }) => id === 'probe')?.interval, '1')
    assert.ok(ids(renewed).includes('serve'))
    assert.ok(!ids(renewed).includes('extra'))
  })

  it("keeps the user's tabs and config nodes, and the settings of the monitor", () => {
    const renewed = renewFlows(changed, shipped, ['collect', 'api'])
    for (const node of own) assert.ok(renewed.includes(node), node.id)
    assert.equal(renewed.find(({ id }) => id === 'monitor')?.site, 'main hall')
  })

  it('keeps the order of the tabs', () => {
    const tabs = renewFlows(changed, shipped, ['collect', 'api']).filter(({ type }) => type === 'tab')
    assert.deepEqual(ids(tabs), ['collect', 'mine', 'api'])
  })

  it('has every id once, also where a node of ours was moved to another tab', () => {
    const moved = [...own, { id: 'probe', type: 'hmonitor-ffprobe', z: 'mine' }]
    const renewed = ids(renewFlows(moved, shipped, ['collect', 'api']))
    assert.equal(new Set(renewed).size, renewed.length)
  })

  it('drops a tab of ours that is not shipped any more', () => {
    const old = [...changed, { id: 'demo', type: 'tab' }, { id: 'button', type: 'inject', z: 'demo' }]
    const renewed = ids(renewFlows(old, shipped, ['collect', 'api', 'demo']))
    assert.ok(!renewed.includes('demo') && !renewed.includes('button'))
  })

  it('changes nothing the second time', () => {
    const once = renewFlows(changed, shipped, ['collect', 'api'])
    assert.deepEqual(renewFlows(once, shipped, ['collect', 'api']), once)
  })
})
