import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { nodeOf, shippedFlow, startWatching, type Watching } from '../watching.ts'
import { BAD_PEERS, type BadPeers, startBadPeers } from './bad-peers.ts'

interface Rejection {
  code: string
  message: string
}

/** Entries that must be rejected, what the rejection must name, and its code. */
const BAD_ENTRIES: [entry: Record<string, unknown>, names: RegExp, code: string][] = [
  [{ name: 'typo', url: 'rtmp://127.0.0.1/live/a', intervall: 2 }, /"typo".*intervall/, 'unknown-key'],
  [{ name: 'good', url: 'rtmp://127.0.0.1/live/a' }, /"good"/, 'duplicate-target'],
  [{ name: 'keyless', url: 'rtmp://127.0.0.1/live/${NO_SUCH_KEY}' }, /"keyless".*NO_SUCH_KEY/, 'missing-variable'],
  [{ name: 'disk', url: 'file:///etc/hostname' }, /"disk"/, 'forbidden-protocol'],
  [{ name: 'joined', url: 'concat:/etc/hostname|/etc/hosts' }, /"joined"/, 'forbidden-protocol'],
  [{ name: 'option', url: '-f lavfi -i testsrc' }, /"option"/, 'invalid-target'],
  [{ name: 'ingest', url: 'rtmp://a.rtmp.youtube.com/live2/abcd' }, /"ingest".*relay/, 'publish-only'],
  [{ name: 'slow', url: 'rtmp://127.0.0.1/live/a', interval: 0 }, /"slow".*interval/, 'invalid-target'],
  [{ url: 'rtmp://127.0.0.1/live/a' }, /name/, 'invalid-target'],
]

describe('bad input to the shipped flow', () => {
  let server: RtmpServer
  let publisher: Publisher
  let watching: Watching
  let folder = ''
  const flow = shippedFlow()
  const targetsNode = nodeOf(flow, 'hmonitor-targets').id
  const file = () => join(folder, 'targets.json')
  const good = () => ({ name: 'good', url: server.url('live/good'), expected: 'always' })
  const write = (content: unknown) =>
    writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content))
  /** Rejections that were sent since the `from`th. */
  const rejections = (from = 0) =>
    watching.runtime
      .from(targetsNode, 1)
      .slice(from)
      .map(({ payload }) => payload as Rejection)
  const untilRejected = (names: RegExp, code: string, from = 0) =>
    until(
      () => rejections(from).some((rejection) => rejection.code === code && names.test(rejection.message)),
      10,
      () => `${code} that names ${names}, not ${JSON.stringify(rejections(from))}`,
    )
  const session = () => watching.runtime.processes().find(({ command }) => command.includes('/live/good'))?.pid

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hmonitor-bad-'))
    server = await startNginxRtmp()
    publisher = await startPublisher(server.url('live/good'), { gop: 0.5 })
    write({ streams: [good(), ...BAD_ENTRIES.map(([entry]) => entry)] })
    watching = await startWatching({ flows: flow, env: { TARGETS_FILE: file() } })
  })
  after(async () => {
    await watching?.stop()
    await publisher?.kill()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  for (const [entry, names, code] of BAD_ENTRIES) {
    it(`is rejected by name with ${code}: ${JSON.stringify(entry)}`, async () => {
      await untilRejected(names, code)
    })
  }

  it('shows under the targets node that entries were rejected', () => {
    const { fill, text } = watching.runtime.status.get(targetsNode) ?? {}
    assert.notEqual(fill, 'green')
    assert.match(text ?? '', /\d/)
  })

  it('leaves the entries that are well', async () => {
    await watching.untilUp('good', 1, 20)
    assert.equal(await watching.value('hmonitor_targets', { kind: 'stream' }), 1)
  })

  const unreadable: [what: string, spoil: () => void, code: string, names: RegExp][] = [
    ['a file that is no JSON', () => write('{ "streams": [ { "name": "good", } ] }'), 'invalid-file', /line 1/],
    ['a list that nobody knows', () => write({ streams: [good()], cameras: [] }), 'unknown-key', /cameras/],
    ['a file that is gone', () => rmSync(file()), 'unreadable-file', /does not exist/],
  ]
  for (const [what, spoil, code, names] of unreadable) {
    it(`keeps what is watched, on the same session, in the face of ${what}`, async () => {
      const pid = session()
      const from = rejections().length
      spoil()
      await untilRejected(names, code, from)
      assert.match(watching.runtime.status.get(targetsNode)?.fill ?? '', /red|yellow/)
      assert.equal(session(), pid)
      assert.equal(await watching.value('hmonitor_stream_up', { target: 'good' }), 1)
      write({ streams: [good()] })
      await until(
        () => watching.runtime.status.get(targetsNode)?.fill === 'green',
        10,
        'the targets node is green again',
      )
      assert.equal(session(), pid)
    })
  }

  it('does not bring the runtime down when a message is of the wrong shape', async () => {
    const probe = nodeOf(flow, 'hmonitor-ffprobe').id
    const record = nodeOf(flow, 'hmonitor-record').id
    const payloads = [undefined, null, 7, 'watch', [], {}, { action: 'explode' }, { action: 'watch', kind: 'stream' }]
    const sender = {
      id: 'aaaaaaaaaaaaaaaa',
      type: 'inject',
      z: nodeOf(flow, 'hmonitor-targets').z,
      name: 'wrong shapes',
      once: true,
      onceDelay: 0.1,
      wires: [['bbbbbbbbbbbbbbbb']],
    }
    const maker = {
      id: 'bbbbbbbbbbbbbbbb',
      type: 'function',
      z: sender.z,
      name: 'make',
      func: `return [[...${JSON.stringify(payloads)}.map((payload) => ({ payload })), {}]]`,
      outputs: 1,
      wires: [[probe, record, targetsNode]],
    }
    const pid = session()
    await watching.runtime.deploy([...flow, sender, maker], 'flows')
    const errors = () => watching.runtime.sent.filter(({ msg }) => msg.error !== undefined)
    await until(() => errors().length >= payloads.length, 10, 'the Catch node gets the errors')
    assert.ok(errors().every(({ msg }) => (msg.error as { code?: string }).code === 'invalid-message'))
    assert.equal(session(), pid)
    await watching.runtime.deploy(flow, 'flows')
  })
})

describe('peers that misbehave, watched by the shipped flow', () => {
  let server: RtmpServer
  let peers: BadPeers
  let publishers: Publisher[]
  let watching: Watching
  let folder = ''

  before(async () => {
    server = await startNginxRtmp()
    peers = await startBadPeers()
    publishers = await Promise.all([
      startPublisher(server.url('live/good'), { gop: 0.5 }),
      startPublisher(server.url('live/silent-film'), { audio: false }),
      startPublisher(server.url('live/radio'), { video: false }),
    ])
    const streams = {
      ...peers.urls,
      'unknown-application': server.url('nothing/here'),
      unpublished: server.url('live/nobody'),
      good: server.url('live/good'),
      'silent-film': server.url('live/silent-film'),
      radio: server.url('live/radio'),
    }
    const targets = Object.entries(streams).map(([name, url]) => ({ name, url, expected: 'always' }))
    folder = await mkdtemp(join(tmpdir(), 'hmonitor-peers-'))
    writeFileSync(join(folder, 'targets.json'), JSON.stringify({ streams: targets }))
    watching = await startWatching({ env: { TARGETS_FILE: join(folder, 'targets.json') } })
  })
  after(async () => {
    await watching?.stop()
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await peers?.stop()
    await server?.stop()
    if (folder !== '') await rm(folder, { recursive: true, force: true })
  })

  const issuesOf = async (target: string) => (await watching.status(target))?.issues.map(({ type }) => type) ?? []

  it('do not keep the good one from being well', async () => {
    await watching.untilUp('good', 1, 20)
    await until(async () => (await watching.status('good'))?.state === 'ok', 20, 'good is ok')
  })

  for (const name of [...BAD_PEERS, 'unknown-application', 'unpublished']) {
    it(`are never called well: ${name}`, async () => {
      await until(
        async () => (await issuesOf(name)).some((type) => type === 'streamOffline' || type === 'notMeasured'),
        40,
        () => `an issue of ${name}`,
      )
      assert.notEqual(await watching.value('hmonitor_stream_up', { target: name }), 1)
      assert.match((await watching.status(name))?.state ?? '', /^(down|unknown)$/)
    })
  }

  it('miss audio where there is none', async () => {
    await until(async () => (await issuesOf('silent-film')).includes('noAudioStream'), 60, 'noAudioStream')
  })

  it('miss video where there is none', async () => {
    await until(async () => (await issuesOf('radio')).includes('noVideoStream'), 60, 'noVideoStream')
  })

  it('are looked for again and again by one process each at most', async () => {
    const commands = watching.runtime.processes().map(({ command }) => command)
    for (const [name, url] of Object.entries(peers.urls)) {
      assert.ok(commands.filter((command) => command.includes(url)).length <= 1, name)
    }
  })
})
