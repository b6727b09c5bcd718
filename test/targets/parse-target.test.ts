import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTargetsSchema, resolved } from '../../scripts/generate-targets-schema.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'

const url = 'rtmp://relay.example/live/${STREAM_KEY}'
const sunday = { days: ['sun'], from: '09:45', to: '11:30', timezone: 'Europe/Berlin' }

const schema = readTargetsSchema()

/** The smallest entry of each kind: what it must have, as the schema gives it for an example. */
const SMALLEST = Object.fromEntries(
  Object.values(KINDS).map(({ kind, list }) => {
    const { properties = {}, required = [] } = resolved(schema, schema.properties[list]?.items ?? {})
    const examples = required.map((field) => [field, resolved(schema, properties[field] ?? {}).examples?.[0]])
    return [kind, Object.fromEntries(examples)]
  }),
) as Record<Kind, Record<string, unknown>>

/** A stream's entry that must be refused, its code, and what the error must say. */
const REFUSED: [entry: unknown, code: string, advice: RegExp][] = [
  [{ name: 'main', url, colour: 2 }, 'unknown-key', /^stream "main": unknown key "colour" \(known are name, url/],
  [
    { name: 'main', url, intervall: 2 },
    'unknown-key',
    /^stream "main": unknown key "intervall", did you mean "interval"\?$/,
  ],
  [{ name: 'main' }, 'invalid-target', /"url" is missing/],
  [{ url }, 'invalid-target', /^stream: "name" is missing/],
  [{ name: 'main', url: 7 }, 'invalid-target', /"url" must be text in quotes/],
  [{ name: 'main', url: '' }, 'invalid-target', /"url"/],
  [{ name: 'main', url: '-i /etc/passwd' }, 'invalid-target', /does not begin with -/],
  [{ name: 'main', url: '-rtmp://a/b' }, 'invalid-target', /does not begin with -/],
  [{ name: 'main', url: 'rtmp://a/b\nc' }, 'invalid-target', /without spaces/],
  [{ name: 'main', url: `rtmp://a/${'x'.repeat(3000)}` }, 'invalid-target', /longer than 2048/],
  [{ name: 'main', url: 'file:///etc/passwd' }, 'forbidden-protocol', /^stream "main": /],
  [{ name: 'main', url: 'rtmp://a.rtmp.youtube.com/live2/${KEY}' }, 'publish-only', /^stream "main": /],
  [{ name: 'main', url: 'rtmp://a/live#b', key: 'c' }, 'invalid-target', /^stream "main": the key stands in "url"/],
  [{ name: 'main', url, key: 'a b' }, 'invalid-target', /"key" must be text without spaces/],
  [{ name: 'main', url, interval: 0 }, 'invalid-target', /"interval" must be at least 1, not 0/],
  [{ name: 'main', url, interval: 1e9 }, 'invalid-target', /"interval" must be at most 3600/],
  [{ name: 'main', url, interval: '1' }, 'invalid-target', /"interval" must be a number/],
  [{ name: 'main', url, interval: Number.NaN }, 'invalid-target', /"interval" must be a number/],
  [{ name: 'main', url, stallAfter: 0 }, 'invalid-target', /"stallAfter" must be at least 1/],
  [{ name: 'main', url, media: 'sound' }, 'invalid-target', /"media" must be one of "both", "video", "audio"/],
  [
    { name: 'main', url, checks: 'all' },
    'invalid-target',
    /"checks" must be one of "packets", "content", "full", "auto"/,
  ],
  [{ name: 'main', url, expected: [{ days: ['sun'] }] }, 'invalid-target', /"expected\.0" lacks "from"/],
  [{ name: 'main', url, expected: [] }, 'invalid-target', /"expected" must have at least 1 entry/],
  [
    { name: 'main', url, expected: [{ ...sunday, from: '9:45' }] },
    'invalid-target',
    /"expected\.0\.from" must be a time/,
  ],
  [{ name: 'main', url, expected: [{ ...sunday, day: 1 }] }, 'unknown-key', /"expected\.0" has unknown key "day"/],
  [
    { name: 'main', url, expected: [{ ...sunday, days: ['sunday'] }] },
    'invalid-target',
    /"expected\.0\.days\.0" must be/,
  ],
  [
    { name: 'main', url, expected: [{ ...sunday, timezone: 'CEST!' }] },
    'invalid-target',
    /"expected\.0\.timezone" is no/,
  ],
  [{ name: 'main', url, expected: 'never' }, 'invalid-target', /"expected" must be one of "always", "manual"/],
  [{ name: 'main', url, profile: 'tiktok' }, 'unknown-profile', /no profile "tiktok"; there are youtube, .*custom/],
  [{ name: 'main', url, profile: 'a', profiles: { a: { extends: 'b' } } }, 'unknown-profile', /no profile "b"/],
  [{ name: 'main', url, profiles: { a: { limit: {} } } }, 'unknown-key', /"profiles.a" has unknown key "limit"/],
  [
    { name: 'main', url, limits: { gopLong: {} } },
    'invalid-target',
    /limits: there is no check "gopLong"; there are .*gopSizeLong/,
  ],
  [
    { name: 'main', url, limits: { gopSizeLong: { hold: 3 } } },
    'unknown-key',
    /"limits.gopSizeLong" has unknown key "hold"/,
  ],
  [{ name: 'main', url, rateControl: 'abr' }, 'invalid-target', /"rateControl" must be one of/],
  [{ name: 'main', url, labels: { room: 2 } }, 'invalid-target', /"labels.room" must be text in quotes/],
  [{ name: 'main', url, labels: { 'a-b': 'x' } }, 'invalid-target', /"labels" must have names of letters/],
  [{ name: 'main', url, labels: { target: 'x' } }, 'invalid-target', /"target" is reserved/],
  [{ name: 'main', url, labels: { room: 'a\nb' } }, 'invalid-target', /without line breaks/],
  [{ name: 'main', url, labels: { room: '${ROOM}' } }, 'invalid-target', /without \$\{ }/],
  [{ name: 'main', url, dependsOn: ['a', 'a'] }, 'invalid-target', /must not name anything twice/],
  [{ name: ' main', url }, 'invalid-target', /^stream: "name" must be 1 to 64 letters/],
  [{ name: '', url }, 'invalid-target', /"name" must be/],
  [{ name: '${SITE}', url }, 'invalid-target', /"name" must be/],
  [{ name: 'a"b', url }, 'invalid-target', /"name" must be/],
  [{ name: 'rtmp://relay.example/live/x', url }, 'invalid-target', /^stream: "name" must be/],
  [{ name: 'n'.repeat(65), url }, 'invalid-target', /longer than 64/],
  [{ name: 'main', url, interval: 0, media: 1 }, 'invalid-target', /"interval".*; "media"/],
  ['main', 'invalid-target', /^stream: it must be an object/],
  [null, 'invalid-target', /^stream: it must be an object/],
  [[], 'invalid-target', /^stream: it must be an object/],
]

describe('an entry of the targets', () => {
  it('of a stream needs only name and URL', () => {
    assert.deepEqual(parseTarget(KINDS.stream, SMALLEST.stream), {
      name: 'main',
      url,
      interval: 1,
      checks: 'packets',
      media: 'both',
      expected: 'manual',
      stallAfter: null,
      eventMinutes: null,
      objective: 99.5,
      verifyTls: true,
      profile: null,
      profiles: {},
      backupOf: null,
      shardKey: null,
      rateControl: null,
      stillPicture: 'allowed',
      picture: null,
      reader: 'auto',
      variant: null,
      limits: {},
      labels: {},
      dependsOn: [],
      platform: null,
    })
  })

  for (const kind of kindsOf(KINDS)) {
    it(`of kind ${kind} is checked by its own definition, and comes back the same when sent as a message`, () => {
      const parsed = parseTarget(KINDS[kind], SMALLEST[kind])
      assert.deepEqual(parseTarget(KINDS[kind], JSON.parse(JSON.stringify(parsed))), parsed)
      assert.throws(() => parseTarget(KINDS[kind], { ...SMALLEST[kind], extra: 1 }), { code: 'unknown-key' })
    })
  }

  it('takes names in any script, with spaces and the usual marks', () => {
    for (const name of ['a', '1', 'Main Hall (east)', 'Überträger_2', 'ホール/1', 'cam:1.a+b#c@d']) {
      assert.equal(parseTarget(KINDS.stream, { name, url }).name, name)
    }
  })

  it('shares nothing with what it was made from, which stays as it was', () => {
    const labels = { hall: 'east' }
    const entry = { name: 'main', url, labels }
    const parsed = parseTarget(KINDS.stream, entry)
    labels.hall = 'west'
    assert.equal(parsed.labels.hall, 'east')
    assert.deepEqual(Object.keys(entry), ['name', 'url', 'labels'])
  })

  for (const [entry, code, advice] of REFUSED) {
    it(`is refused with ${code}: ${JSON.stringify(entry)?.slice(0, 80)}`, () => {
      assert.throws(
        () => parseTarget(KINDS.stream, entry),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, code)
          assert.match(error.message, advice)
          return true
        },
      )
    })
  }

  it('is refused with a key in the wrong place without showing it', () => {
    const key = 'Abc9-s3cret-key'
    const wrong = [
      { name: 'main', url: 5, interval: key },
      { name: `rtmp://a/live/${key}`, url: key },
      { name: `rtmp://a/live/${key} `, url },
      { name: 'main', url: `rtmp://a/b ${key}` },
      { name: 'main', url: `ftp://u:${key}@a/${key}` },
      { name: 'main', url, [key]: 1, media: key, profile: key, labels: { x: 5, [key]: key }, dependsOn: key },
    ]
    for (const entry of wrong) {
      assert.throws(
        () => parseTarget(KINDS.stream, entry),
        (error: Error) => !error.message.includes('s3cret') || assert.fail(error.message),
      )
    }
  })
})
