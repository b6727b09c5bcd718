import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import { parseCommand } from '../../src/targets/command.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { streams, Told, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
let files = 0

/** Writes a new file and returns its path. */
function write(content: string): string {
  files += 1
  const path = join(folder, `targets-${files}.json`)
  writeFileSync(path, content)
  return path
}

/** What a file leads to, without watching it any further. */
async function load(content: unknown, environment: Record<string, string> = {}): Promise<Told> {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const told = await new Told({ TARGETS_FILE: write(text), ...environment }).start()
  told.stop()
  return told
}

const SECRET = 'Abc9-s3cret-key'

describe('the targets file', () => {
  it('becomes a watch for every entry and then a keep for every kind', async () => {
    const { newest } = await load({
      $schema: './targets.schema.json',
      site: 'main-hall',
      streams: [{ name: 'main', url: 'rtmp://relay.example/live/main', labels: { programme: 'sunday' } }],
      hosts: [{ name: 'gateway', address: '192.0.2.1', interval: 5, count: 5, control: true }],
      services: [{ name: 'ingest', url: 'rtmps://ingest.example:443/live', interval: 10 }],
      bandwidth: [{ name: 'uplink', url: 'https://speed.example/upload', direction: 'up', interval: 600 }],
      webPresenters: [{ name: 'encoder', address: '192.0.2.20', protocol: 'rest', interval: 1 }],
      vimeo: [{ name: 'sunday-service', liveEvent: '12345', interval: 15 }],
    })
    assert.deepEqual(newest.rejected, [])
    assert.equal(newest.site, 'main-hall')
    assert.deepEqual(
      newest.watches.map(({ kind, owner }) => [kind, owner]),
      kindsOf(KINDS).map((kind) => [kind, 'node']),
    )
    assert.deepEqual(
      newest.keeps.map(({ kind, names }) => [kind, names]),
      [
        ['stream', ['main']],
        ['ping', ['gateway']],
        ['service', ['ingest']],
        ['bandwidth', ['uplink']],
        ['encoder', ['encoder']],
        ['platform', ['sunday-service']],
      ],
    )
  })

  it('sends what a probe node takes', async () => {
    const { newest } = await load(streams({ main: `rtmp://relay.example/live/${SECRET}` }))
    for (const message of [...newest.watches, ...newest.keeps]) {
      assert.deepEqual(parseCommand(JSON.parse(JSON.stringify(message))), message)
    }
  })

  it("gives the file's own profiles to the streams that name one", async () => {
    const profiles = { 'our-cdn': { extends: 'youtube', limits: { keyframeInterval: { max: 2 } } } }
    const stream = { name: 'main', url: 'rtmp://relay.example/live/main', profile: 'our-cdn' }
    const { newest } = await load({ profiles, streams: [stream] })
    assert.deepEqual(newest.rejected, [])
    const { target } = newest.watches[0] ?? assert.fail('no watch')
    assert.deepEqual((target as StreamTarget).profiles, profiles)
    const wrong = await load({ profiles: { 'our-cdn': { limits: { gop: 2 } } }, streams: [stream] })
    assert.deepEqual(
      wrong.newest.rejected.map(({ entry, code }) => [entry, code]),
      [
        ['profiles', 'invalid-profile'],
        ['streams[0] "main"', 'unknown-profile'],
      ],
    )
  })

  it('rejects what is wrong by name and watches the rest', async () => {
    const told = await load({
      streams: [
        { name: 'good', url: 'rtmp://relay.example/live/good' },
        { name: 'good', url: 'rtmp://relay.example/live/other' },
        { name: 'typo', url: 'rtmp://relay.example/live/x', intervall: 2 },
        { name: 'disk', url: 'file:///etc/passwd' },
        { name: 'keyless', url: 'rtmp://relay.example/live/${NO_SUCH_KEY}' },
        'nonsense',
        { name: 'also-good', url: 'rtmp://relay.example/live/also' },
      ],
      hosts: [{ name: 'good', address: '192.0.2.1' }],
      stream: [],
      services: {},
      site: 7,
    })
    assert.deepEqual(told.names, ['good', 'also-good', 'good'])
    assert.deepEqual(
      told.newest.rejected.map(({ entry, code }) => [entry, code]),
      [
        ['the file', 'unknown-key'],
        ['services', 'invalid-target'],
        ['site', 'invalid-target'],
        ['streams[1] "good"', 'duplicate-target'],
        ['streams[2] "typo"', 'unknown-key'],
        ['streams[3] "disk"', 'forbidden-protocol'],
        ['streams[5]', 'invalid-target'],
        ['streams[4] "keyless"', 'missing-variable'],
      ],
    )
    assert.match(told.rejections[0] ?? '', /unknown key "stream"/)
    assert.match(told.rejections[3] ?? '', /streams\[0\] "good" has the same name/)
    assert.match(told.rejections[7] ?? '', /^streams\[4\] "keyless": .*NO_SUCH_KEY/)
    for (const { entry, message } of told.newest.rejected) assert.ok(message.startsWith(`${entry}: `), message)
  })

  for (const [what, content, code, advice] of [
    ['is malformed', '{"streams": [\n  {"name": "a" "url": "b"}]}', 'invalid-file', /line 2, column 16: a comma/],
    ['is empty', '', 'invalid-file', /the file is empty/],
    ['is a list', '[]', 'invalid-file', /must be an object/],
    [
      'is larger than a megabyte',
      `{"site": "${'x'.repeat(1024 * 1024)}"}`,
      'invalid-file',
      /larger than 1048576 bytes/,
    ],
  ] as const) {
    it(`that ${what} is rejected as a whole and ends nothing`, async () => {
      const told = await load(content)
      assert.deepEqual([told.newest.watches, told.newest.keeps], [[], []])
      assert.deepEqual(
        told.newest.rejected.map((rejection) => rejection.code),
        [code],
      )
      assert.match(told.rejections[0] ?? '', advice)
      assert.ok(told.rejections[0]?.startsWith(join(folder, 'targets-')), 'names the file')
    })
  }

  it('may begin with a byte order mark, but must be UTF-8', async () => {
    assert.deepEqual((await load(`\uFEFF${streams({ main: 'rtmp://a/live/b' })}`)).names, ['main'])
    const path = write('')
    writeFileSync(path, Buffer.from(streams({ main: 'rtmp://a/live/b' }), 'utf16le'))
    const told = await new Told({ TARGETS_FILE: path }).start()
    told.stop()
    assert.match(told.rejections[0] ?? '', /UTF-8|line 1/)
  })

  it('that is not there, or is a folder, is rejected with what is wrong', async () => {
    const folderPath = join(folder, 'a-folder')
    mkdirSync(folderPath)
    for (const [path, advice] of [
      [join(folder, 'nowhere.json'), /does not exist/],
      [join(write('{}'), 'below-a-file.json'), /does not exist/],
      [folderPath, /is a folder/],
      ['/dev/null', /not a regular file/],
    ] as const) {
      const told = await new Told({ TARGETS_FILE: path }).start()
      told.stop()
      assert.equal(told.newest.rejected[0]?.code, 'unreadable-file')
      assert.match(told.rejections[0] ?? '', advice)
    }
  })

  it('of the node goes before TARGETS_FILE, and both before RTMP_STREAMS', async () => {
    const [own, other] = [write(streams({ own: 'rtmp://a/live/b' })), write(streams({ other: 'rtmp://a/live/b' }))]
    const environment = { TARGETS_FILE: other, RTMP_STREAMS: 'list=rtmp://a/live/b' }
    const told = await new Told(environment, { file: own }).start()
    told.stop()
    assert.deepEqual([told.names, told.newest.origin], [['own'], { file: own }])
    const second = await new Told(environment).start()
    second.stop()
    assert.deepEqual([second.names, second.newest.origin], [['other'], { file: other }])
  })
})

describe('targets without a file', () => {
  it('come from the environment, one list for each kind', async () => {
    const told = await new Told({
      RTMP_STREAMS: 'main=rtmp://a/live/x,y,backup=rtmp://b/live/${STREAM_KEY}',
      STREAM_KEY: SECRET,
      PING_HOSTS: 'gateway=192.0.2.1',
      SERVICES: 'ingest=rtmps://ingest.example:443',
      BANDWIDTH_TESTS: 'uplink=https://speed.example/upload',
      WEB_PRESENTERS: 'encoder=192.0.2.20',
      VIMEO_LIVE_EVENTS: 'sunday=12345',
    }).start()
    told.stop()
    assert.deepEqual(told.rejections, [])
    assert.deepEqual(
      told.newest.watches.map(({ kind }) => kind),
      ['stream', ...kindsOf(KINDS)],
    )
    assert.deepEqual(told.newest.keeps[0]?.names, ['main', 'backup'])
  })

  it('are rejected by variable and name', async () => {
    const told = await new Told({
      RTMP_STREAMS: `main=rtmp://a/live/b,main=rtmp://a/live/c,disk=file:///etc/passwd`,
      PING_HOSTS: `192.0.2.1`,
    }).start()
    told.stop()
    assert.deepEqual(told.names, ['main'])
    assert.deepEqual(
      told.newest.rejected.map(({ entry, code }) => [entry, code]),
      [
        ['PING_HOSTS', 'invalid-target'],
        ['RTMP_STREAMS "main"', 'duplicate-target'],
        ['RTMP_STREAMS "disk"', 'forbidden-protocol'],
      ],
    )
  })

  it('are none where nobody said any', async () => {
    const told = await new Told({ RTMP_STREAMS: ' ' }).start()
    told.stop()
    assert.equal(told.newest.origin, null)
    assert.deepEqual([told.newest.watches, told.rejections], [[], []])
  })
})
