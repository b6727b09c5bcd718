import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { root } from '../runtime.ts'
import { allowedTypes, flowFiles } from './flow-files.ts'
import { FLOW_RULES } from './flow-rules.ts'

/** Names of `.env.example`, set or commented out. */
const documented = new Set(
  [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#?\s?([A-Z][A-Z0-9_]*)=/gm)].map(
    (match) => match[1] ?? '',
  ),
)
const files = flowFiles()

for (const { path, text, nodes, role } of files) {
  describe(path, () => {
    for (const [title, rule] of Object.entries(FLOW_RULES)) {
      it(title, () => assert.deepEqual(rule(nodes, { types: allowedTypes(role), documented }), []))
    }

    it('is written as Node-RED writes it', () => {
      assert.equal(text.trimEnd(), JSON.stringify(nodes, null, 4))
    })
  })
}

describe('all flow files together', () => {
  it('share no id but that of the one monitor', () => {
    const all = files.flatMap(({ path, nodes }) => nodes.map((node) => ({ path, node })))
    const shared = all.filter(({ node }, at) => all.findIndex((other) => other.node.id === node.id) < at)
    const wrong = shared.filter(({ node }) => node.type !== 'hmonitor-monitor')
    assert.deepEqual(
      wrong.map(({ path, node }) => `${path}: ${node.id} ${node.type}`),
      [],
    )
  })

  it('agree on what the monitor is', () => {
    const monitors = files.flatMap(({ nodes }) => nodes.filter(({ type }) => type === 'hmonitor-monitor'))
    assert.ok(monitors.every((monitor) => isDeepStrictEqual(monitor, monitors[0])))
  })

  it('can be imported together: no example has a target or an address that another has', () => {
    const examples = files.filter(({ role }) => role === 'example').flatMap(({ nodes }) => nodes)
    const names = examples
      .filter(({ type, name }) => type.startsWith('hmonitor-') && name)
      .map(({ type, name }) => `${type} ${name}`)
    const addresses = examples.filter(({ type }) => type === 'http in').map(({ method, url }) => `${method} ${url}`)
    for (const all of [names, addresses])
      assert.deepEqual(
        all.filter((one, at) => all.indexOf(one) < at),
        [],
      )
  })

  it('that run in one runtime take no address twice', () => {
    const together = files.filter(({ role }) => role === 'shipped' || role === 'demo').flatMap(({ nodes }) => nodes)
    const addresses = together.filter(({ type }) => type === 'http in').map(({ method, url }) => `${method} ${url}`)
    assert.equal(new Set(addresses).size, addresses.length, addresses.join(', '))
  })
})
