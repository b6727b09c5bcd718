import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ASSETS } from '../../deploy/elk/source/assets.ts'
import { ADDED_BY_PIPELINE } from '../../deploy/elk/source/fields.ts'
import { FILE, text } from '../../scripts/generate-elk-assets.ts'
import { portable } from '../../src/elk/portable.ts'
import { LOG_FIELDS } from '../../src/logs/log-fields.ts'
import { root } from '../runtime.ts'

interface Property {
  type?: string
  dynamic?: boolean
  properties?: Record<string, Property>
}
interface Mappings {
  dynamic: boolean
  dynamic_templates: Record<string, { path_match: string; mapping: { type: string } }>[]
  properties: Record<string, Property>
}

const bodyOf = (assets: typeof ASSETS, name: string): Record<string, unknown> => {
  const asset = assets.find((each) => each.name === name)
  assert.ok(asset, name)
  return asset.body
}
const templateOf = (assets: typeof ASSETS, name: string) =>
  bodyOf(assets, name).template as {
    settings: { index: Record<string, unknown> }
    mappings: Mappings
    data_stream_options?: unknown
  }

function leavesOf(properties: Record<string, Property>, path = ''): [string, Property][] {
  return Object.entries(properties).flatMap(([name, property]): [string, Property][] =>
    property.properties === undefined
      ? [[`${path}${name}`, property]]
      : leavesOf(property.properties, `${path}${name}.`),
  )
}

describe('the assets', () => {
  it('are generated from their source', () => {
    assert.equal(readFileSync(FILE, 'utf8'), text(), 'run: npm run generate')
  })

  it('are named by each other as they are called', () => {
    const names = new Set(ASSETS.map(({ name }) => name))
    const { index } = templateOf(ASSETS, 'rtmp_hmonitor@settings').settings as { index: Record<string, unknown> }
    const { composed_of, ignore_missing_component_templates: optional } = bodyOf(ASSETS, 'logs-rtmp_hmonitor') as {
      composed_of: string[]
      ignore_missing_component_templates: string[]
    }
    const named = [
      ...composed_of.filter((name) => !optional.includes(name) && name !== 'ecs@mappings'),
      index.default_pipeline,
      (index.lifecycle as { name: string }).name,
    ]
    for (const name of named) assert.ok(names.has(String(name)), String(name))
  })

  it('map every field that is written, and below hmonitor no other', () => {
    const { properties } = templateOf(ASSETS, 'rtmp_hmonitor@mappings').mappings
    const mapped = leavesOf(properties).map(([path]) => path)
    assert.deepEqual(mapped.toSorted(), [...Object.keys(LOG_FIELDS), ...Object.keys(ADDED_BY_PIPELINE)].toSorted())
    assert.equal(properties.hmonitor?.dynamic, false)
  })

  it('keep labels that are called as a type of ECS keywords, before anything of ECS is asked', () => {
    const { dynamic_templates } = templateOf(ASSETS, 'rtmp_hmonitor@mappings').mappings
    assert.deepEqual(dynamic_templates[0]?.labels, {
      path_match: 'labels.*',
      mapping: { type: 'keyword', ignore_above: 1024 },
    })
    const { composed_of } = bodyOf(ASSETS, 'logs-rtmp_hmonitor') as { composed_of: string[] }
    assert.ok(composed_of.indexOf('rtmp_hmonitor@mappings') < composed_of.indexOf('ecs@mappings'))
  })

  it('let whoever writes add lines, and nothing else', () => {
    assert.deepEqual(bodyOf(ASSETS, 'hmonitor_writer').indices, [
      { names: ['logs-rtmp_hmonitor.*'], privileges: ['auto_configure', 'create_doc'] },
    ])
  })
})

describe('the portable form', () => {
  const taken = portable(ASSETS)

  it('has what OpenSearch has', () => {
    assert.deepEqual(
      taken.map(({ kind }) => kind),
      ['component template', 'component template', 'ingest pipeline', 'index template', 'snapshot repository'],
    )
  })

  it('is without what is Elastic alone’s, wherever it stands', () => {
    const words = JSON.stringify(taken)
    for (const word of [
      ...['logsdb', 'lifecycle', 'data_stream_options', 'ignore_dynamic_beyond_limit', 'allow_auto_create'],
      ...['ecs@mappings', 'rtmp_hmonitor@custom', 'ignore_missing_pipeline', 'ignore_missing_component_templates'],
    ]) {
      assert.ok(JSON.stringify(ASSETS).includes(word), word)
      assert.ok(!words.includes(word), word)
    }
  })

  it('keeps everything else: settings, fields and steps', () => {
    const { settings } = templateOf(taken, 'rtmp_hmonitor@settings')
    assert.deepEqual(settings.index, {
      default_pipeline: 'rtmp_hmonitor@pipeline',
      number_of_shards: 1,
      auto_expand_replicas: '0-1',
      refresh_interval: '5s',
      mapping: { ignore_malformed: true, total_fields: { limit: 1000 } },
    })
    const before = new Map(leavesOf(templateOf(ASSETS, 'rtmp_hmonitor@mappings').mappings.properties))
    const after = leavesOf(templateOf(taken, 'rtmp_hmonitor@mappings').mappings.properties)
    assert.deepEqual(
      after.map(([path]) => path),
      [...before.keys()],
    )
    const changed = after.filter(([path, property]) => JSON.stringify(property) !== JSON.stringify(before.get(path)))
    assert.deepEqual(
      changed.map(([path]) => path),
      ['data_stream.dataset', 'data_stream.namespace'],
    )
    const { processors } = bodyOf(taken, 'rtmp_hmonitor@pipeline') as { processors: object[] }
    assert.deepEqual(
      processors.map((step) => Object.keys(step)[0]),
      ['set', 'set', 'remove'],
    )
  })

  it('leaves the original as it was', () => {
    assert.equal(JSON.stringify(ASSETS).includes('logsdb'), true)
  })
})

describe('docs/elk.md', () => {
  const page = readFileSync(join(root, 'docs/elk.md'), 'utf8')

  it('asks only for fields that are mapped', () => {
    const asked = [...page.matchAll(/```\n((?:FROM|GET \/logs)[\s\S]*?)```/g)].map(([, query = '']) => query)
    assert.ok(asked.length >= 3)
    for (const query of asked) {
      const named = [...query.matchAll(/\b(?:hmonitor|event|log)\.[a-z]\w*(?:\.\w+)*/g)].map(([path]) => path)
      assert.ok(named.length > 0, query)
      for (const path of named) assert.ok(path in LOG_FIELDS, path)
    }
  })

  it('names everything that is put into a cluster', () => {
    for (const { name } of ASSETS) assert.ok(page.includes(`\`${name}\``), name)
  })
})
