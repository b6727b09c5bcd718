import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { configVersion, createNode, currentConfig, type Migration } from '../../src/node-red/config-version.ts'
import { flowFiles } from '../flows/flow-files.ts'

const rename: Migration = ({ file, ...others }) => ({ ...others, path: file })
const split: Migration = ({ path, ...others }) => ({ ...others, paths: [path] })
const MIGRATIONS = { 'hmonitor-log': [rename, split] }
const current = (config: object) => currentConfig('hmonitor-log', config, MIGRATIONS)

describe('the config of a node', () => {
  it('that was saved before there were versions is of version 1', () => {
    assert.deepEqual(current({ file: 'a' }), { config: { paths: ['a'], configVersion: 3 }, newer: null })
  })

  it('takes the steps that its version lacks, and is left as it was saved', () => {
    const saved = Object.freeze({ path: 'a', configVersion: 2 })
    assert.deepEqual(current(saved).config, { paths: ['a'], configVersion: 3 })
  })

  it('of the current version is used as it is', () => {
    const saved = { paths: ['a'], configVersion: 3 }
    assert.equal(current(saved).config, saved)
  })

  it('of a newer version is used as it is, and told', () => {
    const saved = { paths: ['a'], configVersion: 5 }
    assert.deepEqual(current(saved), { config: saved, newer: 5 })
  })

  for (const version of ['2', 0, -1, 1.5, null, {}]) {
    it(`of the version ${JSON.stringify(version)}, which is none, is of version 1`, () => {
      assert.deepEqual(current({ file: 'a', configVersion: version }).config, { paths: ['a'], configVersion: 3 })
    })
  }

  it('of revision c3db8fe is used unchanged', () => {
    const file = new URL('../fixtures/flow-of-c3db8fe.json', import.meta.url)
    const nodes = JSON.parse(readFileSync(file, 'utf8')) as { type: string }[]
    const ours = nodes.filter(({ type }) => type.startsWith('hmonitor-'))
    assert.ok(ours.length > 5)
    for (const node of ours) {
      assert.equal(configVersion(node.type), 1, 'a migration needs its own expectation here')
      assert.deepEqual(currentConfig(node.type, node), { config: node, newer: null })
    }
  })

  it('of a newer version is said in the log, and no other', () => {
    const warnings: unknown[] = []
    const node = { warn: (text: unknown) => warnings.push(text) } as unknown as Node
    const RED = { nodes: { createNode: () => {} } } as unknown as NodeAPI
    const saved = { id: 'a', type: 'hmonitor-log', name: '', z: '' } as NodeDef
    assert.equal(createNode(RED, node, saved), saved)
    assert.deepEqual(warnings, [])
    createNode(RED, node, { ...saved, configVersion: 7 } as NodeDef)
    assert.match(String(warnings), /config has version 7.*known here is 1/)
  })

  for (const { path, nodes } of flowFiles()) {
    it(`carries its version in ${path}`, () => {
      const ours = nodes.filter(({ type }) => type.startsWith('hmonitor-'))
      for (const { type, configVersion: version } of ours) assert.equal(version, configVersion(type), type)
    })
  }
})
