import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { RULES_FOLDER } from '../../scripts/alert-table.ts'
import { FILE, text } from '../../scripts/generate-kubernetes-rules.ts'

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url))

interface Resource {
  kind: string
  metadata?: { name: string }
  resources?: string[]
  replicas?: { count: number }[]
  replacements?: unknown[]
  spec?: Record<string, unknown> & { groups?: { rules: unknown[] }[] }
}

const resourcesIn = (path: string) =>
  parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as Resource)

const kustomizations = ['base', ...readdirSync(join(FOLDER, 'overlays')).map((name) => `overlays/${name}`)]

describe('deploy/kubernetes', () => {
  it('has the very rules of Prometheus; else run `npm run generate`', () => {
    assert.equal(readFileSync(FILE, 'utf8'), text())
    const inFiles = readdirSync(RULES_FOLDER).flatMap((file) => parsed(readFileSync(join(RULES_FOLDER, file), 'utf8')))
    const inResources = parsed(text())
    assert.deepEqual(inResources, inFiles)
  })

  it('names in each kustomization every file that is there, and no other', () => {
    for (const place of kustomizations) {
      const files = readdirSync(join(FOLDER, place)).filter((name) => /\.yaml$/.test(name))
      const [kustomization] = resourcesIn(join(FOLDER, place, 'kustomization.yaml'))
      const named = kustomization?.resources?.filter((name) => !name.startsWith('..')) ?? []
      assert.deepEqual(['kustomization.yaml', ...named].sort(), files.sort(), place)
    }
  })

  it('changes the number of monitors only where it tells them the number', () => {
    for (const place of kustomizations) {
      const [kustomization] = resourcesIn(join(FOLDER, place, 'kustomization.yaml'))
      assert.equal(kustomization?.replicas !== undefined, kustomization?.replacements !== undefined, place)
    }
  })

  it('sets no variable that the monitor or the relay does not know', () => {
    const known = new Set(
      VARIABLE_GROUPS.flatMap(({ variables }) => variables.flatMap(({ name }) => [name, `${name}_FILE`])),
    )
    const set = readFileSync(join(FOLDER, 'base/stateful-set.yaml'), 'utf8').matchAll(/- name: ([A-Z][A-Z_]+)$/gm)
    const names = [...set].map(([, name = '']) => name)
    assert.ok(names.length > 6)
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
    )
  })
})

/** All rules of one file, or of several resources. */
function parsed(yaml: string): unknown[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const { groups, spec } = document.toJS() as { groups?: object[]; spec?: { groups: object[] } }
    return groups ?? spec?.groups ?? []
  })
}
