import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { TargetsEdit } from '../../src/targets/edited-file.ts'
import { proposedTargets, type TargetsPlace, writeTargets, writtenTargets } from '../../src/targets/set-up.ts'

const { stream, ping } = KINDS

function freshFile(text?: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'hmonitor-test-')), 'targets.json')
  if (text !== undefined) writeFileSync(file, text)
  return file
}

function placeOf(file: string, environment: Record<string, string> = { TARGETS_SETUP_FILE: file }): TargetsPlace {
  return { kinds: KINDS, environment, file: environment.RTMP_STREAMS ? '' : file, isShard: false }
}

const refusedWith = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof MonitorError && error.code === code && text.test(error.message)

const MAIN = { name: 'main', url: 'rtmp://relay.example/live/abcdef-secret-1' }
const put = (target: Record<string, unknown>, was: string | null = null, kind: typeof stream | typeof ping = stream) =>
  ({ action: 'set-target', kind, target, was }) as const

const changeTargets = async (place: TargetsPlace, edit: TargetsEdit) =>
  writeTargets(place, await proposedTargets(place, edit))

describe('a targets file that is changed in a browser', () => {
  it('begins with the first target', async () => {
    const file = freshFile()
    await changeTargets(placeOf(file), put(MAIN))
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { streams: [MAIN] })
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('keeps the form of what is not changed, its rights, and what it was before', async () => {
    const text =
      '{\n    "site": "hall",\n    "hosts": [\n        { "name": "gateway", "address": "192.0.2.1" }\n    ]\n}\n'
    const file = freshFile(text)
    chmodSync(file, 0o640)
    await changeTargets(placeOf(file), put({ name: 'server', address: '192.0.2.2' }, null, ping))
    const changed = readFileSync(file, 'utf8')
    assert.match(changed, /^\{\n {4}"site": "hall",\n {4}"hosts": \[\n {8}\{/)
    const hosts = [
      { name: 'gateway', address: '192.0.2.1' },
      { name: 'server', address: '192.0.2.2' },
    ]
    assert.deepEqual(JSON.parse(changed), { site: 'hall', hosts })
    assert.equal(statSync(file).mode & 0o777, 0o640)
    assert.equal(readFileSync(`${file}.before`, 'utf8'), text)
  })

  it('shows no secret, and keeps one that came back as it was shown', async () => {
    const file = freshFile(
      JSON.stringify({ streams: [MAIN, { name: 'b', url: 'rtmp://a:pass1234@h/live', key: 'k/1' }] }),
    )
    const { targets } = await writtenTargets(placeOf(file))
    assert.doesNotMatch(JSON.stringify(targets), /secret-1|pass1234|k\/1/)
    const [main, second] = targets.map(({ target }) => target)
    await changeTargets(placeOf(file), put({ ...main, name: 'first', profile: 'youtube' }, 'main'))
    await changeTargets(placeOf(file), put({ ...second, interval: 2 }, 'b'))
    const { streams } = JSON.parse(readFileSync(file, 'utf8'))
    assert.deepEqual(streams[0], { ...MAIN, name: 'first', profile: 'youtube' })
    assert.deepEqual(streams[1], { name: 'b', url: 'rtmp://a:pass1234@h/live', key: 'k/1', interval: 2 })
    const { entry } = await proposedTargets(placeOf(file), put({ ...main, name: 'first' }, 'first'))
    assert.deepEqual(entry, { ...MAIN, name: 'first' })
  })

  it('refuses another address around a secret that was not seen', async () => {
    const file = freshFile(JSON.stringify({ streams: [MAIN] }))
    const target = { name: 'main', url: 'rtmp://evil.example/live/***' }
    await assert.rejects(
      changeTargets(placeOf(file), put(target, 'main')),
      refusedWith('invalid-target', /write the whole/),
    )
    await assert.rejects(
      changeTargets(placeOf(file), put({ ...target, name: 'new' })),
      refusedWith('invalid-target', /\*\*\*/),
    )
  })

  it('shows where a secret is by the name of its variable', async () => {
    const file = freshFile(JSON.stringify({ streams: [{ name: 'main', url: 'rtmp://h/live/${STREAM_KEY}' }] }))
    const { targets } = await writtenTargets(placeOf(file))
    assert.equal(targets[0]?.target.url, 'rtmp://h/live/${STREAM_KEY}')
  })

  it('takes a target away', async () => {
    const file = freshFile(JSON.stringify({ streams: [MAIN, { ...MAIN, name: 'backup' }] }))
    await changeTargets(placeOf(file), { action: 'remove-target', kind: stream, name: 'main' })
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { streams: [{ ...MAIN, name: 'backup' }] })
  })

  it('is left as it is where the change is refused', async () => {
    const text = JSON.stringify({ streams: [MAIN] })
    const file = freshFile(text)
    const refused: [ReturnType<typeof put>, string, RegExp][] = [
      [put({ ...MAIN, profil: 'youtube' }, 'main'), 'unknown-key', /did you mean "profile"/],
      [put({ name: 'main', url: 'rtmp://other/live/x' }), 'duplicate-target', /same name/],
      [put({ name: 'x', url: 'file:///etc/passwd' }), 'forbidden-protocol', /file/],
      [put(MAIN, 'gone'), 'unknown-target', /no entry is called "gone"/],
      [put({ name: '__proto__', url: 'rtmp://h/live/x' }), 'invalid-target', /name/],
    ]
    for (const [edit, code, words] of refused) {
      await assert.rejects(changeTargets(placeOf(file), edit), refusedWith(code, words))
    }
    assert.equal(readFileSync(file, 'utf8'), text)
    assert.ok(!existsSync(`${file}.before`))
  })

  it('is not written over where it cannot be read', async () => {
    const file = freshFile('{ "streams": [ { "name": "main" ')
    await assert.rejects(changeTargets(placeOf(file), put(MAIN)), refusedWith('invalid-file', /bracket/))
    await assert.rejects(writtenTargets(placeOf(file)), refusedWith('invalid-file', /bracket/))
  })

  it('may be a link, and stays one', async () => {
    const file = freshFile(JSON.stringify({ streams: [] }))
    const link = freshFile()
    symlinkSync(file, link)
    await changeTargets(placeOf(link), put(MAIN))
    assert.match(readFileSync(file, 'utf8'), /main/)
    assert.match(readFileSync(link, 'utf8'), /main/)
  })

  it('says why it cannot be written', async () => {
    const file = join(freshFile('{}'), 'targets.json')
    await assert.rejects(
      changeTargets(placeOf(file), put(MAIN)),
      refusedWith('unreadable-file', /cannot be written.*Nothing/),
    )
  })

  it('takes over what variables listed before', async () => {
    const file = freshFile()
    const environment = { TARGETS_SETUP_FILE: file, RTMP_STREAMS: 'hall=rtmp://h/live/key-of-the-hall' }
    assert.equal((await writtenTargets(placeOf(file, environment))).from, 'environment')
    await changeTargets(placeOf(file, environment), put(MAIN))
    const names = JSON.parse(readFileSync(file, 'utf8')).streams.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['hall', 'main'])
  })

  it('takes the place of the demo', async () => {
    const [file, demo] = [freshFile(), freshFile(JSON.stringify({ streams: [{ ...MAIN, name: 'demo' }] }))]
    const place = { ...placeOf(demo, { TARGETS_SETUP_FILE: file, DEMO_URL: 'http://127.0.0.1:1' }), file: demo }
    assert.deepEqual(await writtenTargets(place), { file, why: null, from: 'demo', targets: [] })
    assert.equal(await changeTargets(place, put(MAIN)), file)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { streams: [MAIN] })
  })

  it('is changed only where somebody allowed it, and by no shard', async () => {
    const file = freshFile(JSON.stringify({ streams: [] }))
    const closed: [TargetsPlace, RegExp][] = [
      [placeOf(file, {}), /TARGETS_SETUP_FILE names none/],
      [placeOf(file, { TARGETS_SETUP_FILE: 'none' }), /names none/],
      [placeOf(file, { TARGETS_SETUP_FILE: freshFile() }), /name the same file/],
      [{ ...placeOf(file), isShard: true }, /share the targets file/],
    ]
    for (const [place, words] of closed) {
      await assert.rejects(changeTargets(place, put(MAIN)), refusedWith('not-in-use', words))
      assert.match((await writtenTargets(place)).why ?? '', words)
    }
  })
})
