import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Commands } from '../../src/monitor/commands.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { OverviewView } from '../../src/view/overview.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import type { FlowNode } from '../runtime.ts'
import { type Credentials, flowOf, TestRuntime } from './node-red.ts'

const serve = (more: object = {}): FlowNode => ({ id: 'serve-1', type: 'hmonitor-serve', what: 'auto', ...more })
const monitor = (id = 'monitor-1'): FlowNode => ({ id, type: 'hmonitor-monitor', name: 'hall', site: 'main-hall' })

interface Response {
  statusCode: number
  headers: Record<string, string>
  payload: string | Buffer
}

describe('the serve node', () => {
  let runtime: TestRuntime
  afterEach(async () => {
    delete process.env.METRICS_TOKEN
    delete process.env.METRICS_TOKEN_FILE
    monitorState('default').directory.leave('stream', 'main', 'test')
    await runtime.stop()
  })
  const start = async (flow: FlowNode[] = flowOf(serve()), credentials: Credentials = {}) => {
    runtime = await TestRuntime.start(flow, credentials)
  }
  const ask = async (req: object | undefined, more: object = {}): Promise<Response> => {
    const before = runtime.sent('serve-1').length
    runtime.receive('serve-1', { req, ...more })
    await until(() => runtime.sent('serve-1').length > before, 5, 'an answer')
    return runtime.sent('serve-1').at(-1) as unknown as Response
  }
  const get = (path: string, headers: Record<string, string> = {}, query: object = {}) =>
    ask({ method: 'GET', path, headers, query })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const body = ({ payload }: Response) => JSON.parse(String(payload))
  const watch = () => {
    const { directory, newest, metrics } = monitorState('default')
    directory.enter('stream', 'main', 'test', 1)
    metrics.record(observation(), null)
    newest.put(observation())
  }

  it('answers by what the address ends in', async () => {
    await start()
    watch()
    assert.match(String((await get('/metrics')).payload), /^hmonitor_stream_up\{target="main"\} 1$/m)
    assert.equal(body(await get('/health')).status, 'ok')
    assert.equal(body(await get('/api/v1/status/')).targets[0].target, 'main')
    const elsewhere = await get('/admin')
    assert.equal(elsewhere.statusCode, 404)
    assert.match(body(elsewhere).error.message, /\/metrics/)
  })

  it('answers with what its dialog says, whatever the address', async () => {
    await start(flowOf(serve({ what: 'metrics' })))
    assert.match(String((await get('/anything')).payload), /^hmonitor_build_info/m)
  })

  it('answers a message that is no request, and lets the rest of it be', async () => {
    await start()
    watch()
    const answer = await ask(undefined, { topic: 'kept' })
    assert.equal(body(answer).targets.length, 1)
    assert.equal((answer as unknown as { topic: string }).topic, 'kept')
  })

  it("gives a command to the node that it concerns, and says where it is nobody's", async () => {
    await start(flowOf(serve({ what: 'command' })))
    const given: unknown[] = []
    const takeBack = monitorState('default')
      .part(Commands)
      .offer((payload) => given.push(payload) > 0)
    const command = { action: 'expect', kind: 'stream', name: 'main', expected: false }
    assert.deepEqual(body(await ask(undefined, { payload: command })), { done: true })
    assert.deepEqual(given, [command])
    takeBack()
    const refused = await ask(undefined, { payload: command })
    assert.equal(refused.statusCode, 400)
    assert.equal(body(refused).error.code, 'invalid-message')
  })

  it('says what follows where an event is ended while media arrives', async () => {
    await start(flowOf(serve({ what: 'command' })))
    const takeBack = monitorState('default')
      .part(Commands)
      .offer(() => true)
    watch()
    const command = { action: 'expect', kind: 'stream', name: 'main', expected: false }
    const answer = body(await ask(undefined, { payload: command }))
    assert.equal(answer.done, true)
    assert.match(answer.notice, /^Media still arrives\. Nobody is told if it stops now/)
    assert.deepEqual(body(await ask(undefined, { payload: { ...command, expected: true } })), { done: true })
    takeBack()
  })

  it('takes no command by an address alone', async () => {
    await start()
    assert.equal((await get('/api/v1/command')).statusCode, 404)
  })

  it('answers a request of any shape', async () => {
    await start()
    for (const req of [{}, { path: 7, headers: null, query: 'x' }, { path: '/metrics', headers: { accept: 7 } }]) {
      assert.ok((await ask(req)).statusCode >= 200)
    }
  })

  it('gives metrics in the format that is asked for, compressed for who takes that', async () => {
    await start()
    watch()
    const plain = await get('/metrics')
    assert.match(plain.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/)
    assert.equal(plain.headers['content-encoding'], undefined)
    const open = await get('/metrics', {
      accept: 'application/openmetrics-text;version=1.0.0',
      'accept-encoding': 'gzip',
    })
    assert.match(open.headers['content-type'] ?? '', /^application\/openmetrics-text/)
    assert.equal(open.headers['content-encoding'], 'gzip')
    assert.match(gunzipSync(open.payload).toString(), /# EOF\n$/)
    assert.equal((await get('/metrics', { 'accept-encoding': 'br, gzip;q=0' })).headers['content-encoding'], undefined)
  })

  it('gives the status as text, which no other page can read as a script', async () => {
    await start()
    const answer = await get('/api/v1/status', {}, { callback: 'steal' })
    assert.equal(typeof answer.payload, 'string')
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
    assert.equal(answer.headers['cache-control'], 'no-store')
  })

  it('gives a flow that asks for it the status as an object of its own, and no request', async () => {
    await start()
    watch()
    const payload = { as: 'object' }
    const { payload: status } = (await ask(undefined, { payload })) as unknown as { payload: { targets: object[] } }
    assert.deepEqual(status.targets, body(await ask(undefined)).targets)
    assert.notEqual(status.targets[0], monitorState('default').newest.get('stream', 'main')?.observation)
    const asked = await ask({ method: 'GET', path: '/api/v1/status', headers: {}, query: {} }, { payload })
    assert.equal(typeof asked.payload, 'string')
  })

  it('gives what a page shows, as the dialog names it or the message, in the language that is asked for', async () => {
    await start(flowOf(serve({ what: 'view', page: 'overview' })))
    watch()
    const asked = async (payload: object) => (await ask(undefined, { payload })).payload as unknown as OverviewView
    const { instance, headline, cards } = await asked({})
    assert.deepEqual([instance.language, headline, cards[0]?.name], ['en', 'OK', 'main'])
    assert.equal((await asked({ language: 'de' })).instance.language, 'de')
    assert.ok('tables' in (await asked({ page: 'sources' })))
    assert.equal((await ask(undefined, { payload: { page: 'nothing' } })).statusCode, 400)
  })

  it('says of which monitor the status is', async () => {
    await start([...flowOf(serve()), monitor()])
    const { instance } = body(await get('/api/v1/status'))
    assert.equal(instance.name, 'hall')
    assert.equal(instance.site, 'main-hall')
    assert.match(instance.version, /^\d+\.\d+\.\d+/)
  })

  it('chooses by kind and target, and says what is wrong with a choice', async () => {
    await start()
    watch()
    const status = (query: object) => get('/api/v1/status', {}, query)
    assert.equal(body(await status({ target: 'main', kind: 'stream' })).targets.length, 1)
    assert.equal(body(await status({ kind: 'ping' })).targets.length, 0)
    assert.equal((await status({ target: 'nobody' })).statusCode, 404)
    assert.equal((await status({ kind: 'weather' })).statusCode, 400)
    assert.match(body(await status({ kind: 'weather' })).error.message, /stream/)
    assert.equal((await status({ target: { $gt: '' } })).statusCode, 400)
  })

  it('is unhealthy, with the reason, where a target has no fresh observation', async () => {
    await start()
    const { directory } = monitorState('default')
    directory.enter('stream', 'main', 'test', 1)
    await until(async () => (await get('/health')).statusCode === 503, 10, 'it is unhealthy')
    const { reasons } = body(await get('/health'))
    assert.equal(reasons[0].code, 'stale')
  })

  describe('with a token', () => {
    const refused = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await get(path, headers)
      assert.equal(answer.statusCode, 401)
      assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer realm=/)
      assert.doesNotMatch(String(answer.payload), /hmonitor_|sesame/)
    }

    it('lets in who carries the one of the environment, and nobody else', async () => {
      process.env.METRICS_TOKEN = 'sesame'
      await start()
      for (const path of ['/metrics', '/api/v1/status']) {
        await refused(path)
        for (const wrong of ['Bearer wrong', 'Bearer', 'Bearer sesame2', 'Basic c2VzYW1l', 'sesame', 'Bearer  ']) {
          await refused(path, { authorization: wrong })
        }
        assert.equal((await get(path, bearer('sesame'))).statusCode, 200)
        assert.equal((await get(path, { authorization: 'bearer sesame' })).statusCode, 200)
      }
    })

    it('asks none for the health', async () => {
      process.env.METRICS_TOKEN = 'sesame'
      await start()
      assert.equal((await get('/health')).statusCode, 200)
    })

    it('asks for the one of the monitor rather than that of the environment', async () => {
      process.env.METRICS_TOKEN = 'other'
      await start([...flowOf(serve()), monitor()], { 'monitor-1': { token: 'sesame' } })
      await refused('/metrics', bearer('other'))
      assert.equal((await get('/metrics', bearer('sesame'))).statusCode, 200)
    })

    it('takes a new one from its file without a deploy, and lets nobody in while it cannot be read', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hmonitor-token-'))
      const file = join(folder, 'token')
      process.env.METRICS_TOKEN_FILE = file
      try {
        await start()
        assert.equal((await get('/metrics', bearer('sesame'))).statusCode, 503)
        writeFileSync(file, 'sesame\n')
        assert.equal((await get('/metrics', bearer('sesame'))).statusCode, 200)
        writeFileSync(file, 'renewed')
        await refused('/metrics', bearer('sesame'))
        writeFileSync(file, '\n')
        assert.equal((await get('/metrics', bearer(''))).statusCode, 503)
      } finally {
        rmSync(folder, { recursive: true })
      }
    })

    it('lets nobody in where the variable that holds it is not set', async () => {
      await start([...flowOf(serve()), monitor()], { 'monitor-1': { token: '${NOT_SET_ANYWHERE}' } })
      assert.equal((await get('/metrics')).statusCode, 503)
      assert.equal((await get('/metrics', bearer('${NOT_SET_ANYWHERE}'))).statusCode, 503)
    })

    it('asks no flow for it', async () => {
      process.env.METRICS_TOKEN = 'sesame'
      await start(flowOf(serve({ what: 'metrics' })))
      assert.match(String((await ask(undefined)).payload), /hmonitor_build_info/)
    })
  })

  it('answers no page whose name was made to lead here, and says so once in the log', async () => {
    await start()
    watch()
    for (const path of ['/metrics', '/api/v1/status', '/api/v1/history', '/api/v1/incidents', '/api/v1/picture']) {
      const answer = await get(path, { host: 'evil.example:1880' })
      assert.equal(answer.statusCode, 403)
      assert.equal(body(answer).error.code, 'unknown-host')
      assert.equal('warning' in answer, false)
    }
    const warnings = runtime.warnings('serve-1').filter((line) => line.includes('evil.example'))
    assert.equal(warnings.length, 1, warnings.join())
    for (const host of ['127.0.0.1:1880', 'localhost', 'monitor:1880']) {
      assert.equal((await get('/metrics', { host })).statusCode, 200, host)
    }
    assert.equal((await get('/health', { host: 'evil.example' })).statusCode, 200)
    process.env.METRICS_TOKEN = 'sesame'
    assert.equal((await get('/metrics', { ...bearer('sesame'), host: 'monitor.example' })).statusCode, 200)
  })

  it('answers even where its monitor is gone, so that nobody waits', async () => {
    await start(flowOf(serve({ monitor: 'gone' })))
    assert.equal((await get('/metrics')).statusCode, 503)
    assert.equal(runtime.status('serve-1').text, 'no such monitor')
  })
})
