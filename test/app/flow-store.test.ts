import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openFlows, type ShippedFlow } from '../../app/flow-store.ts'
import type { FlowNode } from '../../app/flows.ts'

const collect: ShippedFlow = {
  name: 'flows/collect.json',
  nodes: [
    { id: 'collect', type: 'tab', label: 'Collect' },
    { id: 'probe', type: 'hmonitor-ffprobe', z: 'collect', interval: '1' },
  ],
}
const newer: ShippedFlow = {
  ...collect,
  nodes: collect.nodes.map((node) => ('interval' in node ? { ...node, interval: '2' } : node)),
}
const demo: ShippedFlow = { name: 'demo/flow.json', nodes: [{ id: 'demo', type: 'tab', label: 'Demo' }] }

describe("the user's flow file", () => {
  let dataDir = ''
  const file = () => join(dataDir, 'flows.json')
  const flows = () => JSON.parse(readFileSync(file(), 'utf8')) as FlowNode[]
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-flows-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  it('gets the shipped flows at the first start, readable for its user only', () => {
    assert.deepEqual(openFlows(dataDir, [collect, demo], false), { did: 'merged' })
    assert.deepEqual(flows(), [...collect.nodes, ...demo.nodes])
    assert.equal(statSync(file()).mode & 0o777, 0o600)
  })

  it('is not touched by later starts, whatever is shipped then', () => {
    openFlows(dataDir, [collect], false)
    const text = JSON.stringify([{ id: 'mine', type: 'tab' }])
    writeFileSync(file(), text)
    openFlows(dataDir, [newer, demo], false)
    assert.equal(readFileSync(file(), 'utf8'), text)
  })

  it('is said to be behind where a newer flow is shipped, or one that was never merged', () => {
    openFlows(dataDir, [collect], false)
    assert.deepEqual(openFlows(dataDir, [collect], false), { did: 'kept', newer: [], absent: [] })
    assert.deepEqual(openFlows(dataDir, [newer, demo], false), { did: 'kept', newer: ['Collect'], absent: ['Demo'] })
  })

  it('is renewed when asked to, with a copy of what it was', () => {
    openFlows(dataDir, [collect], false)
    const before = [...collect.nodes, { id: 'mine', type: 'tab' }]
    writeFileSync(file(), JSON.stringify(before))
    const outcome = openFlows(dataDir, [newer], true)
    assert.ok(outcome.did === 'renewed')
    assert.deepEqual(JSON.parse(readFileSync(outcome.backup, 'utf8')), before)
    assert.deepEqual(new Set(flows()), new Set([...newer.nodes, { id: 'mine', type: 'tab' }]))
    assert.deepEqual(openFlows(dataDir, [newer], false), { did: 'kept', newer: [], absent: [] })
  })

  it('gets the shipped flows again where it was removed, so that something is watched', () => {
    openFlows(dataDir, [collect], false)
    rmSync(file())
    assert.deepEqual(openFlows(dataDir, [collect], false), { did: 'merged' })
    assert.deepEqual(flows(), collect.nodes)
  })

  it('stops the start where it is damaged, and stays as it is', () => {
    openFlows(dataDir, [collect], false)
    writeFileSync(file(), '[{"id":')
    assert.throws(() => openFlows(dataDir, [collect], false), /damaged: .*flows\.json[\s\S]*\.flows\.json\.backup/)
    assert.equal(readFileSync(file(), 'utf8'), '[{"id":')
  })

  it('leaves no drafts behind', () => {
    openFlows(dataDir, [collect], false)
    assert.deepEqual(readdirSync(dataDir).sort(), ['flows.json', 'shipped-flows.json'])
  })
})
