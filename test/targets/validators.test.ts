import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import { TARGET_TYPES, targetTypes } from '../../scripts/generate-target-types.ts'
import { entryOf, PUBLISHED_SCHEMA, publishedSchema, readTargetsSchema } from '../../scripts/generate-targets-schema.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import { dialogs } from '../../src/targets/validators.generated.js'
import { temporaryFolder } from './fixtures.ts'

const root = new URL('../../', import.meta.url)
const profilesFile = new URL('src/health/profiles/profile.schema.json', root)
const generated = new URL('src/targets/validators.generated.js', root)

/** A file with an entry of several kinds. */
const EXAMPLE = {
  site: 'main-hall',
  streams: [
    {
      name: 'main',
      url: 'rtmp://relay.example/live/${STREAM_KEY}',
      profile: 'youtube',
      interval: 1,
      checks: 'packets',
      expected: 'manual',
      labels: { programme: 'sunday' },
      dependsOn: ['encoder', 'gateway', 'ingest'],
      platform: 'sunday-service',
    },
  ],
  hosts: [{ name: 'gateway', address: '192.0.2.1', interval: 5, count: 5, control: true }],
  services: [{ name: 'ingest', url: 'rtmps://ingest.example:443/live', interval: 10 }],
  bandwidth: [{ name: 'uplink', url: 'https://speed.example/upload', direction: 'up', interval: 600 }],
  webPresenters: [{ name: 'encoder', address: '192.0.2.20', protocol: 'rest', interval: 1 }],
  vimeo: [{ name: 'sunday-service', liveEvent: '12345', interval: 15 }],
}

describe('the published schema of the targets', async () => {
  const text = await readFile(PUBLISHED_SCHEMA, 'utf8')
  const schema = JSON.parse(text)
  const profiles = JSON.parse(await readFile(profilesFile, 'utf8'))
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, schemas: [profiles] }).compile(
    schema,
  )

  it('is made of the parts that lie with the kinds: else run npm run generate', () => {
    assert.equal(text, publishedSchema())
    assert.doesNotMatch(text, /x-dialog/)
  })

  it('accepts the file of the design, and what an editor puts before it', () => {
    assert.ok(validate({ $schema: './targets.schema.json', ...EXAMPLE }), JSON.stringify(validate.errors))
  })

  it('accepts its own examples', () => {
    for (const example of schema.examples) assert.ok(validate(example), JSON.stringify(validate.errors))
  })

  it('knows a list for every kind and refuses any other key', () => {
    assert.deepEqual(
      Object.values(KINDS).map(({ kind }) => kind),
      Object.keys(KINDS),
    )
    for (const { list } of Object.values(KINDS)) assert.ok(list in schema.properties, list)
    assert.ok(!validate({ stream: [] }))
  })

  it('lets nothing through in any definition that it does not describe, and describes every key', () => {
    const definitions = { ...profiles.$defs, ...schema.$defs }
    for (const { list } of Object.values(KINDS)) {
      const definition = schema.$defs[schema.properties[list].items.$ref.split('/').at(-1)]
      assert.equal(definition.additionalProperties, false, list)
      for (const [key, value] of Object.entries<Record<string, string>>(definition.properties)) {
        const described = value.description ?? definitions[value.$ref?.split('/').at(-1) ?? '']?.description
        assert.ok(described, `${list}.${key} has no description`)
      }
    }
  })

  it('says the same of an entry as the validators that were made from it', () => {
    for (const { list, kind } of Object.values(KINDS)) {
      const [entry] = EXAMPLE[list as 'streams']
      const broken = Object.keys(entry ?? {}).map((key) => ({ ...entry, [key]: { no: 'such value' } }))
      for (const candidate of [entry, ...broken, {}, 7, { ...entry, more: 1 }]) {
        let isAccepted = true
        try {
          parseTarget(KINDS[kind], candidate)
        } catch {
          isAccepted = false
        }
        assert.equal(isAccepted, validate({ [list]: [candidate] }), `${list}: ${JSON.stringify(candidate)}`)
      }
    }
  })
})

describe('what is made of the schema', () => {
  it('is the types of the targets', async () => {
    assert.equal(await readFile(TARGET_TYPES, 'utf8'), targetTypes())
  })

  for (const { kind, list } of Object.values(KINDS)) {
    it(`is a dialog that asks for every field of a ${kind} but how several monitors share a file`, () => {
      const { definition } = entryOf(readTargetsSchema(), list)
      const asked = dialogs[kind].fields.map(({ field }) => field)
      for (const field of Object.keys(definition.properties ?? {})) {
        assert.equal(asked.includes(field), field !== 'shardKey', field)
      }
    })

    it(`is a new node whose ${kind} has the defaults of the schema`, () => {
      const empty = new Set(['', '{}'])
      const address = { stream: 'rtmp://a/b', service: 'tcp://a:1', bandwidth: 'iperf3://a', platform: 'next' }
      const where = address[kind as 'stream'] ?? '192.0.2.1'
      const bare = { name: 'main', [KINDS[kind].field]: where }
      const values = Object.fromEntries(
        dialogs[kind].fields
          .filter(({ field, input }) => field !== undefined && input !== 'labels' && input !== 'list')
          .filter(({ preset }) => !empty.has(String(preset)))
          .map(({ field = '', input, preset }) => [field, input === 'number' ? Number(preset) : preset]),
      )
      const target = parseTarget(KINDS[kind], bare)
      assert.deepEqual(parseTarget(KINDS[kind], { ...values, ...bare }), target)
    })
  }
})

describe('the validators', () => {
  it('need nothing at run time but themselves', async () => {
    await promisify(execFile)(process.execPath, [fileURLToPath(new URL('scripts/generate-validators.ts', root))])
    const alone = join(temporaryFolder(), 'validators.mjs')
    await copyFile(generated, alone)
    const { validators } = await import(alone)
    assert.equal(validators.stream({ name: 'main', url: 'rtmp://a/b' }), true)
    assert.equal(validators.stream({ name: 'main', url: 5 }), false)
  })
})
