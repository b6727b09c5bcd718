import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { NO_LINKS } from '../../src/monitor/directory.ts'
import type { HistoryDocument } from '../../src/monitor/history-document.ts'
import type { TimelineDocument } from '../../src/monitor/timeline.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const ajv = new Ajv({ strict: true, allowUnionTypes: true })
addFormats.default(ajv)
ajv.addSchema(JSON.parse(readFileSync(new URL('../../src/monitor/history.schema.json', import.meta.url), 'utf8')), 'h')
const isValid = (name: string, value: unknown) => {
  const validate = ajv.getSchema(`h#/$defs/${name}`)
  assert.ok(validate?.(value), JSON.stringify(validate?.errors))
}

describe('the serve node, asked what was', () => {
  let runtime: TestRuntime
  let folder = ''
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-history-'))
    process.env.DATA_DIR = folder
    runtime = await TestRuntime.start(flowOf({ id: 'serve-1', type: 'hmonitor-serve', what: 'auto' }))
    const { directory, newest } = monitorState('default')
    directory.enter('encoder', 'camera', 'test', 1)
    directory.enter('stream', 'main', 'test', 1, { ...NO_LINKS, dependsOn: ['camera'] })
    newest.put(observation())
  })
  afterEach(async () => {
    const { directory } = monitorState('default')
    directory.leave('stream', 'main', 'test')
    directory.leave('encoder', 'camera', 'test')
    delete process.env.METRICS_TOKEN
    await runtime.stop()
    delete process.env.DATA_DIR
    rmSync(folder, { recursive: true, force: true })
  })
  const get = async (path: string, query: object) => {
    const before = runtime.sent('serve-1').length
    runtime.receive('serve-1', { req: { method: 'GET', path: `/api/v1/${path}`, headers: {}, query } })
    await until(() => runtime.sent('serve-1').length > before, 30, 'an answer')
    const { statusCode, payload } = runtime.sent('serve-1').at(-1) as unknown as { statusCode: number; payload: string }
    return { statusCode, body: JSON.parse(payload) }
  }
  /** Asks until what stands long enough to be seen is there. */
  const whenWatched = async <T extends { states: { state: string }[] }>(path: string, own: (body: unknown) => T) => {
    let body: unknown = null
    await until(
      async () => {
        body = (await get(path, { target: 'main' })).body
        return own(body).states.some(({ state }) => state === 'ok')
      },
      60,
      'a state in the history',
    )
    return body
  }

  it('answers with the history of a target, without holes', async () => {
    const body = (await whenWatched('history', (one) => one as HistoryDocument)) as HistoryDocument
    isValid('history', body)
    assert.deepEqual([body.target, body.kind, body.step], ['main', 'stream', 10])
    for (const [index, { from }] of body.states.entries()) {
      assert.equal(from, body.states[index - 1]?.to ?? body.from)
    }
    assert.equal(body.states.at(-1)?.to, body.to)
    assert.equal(body.states[0]?.state, 'unmeasured')
  })

  it('answers with the time line of a stream and what it depends on', async () => {
    const { history } = monitorState('default')
    const content = { receiver: 'team', subject: 's', tone: 'critical', alerts: [{ kind: 'stream', target: 'main' }] }
    history.add({ type: 'message', of: null, time: Date.now(), ended: null, key: null, content })
    const others = { ...content, alerts: [{ kind: 'stream', target: 'another' }] }
    history.add({ type: 'message', of: null, time: Date.now(), ended: null, key: null, content: others })
    // What happens in the very millisecond of the question lies after its end.
    const added = Date.now()
    await until(() => Date.now() > added, 30, 'the next millisecond')
    const stream = (body: unknown) => {
      const found = (body as TimelineDocument).lanes.find(({ lane }) => lane === 'stream')?.targets[0]
      assert.ok(found)
      return found
    }
    const body = (await whenWatched('timeline', stream)) as TimelineDocument
    isValid('timeline', body)
    assert.deepEqual(
      body.lanes.map(({ lane, targets }) => [lane, ...targets.map(({ target }) => target)]),
      [['encoder', 'camera'], ['network'], ['stream', 'main'], ['platform']],
    )
    assert.equal(body.messages.length, 1)
  })

  it('says what is wrong with a question', async () => {
    assert.equal((await get('history', {})).statusCode, 400)
    const unknown = await get('timeline', { target: 'nobody' })
    assert.deepEqual([unknown.statusCode, unknown.body.error.code], [404, 'unknown-target'])
    assert.equal((await get('history', { target: 'gone', kind: 'stream' })).statusCode, 200)
  })

  it('asks for the token, as every other route', async () => {
    process.env.METRICS_TOKEN = 'a-long-enough-token'
    assert.equal((await get('history', { target: 'main' })).statusCode, 401)
    assert.equal((await get('timeline', { target: 'main' })).statusCode, 401)
  })
})
