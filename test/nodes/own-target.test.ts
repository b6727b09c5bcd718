import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownTarget } from '../../src/nodes/ffprobe/own-target.ts'

const server = 'rtmp://relay.example/live'
const read = (config: object, key = '', environment: Record<string, string> = {}) =>
  ownTarget('n1', { name: 'main', url: server, ...config }, key, (name) => environment[name] ?? '')

describe('the stream of a dialog', () => {
  it('is none without an address', () => {
    for (const url of ['', '   ', undefined]) assert.equal(read({ url }), null)
  })

  it('has the defaults of the targets file where a flow leaves things out', () => {
    const { target } = read({}) ?? {}
    assert.deepEqual(
      { interval: target?.interval, media: target?.media, expected: target?.expected, verifyTls: target?.verifyTls },
      { interval: 1, media: 'both', expected: 'manual', verifyTls: true },
    )
    assert.deepEqual([target?.stallAfter, target?.checks], [null, 'packets'])
  })

  it('takes what the dialog says, numbers as text too', () => {
    const fields = {
      ...{ interval: '5', stallAfter: '3.5', media: 'audio', expected: 'always', verifyTls: false },
      checks: 'content',
    }
    const { target } = read({ ...fields, labels: { programme: 'sunday' } }) ?? {}
    assert.equal(target?.interval, 5)
    assert.equal(target?.stallAfter, 3.5)
    assert.equal(target?.media, 'audio')
    assert.equal(target?.checks, 'content')
    assert.equal(target?.expected, 'always')
    assert.equal(target?.verifyTls, false)
    assert.deepEqual(target?.labels, { programme: 'sunday' })
  })

  it('is expected at the times of the week that the dialog lists', () => {
    const windows = [{ days: ['sun'], from: '09:45', to: '11:30', timezone: 'Europe/Berlin' }]
    assert.deepEqual(read({ expected: 'windows', windows })?.target.expected, windows)
    assert.equal(read({ expected: 'manual', windows })?.target.expected, 'manual')
    assert.throws(() => read({ expected: 'windows', windows: [] }), { code: 'invalid-target' })
    const nowhere = [{ ...windows[0], timezone: 'Middle/Earth' }]
    assert.throws(() => read({ expected: 'windows', windows: nowhere }), /timezone.*Europe\/Berlin/)
  })

  it('is held to the limits that the dialog has as JSON', () => {
    const limits = { notMeasured: { enterHold: 20 }, openGop: null }
    const profileLimits = { keyframeInterval: { max: 4 } }
    const { target } =
      read({ profile: 'youtube', limits: JSON.stringify(limits), profileLimits: JSON.stringify(profileLimits) }) ?? {}
    assert.deepEqual(target?.limits, limits)
    assert.deepEqual(target?.profiles, { youtube: { limits: profileLimits } })
    assert.deepEqual(read({ limits, profile: 'custom', profileLimits })?.target.profiles, {
      custom: { limits: profileLimits },
    })
    for (const none of ['', '{}', {}, undefined]) {
      const bare = read({ profile: 'youtube', limits: none, profileLimits: none })?.target
      assert.deepEqual([bare?.limits, bare?.profiles], [{}, {}])
    }
    assert.deepEqual(read({ profileLimits: 'not asked for without a profile' })?.target.profiles, {})
  })

  it('is refused for limits that are none, by the name of the field', () => {
    for (const limits of ['{', '[]', '7', 'null', '"text"', []]) {
      assert.throws(() => read({ limits }), {
        code: 'invalid-target',
        message: /of this node: "limits" must be a JSON object/,
      })
      assert.throws(() => read({ profile: 'youtube', profileLimits: limits }), /"profileLimits" must be a JSON object/)
    }
    assert.throws(() => read({ limits: '{"nonsense": null}' }), /no check "nonsense"/)
    assert.throws(() => read({ profile: 'yuotube' }), { code: 'unknown-profile' })
    assert.throws(() => read({ profile: 'yuotube', profileLimits: '{"bFrames": null}' }), { code: 'unknown-profile' })
    assert.throws(() => read({ profile: 'youtube', profileLimits: '{"nonsense": 1}' }), /nonsense/)
  })

  it('joins address and key as OBS does, and holds only the name of the key', () => {
    for (const [url, key] of [
      [server, 'sesame'],
      [`${server}/`, 'sesame'],
      [server, '/sesame'],
    ] as const) {
      const own = read({ url }, key)
      assert.equal(own?.target.url, `${server}/\${node.n1.key}`)
      assert.deepEqual([...(own?.secrets ?? [])], [['node.n1.key', 'sesame']])
    }
  })

  it('keeps the value of a variable as a secret too', () => {
    const own = read({ url: `${server}/\${KEY}` }, '', { KEY: 'sesame' })
    assert.equal(own?.target.url, `${server}/\${node.n1.KEY}`)
    assert.deepEqual([...(own?.secrets ?? [])], [['node.n1.KEY', 'sesame']])
  })

  it('is called after its server where it has no name', () => {
    for (const [url, name] of [
      [server, 'relay.example'],
      ['rtmp://user:sesame@relay.example:1935/live', 'relay.example'],
      ['rtmp://[2001:db8::1]/live', 'stream'],
    ] as const) {
      assert.equal(read({ name: '', url })?.target.name, name)
    }
  })

  const wrong: [what: string, config: object, code: string][] = [
    ['a variable that is not set', { url: `${server}/\${KEY}` }, 'missing-variable'],
    ['an interval of 0', { interval: '0' }, 'invalid-target'],
    ['an interval in words', { interval: 'often' }, 'invalid-target'],
    ['a forbidden protocol', { url: 'file:///etc/passwd' }, 'forbidden-protocol'],
    ['an address that only becomes wrong with its variable', { url: '${URL}' }, 'forbidden-protocol'],
    ['media that there are not', { media: 'smell' }, 'invalid-target'],
    ['labels that are a list', { labels: ['a'] }, 'invalid-target'],
  ]
  for (const [what, config, code] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => read(config, '', { URL: 'concat:a|b' }), { code })
    })
  }

  it('says nothing of a key in a refusal', () => {
    assert.throws(
      () => read({ url: 'gopher://relay.example/live' }, 'sesame'),
      ({ message }: Error) => !message.includes('sesame'),
    )
  })
})
