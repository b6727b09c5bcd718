/** What cannot read the table of kinds is held to it here. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { FILES_WITH_KINDS, text } from '../../scripts/generate-kind-lists.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { root } from '../runtime.ts'

describe('the table of kinds', () => {
  it('has each kind under its own name, and no list, variable or noun twice', () => {
    for (const [kind, descriptor] of Object.entries(KINDS)) assert.equal(descriptor.kind, kind)
    for (const key of ['list', 'variable', 'noun', 'label', 'title'] as const) {
      const values = Object.values(KINDS).map((descriptor) => descriptor[key])
      assert.deepEqual(values, [...new Set(values)], key)
    }
  })

  for (const file of FILES_WITH_KINDS) {
    it(`stands in ${file.split('/').slice(-2).join('/')}: else run npm run generate`, () => {
      const now = readFileSync(file, 'utf8')
      assert.equal(now, text(now))
      assert.ok(['|', '", "'].some((separator) => now.includes(Object.keys(KINDS).join(separator))))
    })
  }

  it('has a variable of each kind among those that the help lists', () => {
    const listed = VARIABLE_GROUPS.flatMap(({ variables }) => variables.map(({ name }) => name))
    for (const { variable } of Object.values(KINDS)) {
      assert.ok(listed.includes(variable), variable)
    }
  })

  it('names dashboards that there are', () => {
    for (const { docs } of Object.values(KINDS)) {
      readFileSync(join(root, 'deploy/grafana/dashboards', `${docs.dashboard}.json`))
    }
  })
})
