import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../../src/secrets/variables.ts'
import { LOOK, streams, Told, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
const started: Told[] = []
let count = 0

function freshPath(): string {
  count += 1
  return join(folder, `file-${count}`)
}

async function start(environment: Environment, more: ConstructorParameters<typeof Told>[1] = {}): Promise<Told> {
  const told = new Told(environment, more)
  started.push(told)
  return told.start()
}

/** Writes a file as most editors do: beside it, and then over it. */
function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}

afterEach(() => {
  for (const told of started.splice(0)) told.stop()
})

describe('a targets file that changes', () => {
  it('is read again when it is written in place, and when another is renamed over it', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
    const told = await start({ TARGETS_FILE: path })
    writeFileSync(path, streams({ a: 'rtmp://h/live/x', b: 'rtmp://h/live/y' }))
    await told.next('a and b', () => told.names.join() === 'a,b')
    replace(path, streams({ c: 'rtmp://h/live/z' }))
    await told.next('c', () => told.names.join() === 'c')
    assert.deepEqual(told.newest.keeps[0]?.names, ['c'])
  })

  it('is read again when a symbolic link on its path is swapped, as Kubernetes does', async () => {
    const mount = freshPath()
    const version = (name: string, content: string) => {
      mkdirSync(join(mount, name), { recursive: true })
      writeFileSync(join(mount, name, 'targets.json'), content)
      symlinkSync(name, join(mount, '..next'))
      renameSync(join(mount, '..next'), join(mount, '..data'))
    }
    version('..1', streams({ a: 'rtmp://h/live/x' }))
    symlinkSync(join('..data', 'targets.json'), join(mount, 'targets.json'))
    const told = await start({ TARGETS_FILE: join(mount, 'targets.json') })
    assert.deepEqual(told.names, ['a'])
    version('..2', streams({ b: 'rtmp://h/live/x' }))
    await told.next('b', () => told.names.join() === 'b')
  })

  it('is read when it comes into being', async () => {
    const path = freshPath()
    const told = await start({ TARGETS_FILE: path })
    assert.match(told.rejections[0] ?? '', /does not exist/)
    replace(path, streams({ a: 'rtmp://h/live/x' }))
    await told.next('a', () => told.names.join() === 'a')
    assert.deepEqual(told.rejections, [])
  })

  for (const [what, damage] of [
    ['becomes malformed', (path: string) => replace(path, '{"streams": [')],
    ['becomes too large', (path: string) => replace(path, ' '.repeat(2 * 1024 * 1024))],
    ['is removed', (path: string) => rmSync(path)],
  ] as const) {
    it(`keeps its last good targets when it ${what}, and says what is wrong`, async () => {
      const path = freshPath()
      writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
      const told = await start({ TARGETS_FILE: path })
      const good = told.newest
      damage(path)
      await told.next('a rejection', () => told.rejections.length === 1)
      assert.deepEqual([told.newest.watches, told.newest.keeps], [good.watches, good.keeps])
      assert.ok(told.rejections[0]?.startsWith(path))
      replace(path, streams({ b: 'rtmp://h/live/x' }))
      await told.next('b', () => told.names.join() === 'b')
      assert.deepEqual(told.rejections, [])
    })
  }

  it('keeps its last good targets over a deploy while it is malformed, unless the node has another file now', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x', b: `rtmp://h/live/s3cret-key` }))
    const { memory, secrets, source } = await start({ TARGETS_FILE: path })
    source.stop()
    writeFileSync(path, '{')
    const next = await start({ TARGETS_FILE: path }, { memory, secrets })
    assert.deepEqual(next.names, ['a', 'b'])
    assert.deepEqual(next.addresses, ['rtmp://h/live/x', 'rtmp://h/live/s3cret-key'])
    assert.match(next.rejections[0] ?? '', /line 1/)
    next.stop()
    const other = await start({ TARGETS_FILE: freshPath() }, { memory, secrets })
    assert.deepEqual([other.newest.watches, other.newest.keeps], [[], []])
  })

  it('is not told again when nothing in it changed', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
    const told = await start({ TARGETS_FILE: path })
    replace(path, ` ${streams({ a: 'rtmp://h/live/x' })}\n`)
    await sleep(LOOK * 10)
    assert.equal(told.snapshots.length, 1)
  })

  it('is told again, changed or not, when somebody asks', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
    const told = await start({ TARGETS_FILE: path })
    await told.source.reload()
    assert.equal(told.snapshots.length, 2)
    assert.deepEqual(told.snapshots[0], told.snapshots[1])
  })

  it('is not read while somebody is still writing it', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
    const told = await start({ TARGETS_FILE: path })
    const whole = streams({ a: 'rtmp://h/live/x', b: 'rtmp://h/live/y' })
    const end = performance.now() + LOOK * 15
    for (let length = 1; performance.now() < end; length = (length % whole.length) + 1) {
      // In every turn of the event loop, and so between any two looks.
      writeFileSync(path, whole.slice(0, length))
      await setImmediate()
    }
    writeFileSync(path, whole)
    await told.next('a and b', () => told.names.join() === 'a,b')
    assert.equal(told.snapshots.length, 2)
  })

  it('is left alone after stop', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/x' }))
    const told = await start({ TARGETS_FILE: path })
    told.stop()
    replace(path, streams({ b: 'rtmp://h/live/x' }))
    await sleep(LOOK * 10)
    assert.deepEqual(told.names, ['a'])
  })
})

describe('a secret that changes', () => {
  it('is filled in without a new message when its file is replaced', async () => {
    const [path, key] = [freshPath(), freshPath()]
    writeFileSync(path, streams({ a: 'rtmp://h/live/${STREAM_KEY}' }))
    writeFileSync(key, 'first-key\n')
    const told = await start({ TARGETS_FILE: path, STREAM_KEY_FILE: key })
    const changed: string[] = []
    told.secrets.onChanged((name) => changed.push(name))
    replace(key, 'second-key\n')
    await told.next('the second key', () => told.addresses[0] === 'rtmp://h/live/second-key')
    assert.ok(changed.includes('STREAM_KEY'))
    assert.equal(told.snapshots.length, 1)
    assert.equal(told.secrets.redact('first-key second-key').includes('-key'), false)
  })

  it('is also noticed where there is no targets file, and while it is malformed', async () => {
    const key = freshPath()
    writeFileSync(key, 'first-key')
    const listed = await start({ RTMP_STREAMS: 'a=rtmp://h/live/${STREAM_KEY}', STREAM_KEY_FILE: key })
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/${STREAM_KEY}' }))
    const filed = await start({ TARGETS_FILE: path, STREAM_KEY_FILE: key })
    replace(path, '{')
    await filed.next('a rejection', () => filed.rejections.length === 1)
    replace(key, 'second-key')
    for (const told of [listed, filed]) {
      await told.next('the second key', () => told.addresses[0] === 'rtmp://h/live/second-key')
    }
  })

  it('keeps its last value while its file is away or empty, and says so', async () => {
    const key = freshPath()
    writeFileSync(key, 'first-key')
    const told = await start({ RTMP_STREAMS: 'a=rtmp://h/live/${STREAM_KEY}', STREAM_KEY_FILE: key })
    for (const [damage, advice] of [
      [() => rmSync(key), /^STREAM_KEY_FILE: .* does not exist; its last value stays in use$/],
      [() => writeFileSync(key, ''), /is empty; its last value stays in use$/],
    ] as const) {
      damage()
      await told.next('a rejection', () => advice.test(told.rejections[0] ?? ''))
      assert.deepEqual(told.addresses, ['rtmp://h/live/first-key'])
    }
    writeFileSync(key, 'second-key')
    await told.next('no rejection', () => told.rejections.length === 0)
    assert.deepEqual(told.addresses, ['rtmp://h/live/second-key'])
  })

  it('is forgotten when no target needs it any more', async () => {
    const path = freshPath()
    writeFileSync(path, streams({ a: 'rtmp://h/live/${STREAM_KEY}' }))
    const told = await start({ TARGETS_FILE: path, STREAM_KEY: 'first-key' })
    replace(path, streams({ b: 'rtmp://h/live/x' }))
    await told.next('b', () => told.names.join() === 'b')
    await told.source.reload()
    assert.throws(() => told.secrets.expand('${STREAM_KEY}'), { code: 'missing-variable' })
  })
})
