import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { createProfiles, NO_LIMITS, SHIPPED_PROFILES } from '../../src/health/profile-lookup.ts'

const folder = fileURLToPath(new URL('../../src/health/profiles', import.meta.url))
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const schema = read('profile.schema.json')
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, schemas: [schema] })

function errorsOf(reference: string, value: unknown): string {
  const validate = ajv.getSchema(reference)
  assert.ok(validate, reference)
  validate(value)
  return ajv.errorsText(validate.errors)
}

describe('the shipped profiles', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'profile.schema.json')

  for (const file of files) {
    it(`${file} keeps the schema, and is the profile of its name`, () => {
      assert.equal(errorsOf('profile.schema.json', read(file)), 'No errors')
      assert.equal(`${read(file).name}.json`, file)
      assert.ok(SHIPPED_PROFILES.some(({ name }) => `${name}.json` === file))
    })
  }

  it('are YouTube, Vimeo, Twitch, Facebook and one without limits', () => {
    assert.deepEqual(createProfiles().names, ['youtube', 'vimeo', 'twitch', 'facebook', 'custom'])
    assert.deepEqual(createProfiles().get('custom').limits, NO_LIMITS)
  })

  it('give a source for every limit: a document of theirs, or why we chose it', () => {
    for (const { name, documents, limits } of SHIPPED_PROFILES) {
      const used = new Set<string>()
      for (const [limit, value] of Object.entries(limits)) {
        assert.ok(value?.sources?.length, `${name} ${limit}`)
        for (const { document, section } of value.sources) {
          assert.ok(document === 'own' || document in documents, `${name} ${limit}: ${document}`)
          assert.ok(section.length > 5, `${name} ${limit}`)
          used.add(document)
        }
      }
      for (const document of Object.keys(documents)) assert.ok(used.has(document), `${name} does not use ${document}`)
    }
  })

  it('hold no range that could never be met', () => {
    for (const { name, limits } of SHIPPED_PROFILES) {
      const own = createProfiles({ [name]: { limits } })
      assert.doesNotThrow(() => own.get(name))
    }
  })

  it('order their bitrates from the smallest picture to the largest, each once', () => {
    for (const { name, limits } of SHIPPED_PROFILES) {
      const sizes = (limits.videoBitrate?.rows ?? []).map(({ lines, frameRate }) => lines * 1000 + frameRate)
      assert.deepEqual(
        sizes,
        [...new Set(sizes)].sort((a, b) => a - b),
        name,
      )
    }
  })
})

describe('the schema of profiles of the user', () => {
  const errors = (value: unknown) => errorsOf('profile.schema.json#/$defs/userProfiles', value)

  it('takes a profile of one limit, one that extends another, and one that takes a limit away', () => {
    const own = {
      relay: { title: 'Our relay', limits: { bFrames: { max: 0 } } },
      'youtube-4s': { extends: 'youtube', limits: { keyframeInterval: { max: 6, excessive: null } } },
      youtube: { limits: { audioBitrate: null } },
    }
    assert.equal(errors(own), 'No errors')
  })

  it('refuses what it does not know, and numbers that are none', () => {
    assert.match(errors({ relay: { limit: {} } }), /additional properties/)
    assert.match(errors({ relay: { limits: { keyFrames: {} } } }), /additional properties/)
    assert.match(errors({ relay: { limits: { frameRate: { max: -1 } } } }), /must be > 0/)
    assert.match(errors({ relay: { limits: { frameRate: { max: '60' } } } }), /must be number/)
    assert.match(errors({ relay: { limits: { videoCodec: { allowed: [] } } } }), /fewer than 1/)
    assert.match(errors({ 'Our relay': {} }), /property name/)
  })
})
