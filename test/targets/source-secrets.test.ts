import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
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

describe('secrets in targets', () => {
  it('are left as ${NAME} in messages and can be filled in', async () => {
    const told = await load(streams({ main: 'rtmp://relay.example/live/${STREAM_KEY}' }), {
      STREAM_KEY: SECRET,
      OTHER: 'x',
    })
    assert.match(JSON.stringify(told.newest.watches), /\$\{STREAM_KEY\}/)
    assert.deepEqual(told.addresses, [`rtmp://relay.example/live/${SECRET}`])
    assert.throws(() => told.secrets.expand('${OTHER}'), { code: 'missing-variable' })
  })

  for (const [what, url] of [
    ['a key', `rtmp://relay.example/live/${SECRET}`],
    ['a key behind a #', `rtmp://relay.example/live#hall/${SECRET}`],
    ['a key behind a # with a query', `rtmp://relay.example/a/b/c?auth=${SECRET}3#${SECRET}?auth=${SECRET}2`],
    ['a key with a query', `rtmp://relay.example/live/${SECRET}?auth=${SECRET}2`],
    ['a password', `rtsp://camera:${SECRET}@relay.example/stream`],
    ['a user', `https://${SECRET}@relay.example/live.m3u8`],
    ['a password and a query', `https://a:${SECRET}@relay.example/a.m3u8?a=${SECRET}2#${SECRET}`],
    ['a token', `https://relay.example/live.m3u8?token=${SECRET}`],
  ] as const) {
    it(`that are ${what} in a URL are taken out of messages and filled in again`, async () => {
      const told = await load(streams({ main: url }))
      assert.deepEqual(told.rejections, [])
      assert.ok(!JSON.stringify(told.newest).includes('s3cret'), JSON.stringify(told.newest.watches))
      assert.deepEqual(told.addresses, [url])
      assert.ok(!told.secrets.redact(`could not play ${SECRET} or ${url}`).includes('s3cret'))
    })
  }

  it('are taken out where server and key are apart, and so is a key that stands in a variable', async () => {
    const server = 'rtmp://relay.example/live'
    const list = [
      { name: 'literal', url: server, key: `hall/${SECRET}` },
      { name: 'variable', url: server, key: '${STREAM_KEY}' },
      { name: 'in part', url: server, key: 'hall/${STREAM_KEY}?token=literal-s3cret' },
      { name: 'both', url: '${SERVER}', key: `${SECRET}4` },
    ]
    const told = await load({ streams: list }, { STREAM_KEY: `${SECRET}5`, SERVER: server })
    assert.deepEqual(told.rejections, [])
    assert.ok(!JSON.stringify(told.newest).includes('s3cret'), JSON.stringify(told.newest.watches))
    assert.deepEqual(told.addresses, [
      `${server}#hall/${SECRET}`,
      `${server}#${SECRET}5`,
      `${server}#hall/${SECRET}5?token=literal-s3cret`,
      `${server}#${SECRET}4`,
    ])
    const said = told.secrets.redact(`hall/${SECRET}, ${SECRET}5, ${SECRET}4; ${told.addresses.join(' ')}`)
    assert.ok(!said.includes('s3cret'), said)
    for (const { target } of told.newest.watches) assert.deepEqual(parseTarget(KINDS.stream, target), target)
  })

  it('are taken out of the address of a service too', async () => {
    const told = await load({ services: [{ name: 'ingest', url: `rtmp://relay.example/live#${SECRET}` }] })
    assert.deepEqual(told.rejections, [])
    assert.ok(!JSON.stringify(told.newest).includes('s3cret'), JSON.stringify(told.newest.watches))
    assert.ok(!told.secrets.redact(`application ${SECRET}`).includes('s3cret'))
  })

  it('are taken out whatever the name of the target, and a probe node takes the result', async () => {
    const names = ['Main Hall', 'süd/1', 'a:b@c#d', 'ホール (2)']
    const urls = names.map((name, index) => [
      name,
      `rtsp://camera:${SECRET}${index}@relay.example/stream?a=${SECRET}${index}`,
    ])
    const told = await load(streams(Object.fromEntries(urls)))
    assert.deepEqual(told.names, names)
    assert.deepEqual(
      told.addresses,
      urls.map(([, url]) => url),
    )
    for (const { target } of told.newest.watches) assert.deepEqual(parseTarget(KINDS.stream, target), target)
    assert.ok(!JSON.stringify(told.newest).includes('s3cret'))
  })

  it('that are a key with a query are not told without the query either', async () => {
    const told = await load(streams({ main: 'rtmp://relay.example/live/Abc9?auth=and-a-long-query-after-it' }))
    assert.doesNotMatch(told.secrets.redact('no such stream: Abc9'), /Abc9/)
  })

  it('are not shown where the name is the key: everybody sees the name', async () => {
    const told = await load(streams({ main: 'rtmp://relay.example/live/main' }))
    assert.match(JSON.stringify(told.newest.watches), /live\/main/)
    assert.equal(told.secrets.redact('main is down'), 'main is down')
  })

  it('are also the key of an address that comes from a variable as a whole', async () => {
    const told = await load(streams({ main: '${MAIN_URL}' }), { MAIN_URL: `rtmp://relay.example/live/${SECRET}` })
    assert.ok(!told.secrets.redact(`no such stream: ${SECRET}`).includes('s3cret'))
  })

  it('are checked as the address that they make', async () => {
    const told = await load(streams({ a: '${A_URL}', b: '${B_URL}' }), {
      A_URL: `file:///etc/${SECRET}`,
      B_URL: `rtmp://a.rtmp.youtube.com/live2/${SECRET}`,
    })
    assert.deepEqual(
      told.newest.rejected.map(({ entry, code }) => [entry, code]),
      [
        ['streams[0] "a"', 'forbidden-protocol'],
        ['streams[1] "b"', 'publish-only'],
      ],
    )
    assert.ok(!told.rejections.join().includes('s3cret'), told.rejections.join())
  })

  it('are not shown where an error names a part of the address', async () => {
    const told = await load(streams({ a: 'rtmp://${HOST}/live2/x' }), { HOST: 'a.rtmp.youtube.com' })
    assert.match(told.rejections[0] ?? '', /^streams\[0\] "a": \$\{HOST\} is where YouTube/)
  })

  it('are not shown in any rejection', async () => {
    const told = await load({
      [SECRET]: [],
      streams: [
        { name: 'a', url: `ftp://user:${SECRET}@host.example/${SECRET}` },
        { name: 'b', url: `rtmp://host.example/live/${SECRET}`, [SECRET]: 1 },
        { name: `rtmp://host.example/live/${SECRET}`, url: SECRET },
        { name: 'c', url: 'rtmp://host.example/live/x', interval: SECRET },
        { name: 'd', url: `rtmp://host.example/live/\${${SECRET}}` },
      ],
    })
    assert.equal(told.rejections.length, 6)
    assert.ok(!JSON.stringify(told.newest).includes('s3cret'), JSON.stringify(told.newest))
  })

  it('are missing where a variable is not set, is empty, or is set twice', async () => {
    const url = 'rtmp://relay.example/live/${STREAM_KEY}'
    for (const [environment, advice] of [
      [{}, /set the environment variable STREAM_KEY, or STREAM_KEY_FILE/],
      [{ STREAM_KEY: '' }, /has no value/],
      [{ STREAM_KEY: 'abcd', STREAM_KEY_FILE: write('efgh') }, /both STREAM_KEY and STREAM_KEY_FILE are set/],
      [{ STREAM_KEY_FILE: join(folder, 'nowhere') }, /STREAM_KEY_FILE: .*nowhere does not exist/],
      [{ STREAM_KEY_FILE: write('\n') }, /is empty/],
      [{ STREAM_KEY_FILE: write('one\ntwo') }, /more than one line/],
    ] as const) {
      const told = await load(streams({ main: url, other: 'rtmp://a/live/b' }), environment)
      assert.deepEqual(told.names, ['other'])
      assert.equal(told.newest.rejected[0]?.code, 'missing-variable')
      assert.match(told.rejections[0] ?? '', advice)
    }
  })

  it('may come from a file with line breaks at its end', async () => {
    const told = await load(streams({ main: 'rtmp://a/live/${STREAM_KEY}' }), {
      STREAM_KEY: '',
      STREAM_KEY_FILE: write(`${SECRET}\r\n`),
    })
    assert.deepEqual(told.addresses, [`rtmp://a/live/${SECRET}`])
  })
})
