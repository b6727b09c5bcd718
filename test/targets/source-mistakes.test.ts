import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { Told, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
const started: Told[] = []
let count = 0

afterEach(() => {
  for (const told of started.splice(0)) told.stop()
})

/** A source whose file holds this, and a way to hold something else. */
async function start(content: unknown, environment: Record<string, string> = {}) {
  count += 1
  const path = join(folder, `targets-${count}.json`)
  writeFileSync(path, text(content))
  const told = new Told({ TARGETS_FILE: path, ...environment })
  started.push(told)
  await told.start()
  const edit = async (next: unknown) => {
    writeFileSync(`${path}.new`, text(next))
    renameSync(`${path}.new`, path)
    await told.source.reload()
  }
  return { path, told, edit }
}

function text(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}

const stream = (name: string, more: object = {}) => ({ name, url: `rtmp://relay.example/live/${name}`, ...more })
const host = (name: string, more: object = {}) => ({ name, address: '192.0.2.1', ...more })

const GOOD = { site: 'hall', streams: [stream('main'), stream('backup')], hosts: [host('gateway')] }
const ALL = ['main', 'backup', 'gateway']

describe('the usual mistakes in a targets file', () => {
  const mistakes = {
    streams: [
      stream('good'),
      stream('main', { profil: 'youtube' }),
      stream('backup', { profile: 'youtub' }),
      stream('deep', { checks: 'deep' }),
      stream('sunday', { expected: 'sunday' }),
      stream('good'),
    ],
    hosts: [{ name: 'gateway', adress: '192.0.2.1' }],
    webPresenter: [{ name: 'encoder', address: '192.0.2.20' }],
  }

  it('are each told with what was meant, and how many targets are not watched', async () => {
    const { told } = await start(mistakes)
    assert.deepEqual(told.names, ['good'])
    const { rejected } = told.newest
    assert.equal(
      rejected.reduce((sum, { targets }) => sum + targets, 0),
      7,
    )
    assert.deepEqual(
      rejected.map(({ message, suggestion, kind, name }) => [message, suggestion, kind, name]),
      [
        ['the file: unknown key "webPresenter", did you mean "webPresenters"?', 'webPresenters', 'encoder', null],
        ['streams[1] "main": unknown key "profil", did you mean "profile"?', 'profile', 'stream', 'main'],
        ['streams[2] "backup": there is no profile "youtub", did you mean "youtube"?', 'youtube', 'stream', 'backup'],
        ['streams[3] "deep": "checks" must be one of "packets", "content", "full", "auto"', null, 'stream', 'deep'],
        [
          'streams[4] "sunday": "expected" must be one of "always", "manual", or a list of windows of the week',
          null,
          'stream',
          'sunday',
        ],
        [
          'streams[5] "good": streams[0] "good" has the same name; names are unique among streams',
          null,
          'stream',
          'good',
        ],
        ['hosts[0] "gateway": unknown key "adress", did you mean "address"?', 'address', 'ping', 'gateway'],
      ],
    )
  })

  it('in the environment are counted too, in every list', async () => {
    const told = await new Told({
      RTMP_STREAMS: 'main=rmtp://relay.example/live/x,tube=rtmp://a.rtmp.youtube.com/live2/x,good=rtmp://a/live/b',
      PING_HOSTS: 'gateway=http://192.0.2.1',
      SERVICES: 'ingest=htps://ingest.example',
      VIMEO_LIVE_EVENTS: 'sunday',
    }).start()
    told.stop()
    assert.deepEqual(told.names, ['good'])
    assert.deepEqual(
      told.newest.rejected.map(({ entry, code, suggestion, targets }) => [entry, code, suggestion, targets]),
      [
        ['VIMEO_LIVE_EVENTS', 'invalid-target', null, 1],
        ['RTMP_STREAMS "main"', 'forbidden-protocol', 'rtmp', 1],
        ['RTMP_STREAMS "tube"', 'publish-only', null, 1],
        ['PING_HOSTS "gateway"', 'invalid-target', null, 1],
        ['SERVICES "ingest"', 'forbidden-protocol', 'https', 1],
      ],
    )
  })

  for (const [written, meant] of [
    ['stream', 'streams'],
    ['Hosts', 'hosts'],
    ['ping', 'hosts'],
    ['encoder', 'webPresenters'],
  ] as const) {
    it(`such as the list "${written}" lead to "${meant}"`, async () => {
      const { told } = await start({ [written]: [stream('main')] })
      assert.equal(told.newest.rejected[0]?.suggestion, meant)
    })
  }
})

describe('ten thousand mistakes', () => {
  const many = (entry: (index: number) => [string, unknown]) =>
    Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => entry(index)))
  /** Four times what it takes on a machine with 18 processes on 2 cores; before there was a bound it was a minute. */
  const within = async (content: object) => {
    const begun = performance.now()
    const { told } = await start(content)
    const took = performance.now() - begun
    assert.ok(took < 4000, `${Math.round(took)} ms`)
    return told
  }

  it('in the names of lists are told in bounded time, and the right list is watched', async () => {
    const told = await within({ ...GOOD, ...many((index) => [`stream${index}`, []]) })
    assert.deepEqual(told.names, ALL)
  })

  it('in the keys of one entry are told in bounded time and in a bounded text', async () => {
    const wrong = stream(
      'wrong',
      many((index) => [`interval${'abcdefghij'.charAt(index % 10)}${index}`, 1]),
    )
    const told = await within({ ...GOOD, streams: [...GOOD.streams, wrong] })
    assert.deepEqual(told.names, ALL)
    const [rejection, ...more] = told.newest.rejected
    assert.equal(more.length, 0)
    assert.ok((rejection?.message.length ?? 0) < 30_000)
  })
})

describe('what was right before a mistake', () => {
  for (const [what, content] of [
    ['a list with a mistyped name alone', { stream: GOOD.streams }],
    ['a foreign JSON file', { name: 'app', version: '1.0.0', dependencies: {} }],
    ['an empty object', {}],
    ['a site alone', { site: 'hall' }],
    ['a truncated file', JSON.stringify(GOOD).slice(0, 60)],
    ['nothing', ''],
    ['entries that are all refused', { streams: [stream('new', { profil: 'x' })] }],
    ['a list that is none', { streams: {}, hosts: 7 }],
  ] as const) {
    it(`goes on over ${what}, and that is said`, async () => {
      const { path, told, edit } = await start(GOOD)
      await edit(content)
      assert.deepEqual([told.names, told.newest.keeps[0]?.names], [ALL, ['main', 'backup']])
      const [first] = told.newest.rejected
      assert.deepEqual([first?.entry, first?.effect], [path, 'watched-as-before'])
      assert.match(first?.message ?? '', / What was right before is still watched as it was\.$/)
      // And over the next mistake, and until something is right.
      await edit('{')
      assert.deepEqual(told.names, ALL)
      await edit({ streams: [stream('other')] })
      assert.deepEqual([told.names, told.newest.rejected], [['other'], []])
    })
  }

  it('goes on for one list while its name is mistyped, and the others are as they are written', async () => {
    const { told, edit } = await start(GOOD)
    await edit({ stream: GOOD.streams, hosts: [host('router')] })
    assert.deepEqual(told.names, ['router', 'main', 'backup'])
    assert.deepEqual(
      told.newest.rejected.map(({ suggestion, effect, targets }) => [suggestion, effect, targets]),
      [['streams', 'watched-as-before', 0]],
    )
    await edit({ streams: {}, hosts: [host('router')] })
    assert.deepEqual(told.names, ['router', 'main', 'backup'])
  })

  it('goes on for one entry while it is refused, as it was', async () => {
    const { told, edit } = await start(GOOD)
    await edit({ ...GOOD, streams: [stream('main', { interval: 5, profil: 'youtube' }), stream('third')] })
    assert.deepEqual(told.names, ['third', 'gateway', 'main'])
    const main = told.newest.watches.find(({ target }) => (target as { name: string }).name === 'main')
    assert.equal((main?.target as { interval: number } | undefined)?.interval, 1)
    assert.deepEqual(
      told.newest.rejected.map(({ message, effect, targets }) => [message, effect, targets]),
      [
        [
          'streams[0] "main": unknown key "profil", did you mean "profile"? What was right before is still watched as it was.',
          'watched-as-before',
          0,
        ],
      ],
    )
    await edit({ ...GOOD, streams: [stream('third')] })
    assert.deepEqual([told.names, told.newest.rejected], [['third', 'gateway'], []])
  })

  for (const [what, wrong] of [
    ['is mistyped', { nam: 'main', url: 'rtmp://relay.example/live/main' }],
    ['is that of another', stream('backup')],
    ['is new, and something else is wrong', stream('main-2', { profil: 'youtube' })],
  ] as const) {
    it(`goes on where the name of an entry ${what}`, async () => {
      const { told, edit } = await start({ streams: [stream('backup'), stream('main')] })
      await edit({ streams: [stream('backup'), wrong] })
      assert.deepEqual(told.names, ['backup', 'main'])
      assert.equal(told.newest.rejected[0]?.effect, 'watched-as-before')
    })
  }

  it('goes on where a new version names a variable that is not there, with its own secrets', async () => {
    const { told, edit } = await start(
      { streams: [stream('main', { url: 'rtmp://relay.example/live/${KEY}' })] },
      {
        KEY: 'first-key',
      },
    )
    await edit({ streams: [stream('main', { url: 'rtmp://relay.example/live/${KEI}' })] })
    await told.source.reload()
    assert.deepEqual(told.addresses, ['rtmp://relay.example/live/first-key'])
    assert.equal(told.newest.rejected.at(-1)?.effect, 'watched-as-before')
  })

  it('ends where it is taken out beside a mistake, and where nothing is to be watched', async () => {
    const { told, edit } = await start(GOOD)
    await edit({ streams: [stream('main'), stream('new', { profil: 'x' }), stream('backup')] })
    assert.deepEqual(told.names, ['main', 'backup'])
    assert.deepEqual(
      told.newest.rejected.map(({ effect, targets }) => [effect, targets]),
      [['not-watched', 1]],
    )
    await edit({ streams: [], comment: 'nothing this week' })
    assert.deepEqual(told.names, [])
    assert.deepEqual(
      told.newest.rejected.map(({ effect, targets }) => [effect, targets]),
      [['ignored', 0]],
    )
  })

  it('is nothing at the start: nothing is watched, and the reason is told', async () => {
    const { path, told } = await start({ name: 'app', version: '1.0.0', scripts: {} })
    assert.deepEqual([told.newest.watches, told.newest.keeps], [[], []])
    assert.deepEqual(
      told.newest.rejected.map(({ entry, code, effect }) => [entry, code, effect]),
      [[path, 'invalid-file', 'not-watched']],
    )
    assert.match(told.rejections[0] ?? '', /no list of targets in it \(known are streams, .*write "streams": \[\]/)
  })
})
