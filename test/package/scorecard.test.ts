/**
 * What the flow library's scorecard (node-red-dev) asks of a package, and what its parser cannot bear. The tool itself
 * needs the public catalogue. Codes are the tool's.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { configVersion, MIGRATIONS } from '../../src/node-red/config-version.ts'
import type { FlowNode } from '../runtime.ts'
import { root } from '../runtime.ts'
import { readPage } from './editor-page.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const sets: [name: string, file: string][] = Object.entries(manifest['node-red'].nodes)
/** What the dialog of a type with migrations lacks to make their steps too. */
function untaught({ type, properties }: { type: string; properties: string[] }, migrations: object): string[] {
  if (!(type in migrations)) return []
  return ['oneditprepare', 'oneditsave'].filter((name) => !properties.includes(name)).map((name) => `${type}: ${name}`)
}

const pages = sets.map(([name, file]) => ({ name, page: readPage(join(root, file.replace(/\.js$/, '.html'))) }))
const registrations = pages.flatMap(({ page }) => page.registrations)

const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, flow: JSON.parse(readFileSync(join(root, 'examples', name), 'utf8')) as FlowNode[] }))

/** Lowest version that `>=a.b.c` admits, as numbers. */
const lowest = (range: string) =>
  (/^>=(\d+)\.(\d+)(?:\.(\d+))?$/.exec(range) ?? []).slice(1).map((part) => Number(part ?? 0))

/** What the editor itself writes to a node: `status` is what stands under it, for example. */
const EDITORS_OWN = new Set(
  'id type z g l d x y w h wires ports info icon status valid changed dirty moved selected highlighted users credentials'.split(
    ' ',
  ),
)

describe('the package', () => {
  it('P01 says its licence and brings its text', () => {
    assert.equal(manifest.license, 'Apache-2.0')
    assert.ok(existsSync(join(root, 'LICENSE')))
  })

  it('P03 says where its source is', () => assert.match(manifest.repository.url, /^git\+https:/))

  it('P04 is scoped', () => assert.match(manifest.name, /^@[a-z-]+\/[a-z-]+$/))

  it('P05 has the keyword', () => assert.ok(manifest.keywords.includes('node-red')))

  it('P06 runs on the newest Node-RED', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node-red/package.json'), 'utf8'))
    assert.deepEqual(lowest(manifest['node-red'].version), [5, 0, 0])
    assert.match(version, /^5\./)
  })

  it('P07 runs on a Node that this Node-RED runs on, and needs no newer one than SQLite does', () => {
    assert.deepEqual(lowest(manifest.engines.node), [22, 13, 0])
  })

  it('D01 has six dependencies at most', () => assert.ok(Object.keys(manifest.dependencies).length <= 6))

  it('D02 brings none of the packages that are known to break others', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; dev?: boolean }>
    }
    const agents = Object.entries(packages).filter(([path, { dev }]) => /\/agent-base$/.test(path) && dev !== true)
    for (const [path, { version = '' }] of agents) assert.ok(Number.parseInt(version, 10) >= 6, `${path} ${version}`)
  })

  it('D03 admits newer releases of them', () => {
    for (const range of Object.values(manifest.dependencies)) assert.match(String(range), /^\^/)
  })

  it('lists every folder of nodes as a set of its own, named like its file', () => {
    assert.deepEqual(sets.map(([name]) => name).sort(), readdirSync(join(root, 'src/nodes')).sort())
    for (const [name, file] of sets) assert.equal(file, `dist/nodes/${name}/${name}.js`)
    for (const [, file] of sets) assert.ok(existsSync(join(root, file)), file)
  })
})

describe('the nodes', () => {
  it('register one type per set, which no other package has', () => {
    for (const { name, page } of pages) {
      assert.deepEqual(
        page.registrations.map(({ type }) => type),
        [`hmonitor-${name}`],
      )
    }
  })

  it('N02 are all shown in an example', () => {
    const shown = new Set(examples.flatMap(({ flow }) => flow.map(({ type }) => type)))
    const types = registrations.map(({ type }) => type)
    assert.deepEqual(
      types.filter((type) => !shown.has(type)),
      [],
    )
  })

  it('stand in one category of the palette, with a light colour and an icon of their own', () => {
    for (const { type, category, color = '', icon = '', properties } of registrations) {
      if (category === 'config') continue
      assert.equal(category, 'RTMP HMonitor', type)
      assert.ok(properties.includes('categoryDescription'), type)
      const [red = 0, green = 0, blue = 0] = (color.match(/[0-9A-F]{2}/gi) ?? []).map((hex) => Number.parseInt(hex, 16))
      // The editor writes on it in dark grey, in its dark theme too. Weights: ITU-R BT.601.
      assert.ok(0.299 * red + 0.587 * green + 0.114 * blue > 170, `${type}: ${color}`)
      const set = type.replace('hmonitor-', '')
      assert.ok(existsSync(join(root, 'dist/nodes', set, 'icons', icon)), `${type}: ${icon}`)
    }
    const icons = registrations.map(({ icon }) => icon).filter((icon) => icon !== undefined)
    assert.equal(new Set(icons).size, icons.length)
  })

  it('have no property that the editor keeps for itself', () => {
    for (const { type, defaults } of registrations) {
      assert.deepEqual(
        defaults.filter((name) => EDITORS_OWN.has(name)),
        [],
        type,
      )
    }
  })

  it('save the version of their config to which its migrations lead', () => {
    for (const { type, configVersion: saved } of registrations) assert.equal(saved, configVersion(type), type)
  })

  it('bring what an older version saved up to date when their dialog opens, and say so when it is left by Done', () => {
    assert.deepEqual(
      registrations.flatMap((registration) => untaught(registration, MIGRATIONS)),
      [],
    )
    // The editor hands a dialog what was saved, and saves no default without an input.
    const log = registrations.filter(({ type }) => type === 'hmonitor-log')
    const properties = (log[0]?.properties ?? []).filter((name) => !name.startsWith('onedit'))
    const both = [...properties, 'oneditprepare', 'oneditsave']
    const migrated = { 'hmonitor-log': [() => ({})] }
    assert.deepEqual(
      log.flatMap((known) => untaught({ ...known, properties }, migrated)),
      ['hmonitor-log: oneditprepare', 'hmonitor-log: oneditsave'],
    )
    assert.deepEqual(
      log.flatMap((known) => untaught({ ...known, properties: both }, migrated)),
      [],
    )
  })

  it('name their ports', () => {
    for (const { type, properties, inputs, outputs } of registrations) {
      if (inputs > 0) assert.ok(properties.includes('inputLabels'), type)
      if (outputs > 0) assert.ok(properties.includes('outputLabels'), type)
    }
  })

  it('have a field in the dialog for every property and credential', () => {
    for (const { page } of pages) {
      for (const { type, category, defaults, credentials } of page.registrations) {
        const dialog = page.dialogs.get(type) ?? ''
        const prefix = category === 'config' ? 'node-config-input' : 'node-input'
        for (const property of [...defaults, ...credentials]) {
          // Nobody sets it.
          if (property === 'configVersion') continue
          assert.match(dialog, new RegExp(`id="${prefix}-${property}(-container)?"`), `${type}: ${property}`)
        }
      }
    }
  })

  it('have examples that can be imported', () => {
    for (const { name, flow } of examples) assert.ok(Array.isArray(flow), name)
  })
})
