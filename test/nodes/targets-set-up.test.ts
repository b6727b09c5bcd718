import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { WatchCommand } from '../../src/targets/command.ts'
import { until } from '../fixtures/wait.ts'
import { flowOf, TestRuntime } from './node-red.ts'

describe('targets that are set up through a targets node', () => {
  let runtime: TestRuntime
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-targets-'))
    process.env.TARGETS_FILE = process.env.TARGETS_SETUP_FILE = join(folder, 'targets.json')
    writeFileSync(
      join(folder, 'targets.json'),
      '{ "streams": [{ "name": "main", "url": "rtmp://127.0.0.1/live/abcdefgh1" }] }',
    )
    runtime = await TestRuntime.start(
      flowOf(
        { id: 'targets-1', type: 'hmonitor-targets', file: '' },
        { id: 'serve-1', type: 'hmonitor-serve', what: 'command' },
        { id: 'service-1', type: 'hmonitor-service' },
      ),
    )
    await until(() => names().includes('main'), 5, 'the file is read')
  })
  afterEach(async () => {
    delete process.env.TARGETS_FILE
    delete process.env.TARGETS_SETUP_FILE
    await runtime.stop()
    rmSync(folder, { recursive: true })
  })

  const names = () =>
    runtime
      .sent('targets-1')
      .map(({ payload }) => payload as WatchCommand)
      .filter(({ action }) => action === 'watch')
      .map(({ target }) => (target as { name: string }).name)

  const ask = async (payload: object) => {
    const before = runtime.sent('serve-1').length
    runtime.receive('serve-1', { payload })
    await until(() => runtime.sent('serve-1').length > before, 30, 'it answers')
    const { statusCode, payload: text } = runtime.sent('serve-1').at(-1) as { statusCode: number; payload: string }
    return { statusCode, body: JSON.parse(text) }
  }

  it('are listed without what is secret', async () => {
    const { body } = await ask({ action: 'list-targets' })
    assert.deepEqual(body.targets, [{ kind: 'stream', target: { name: 'main', url: 'rtmp://127.0.0.1/live/***' } }])
    assert.equal(body.why, null)
  })

  it('are watched as soon as they are written, and not any more once they are taken away', async () => {
    const target = { name: 'backup', url: 'rtmp://127.0.0.1/live/other' }
    const { body } = await ask({ action: 'set-target', kind: 'stream', target })
    assert.equal(body.done, true)
    assert.ok(names().includes('backup'))
    await ask({ action: 'remove-target', kind: 'stream', name: 'main' })
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'targets.json'), 'utf8')).streams, [target])
  })

  it('are all written where several come at once', async () => {
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) {
      const target = { name, url: `rtmp://127.0.0.1/live/${name}` }
      runtime.receive('serve-1', { payload: { action: 'set-target', kind: 'stream', target } })
    }
    await until(() => runtime.sent('serve-1').length >= names.length, 30, 'all are answered')
    const { streams } = JSON.parse(readFileSync(join(folder, 'targets.json'), 'utf8'))
    assert.deepEqual(
      streams.map(({ name }: { name: string }) => name),
      ['main', ...names],
    )
  })

  it('are neither changed nor tried where nobody has allowed it', async () => {
    delete process.env.TARGETS_SETUP_FILE
    const target = { name: 'door', url: 'tcp://127.0.0.1:1' }
    for (const action of ['set-target', 'try-target']) {
      const { body } = await ask({ action, kind: 'service', target })
      assert.equal(body.error.code, 'not-in-use', action)
    }
  })

  it('are refused with the reason and the field, and nothing is written', async () => {
    const before = readFileSync(join(folder, 'targets.json'), 'utf8')
    const refused: [object, RegExp][] = [
      [{ action: 'set-target', kind: 'stream', target: { name: 'x' } }, /"url"/],
      [{ action: 'set-target', kind: 'stream', target: { name: 'x', url: 'rtmp://h/live/${NOWHERE}' } }, /NOWHERE/],
      [
        { action: 'set-target', kind: 'stream', target: { name: 'x', url: 'rtmp://h/live/${METRICS_TOKEN}' } },
        /secret of the monitor/,
      ],
      [{ action: 'set-target', kind: 'constructor', target: {} }, /kind/],
      [{ action: 'set-target', kind: 'stream', target: [] }, /target/],
      [{ action: 'remove-target', kind: 'stream', name: 'gone' }, /gone/],
      [{ action: 'set-target', kind: 'stream', target: { name: 'x', url: 'rtmp://h/live/k' }, more: 1 }, /more/],
    ]
    for (const [command, words] of refused) {
      const { statusCode, body } = await ask(command)
      assert.equal(statusCode, 400, JSON.stringify(command))
      assert.match(body.error.message, words)
    }
    assert.equal(readFileSync(join(folder, 'targets.json'), 'utf8'), before)
  })

  it('are tried before they are written', async () => {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as { port: number }
    const target = { name: 'door', url: `tcp://127.0.0.1:${port}` }
    const { body } = await ask({ action: 'try-target', kind: 'service', target })
    assert.equal(body.state, 'ok', body.text)
    await new Promise((closed) => server.close(closed))
    const after = await ask({ action: 'try-target', kind: 'service', target })
    assert.equal(after.body.state, 'down', after.body.text)
    assert.ok(!names().includes('door'))
  })
})
