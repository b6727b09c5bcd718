import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { type OwnTargetRules, ownTarget } from '../../src/node-red/own-target.ts'
import { TEST_OF_DIALOG } from '../../src/nodes/bandwidth/bandwidth.ts'
import { STREAM_OF_DIALOG } from '../../src/nodes/ffprobe/ffprobe.ts'
import { HOST_OF_DIALOG } from '../../src/nodes/ping/ping.ts'
import { SERVICE_OF_DIALOG } from '../../src/nodes/service/service.ts'
import { EVENT_OF_DIALOG } from '../../src/nodes/vimeo/vimeo.ts'
import { ENCODER_OF_DIALOG } from '../../src/nodes/web-presenter/web-presenter.ts'
import type { Kind } from '../../src/observation/observation.ts'

const server = 'rtmp://relay.example/live'
const sourceOf = (values: object, credentials: object, environment: Record<string, string>) => ({
  id: 'n1',
  values: values as Record<string, unknown>,
  credentials: credentials as Record<string, unknown>,
  variable: (name: string) => environment[name] ?? '',
})
const read = (config: object, key = '', environment: Record<string, string> = {}) =>
  ownTarget(
    KINDS.stream,
    sourceOf({ name: 'main', url: server, ...config }, { streamKey: key }, environment),
    STREAM_OF_DIALOG,
  )

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

  it('says who may see a picture by three words', () => {
    const pictures = ['', 'emails', 'nobody', undefined].map((picture) => read({ picture })?.target.picture)
    assert.deepEqual(pictures, [null, true, false, null])
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

  it('keeps a key with a slash whole, whatever the server says of its application', () => {
    for (const url of [server, '${SERVER}', 'rtmps://relay.example/one/two/three']) {
      const own = read({ url }, 'church/main', { SERVER: server })
      const filled = own?.target.url.replace(/\$\{([^}]*)\}/g, (_, name: string) => own.secrets.get(name) ?? '')
      assert.equal(filled, `${url === '${SERVER}' ? server : url}#church/main`)
    }
  })

  it('adds the key of another protocol to the end of the address', () => {
    assert.equal(read({ url: 'srt://relay.example:9000?streamid=' }, 'a/b')?.target.url.split('=')[1], '${node.n1.key}')
    const own = read({ url: '${SERVER}' }, 'a.m3u8', { SERVER: 'https://relay.example/live' })
    assert.equal(own?.target.url, '${node.n1.SERVER}/${node.n1.key}')
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

const readEncoder = (config: object, environment: Record<string, string> = {}) =>
  ownTarget(KINDS.encoder, sourceOf({ address: '192.0.2.20', ...config }, {}, environment), ENCODER_OF_DIALOG)

describe('the encoder of a dialog', () => {
  it('is none without an address', () => {
    for (const address of ['', '  ', undefined]) assert.equal(readEncoder({ address }), null)
  })

  it('has the defaults of the targets file, and its address for a name', () => {
    assert.deepEqual(readEncoder({})?.target, {
      ...{ name: '192.0.2.20', address: '192.0.2.20', protocol: 'auto', expected: 'always', idle: 'allowed' },
      ...{ interval: 1, limits: {}, labels: {}, dependsOn: [] },
    })
  })

  it('takes what the dialog says, numbers as text too', () => {
    const fields = { name: 'main', protocol: 'ethernet', expected: 'manual', idle: 'fault', interval: '5' }
    const { target } = readEncoder({ ...fields, labels: { hall: 'east' } }) ?? {}
    assert.deepEqual(
      [target?.name, target?.protocol, target?.expected, target?.idle, target?.interval, target?.labels],
      ['main', 'ethernet', 'manual', 'fault', 5, { hall: 'east' }],
    )
  })

  it('keeps the value of a variable as a secret, and does not show it as its name', () => {
    const own = readEncoder({ address: '${HOST}:8080' }, { HOST: 'encoder.lan' })
    assert.deepEqual([own?.target.name, own?.target.address], ['encoder', '${node.n1.HOST}:8080'])
    assert.deepEqual([...(own?.secrets ?? [])], [['node.n1.HOST', 'encoder.lan']])
    assert.throws(() => readEncoder({ address: '${HOST}' }), { code: 'missing-variable' })
  })

  it('is refused where its address or its interval is none', () => {
    assert.throws(() => readEncoder({ address: 'http://192.0.2.20/' }), { code: 'invalid-target' })
    assert.throws(() => readEncoder({ interval: '0' }), { code: 'invalid-target' })
  })
})

/** Nodes of the flows that were shipped at revision c3db8fe, and what they watched then. */
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}-of-c3db8fe.json`, import.meta.url), 'utf8'))
const KIND_OF: Record<string, [Kind, OwnTargetRules]> = {
  'hmonitor-ffprobe': ['stream', STREAM_OF_DIALOG],
  'hmonitor-ping': ['ping', HOST_OF_DIALOG],
  'hmonitor-service': ['service', SERVICE_OF_DIALOG],
  'hmonitor-bandwidth': ['bandwidth', TEST_OF_DIALOG],
  'hmonitor-web-presenter': ['encoder', ENCODER_OF_DIALOG],
  'hmonitor-vimeo': ['platform', EVENT_OF_DIALOG],
}

/** What targets have come to have since, and what it is where nobody says otherwise. */
const SINCE: Partial<Record<Kind, object>> = {
  stream: { reader: 'auto', variant: null, picture: null, eventMinutes: null, objective: 99.5, shardKey: null },
  ping: { at: 'auto' },
  service: { at: 'auto' },
}

describe('the target of a dialog that was saved at revision c3db8fe', () => {
  const watched = fixture('targets')
  for (const node of fixture('flow').filter(({ type }: { type: string }) => type in KIND_OF)) {
    it(`is what it was, of ${node.type.replace('hmonitor-', '')} "${node.name || node.id}"`, () => {
      const [kind, rules] = KIND_OF[node.type] ?? ['stream', STREAM_OF_DIALOG]
      const source = { id: node.id, values: node, credentials: node.credentials ?? {}, variable: () => '' }
      const own = ownTarget(KINDS[kind], source, rules)
      const found = own && { target: own.target, secrets: Object.fromEntries(own.secrets) }
      const then = watched[node.id]
      assert.deepEqual(found, then && { ...then, target: { ...then.target, ...SINCE[kind] } })
    })
  }
})

describe('the fields that older dialogs did not have', () => {
  it('name other targets with commas between', () => {
    const fields = { dependsOn: 'encoder,  gateway ,ingest', platform: ' sunday-service ', stillPicture: 'fault' }
    const { target } = read(fields) ?? {}
    assert.deepEqual(target?.dependsOn, ['encoder', 'gateway', 'ingest'])
    assert.deepEqual([target?.platform, target?.stillPicture], ['sunday-service', 'fault'])
    assert.throws(() => read({ dependsOn: 'a, a' }), { code: 'invalid-target' })
  })

  it('say when a connection, a host or an event is expected, too', () => {
    const windows = [{ days: ['sun'], from: '09:45', to: '11:30', timezone: 'Europe/Berlin' }]
    const values = { url: 'https://speed.example/upload', expected: 'windows', windows }
    const test = ownTarget(KINDS.bandwidth, sourceOf(values, {}, {}), TEST_OF_DIALOG)
    assert.deepEqual(test?.target.expected, windows)
  })

  it('name more than the encoder of an event', () => {
    const values = { liveEvent: '12345', encoder: 'encoder, uplink' }
    const event = ownTarget(KINDS.platform, sourceOf(values, {}, {}), EVENT_OF_DIALOG)
    assert.deepEqual(event?.target.dependsOn, ['encoder', 'uplink'])
  })
})
