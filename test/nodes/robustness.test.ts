import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, startRuntime } from '../runtime.ts'

const node = (id: string, type: string, more: object = {}): FlowNode => ({ id, type, z: 'tab', ...more })

/** Pages that answer by a serve node, a way in for any message, and whatever is tried. */
const flowOf = (...nodes: FlowNode[]): FlowNode[] => [
  { id: 'tab', type: 'tab', label: 'tab' },
  ...['health', 'metrics', 'status'].map((what) =>
    node(`in-${what}`, 'http in', { url: `/${what}`, method: 'get', wires: [[`serve-${what}`]] }),
  ),
  ...['health', 'metrics', 'status'].map((what) =>
    node(`serve-${what}`, 'hmonitor-serve', { what, wires: [['out'], []] }),
  ),
  node('in-command', 'http in', { url: '/command', method: 'post', wires: [['serve-command']] }),
  node('serve-command', 'hmonitor-serve', { what: 'command', wires: [['out'], []] }),
  node('out', 'http response'),
  ...nodes,
]

interface Reason {
  code: string
  severity: string
  message: string
  id?: string
}

async function health(runtime: Runtime): Promise<{ status: number; body: { status: string; reasons: Reason[] } }> {
  const response = await runtime.fetch('/health')
  return { status: response.status, body: (await response.json()) as { status: string; reasons: Reason[] } }
}

const post = (runtime: Runtime, path: string, body: unknown) =>
  runtime.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

describe('files of the monitor that are damaged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-damage-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const flow = flowOf(
    node('desk', 'hmonitor-alert', { wires: [[], []] }),
    { id: 'receiver-1', type: 'hmonitor-receiver', name: 'people', kind: 'webhook', url: 'http://127.0.0.1:1/' },
    node('tell', 'hmonitor-notify', { receiver: 'receiver-1', wires: [[], []] }),
  )
  const start = () => startRuntime({ flows: flow, env: { DATA_DIR: folder } })

  it('are said in the log, in health and in the status, over a restart, until somebody has seen it', async () => {
    mkdirSync(join(folder, 'alerts'))
    mkdirSync(join(folder, 'outbox', 'tell.json'), { recursive: true })
    writeFileSync(join(folder, 'alerts', 'desk.json'), '{"version":1,"records":{"x"')
    const first = await start()
    const { status, body } = await health(first)
    assert.deepEqual([status, body.status], [200, 'degraded'])
    const messages = body.reasons.map(({ code, message }) => `${code} ${message}`).sort()
    assert.equal(messages.length, 2)
    assert.match(
      messages[0] ?? '',
      /^data-lost desk\.json is damaged \(it is no JSON.*Lost: which alerts had been sent/,
    )
    assert.match(
      messages[1] ?? '',
      /^data-lost tell\.json is damaged \(it is a folder\)\. Lost: alerts that wait to be sent to /,
    )
    const warned = first.log.filter(({ level, text }) => level === 'warn' && /is damaged/.test(text))
    assert.equal(warned.length, 2)
    assert.ok(readdirSync(join(folder, 'alerts')).includes('desk.json.damaged'))
    await first.stop()

    const second = await start()
    const { reasons } = (await health(second)).body
    assert.equal(reasons.length, 2)
    const { lasting } = (await (await second.fetch('/status')).json()) as { lasting: Reason[] }
    assert.deepEqual(lasting, reasons)
    const [one, other] = reasons
    assert.equal((await post(second, '/command', { action: 'seen', id: one?.id })).status, 200)
    assert.deepEqual((await health(second)).body.reasons, [other])
    assert.equal((await post(second, '/command', { action: 'seen', id: one?.id })).status, 400)
    assert.equal((await post(second, '/command', { action: 'seen', id: other?.id })).status, 200)
    assert.equal((await health(second)).body.status, 'ok')
    await second.stop()

    const third = await start()
    assert.equal((await health(third)).body.status, 'ok')
    await third.stop()
  })
})

describe('a token of the monitor that is lost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-token-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const monitor = (more: object = {}): FlowNode => ({
    id: 'monitor-1',
    type: 'hmonitor-monitor',
    name: 'hall',
    site: '',
    ...more,
  })

  it('closes the API instead of opening it, until there is one again', async () => {
    const first = await startRuntime({ flows: flowOf(monitor()), env: { DATA_DIR: folder } })
    assert.equal((await first.fetch('/status')).status, 200)
    await first.deploy(flowOf(monitor({ credentials: { token: 's3cret' } })))
    assert.equal((await first.fetch('/status')).status, 401)
    await first.stop()

    // As after a start with a damaged flows_cred.json: the flows are there, the credentials are not.
    const second = await startRuntime({ flows: flowOf(monitor()), env: { DATA_DIR: folder } })
    const closed = await second.fetch('/status')
    assert.equal(closed.status, 503)
    assert.match(await closed.text(), /"credentials-damaged".*type the token again/)
    const { status, body } = await health(second)
    assert.deepEqual([status, body.status, body.reasons[0]?.code], [200, 'degraded', 'credentials-damaged'])
    assert.equal((await second.fetch('/metrics', { headers: { authorization: 'Bearer s3cret' } })).status, 503)
    await second.deploy(flowOf(monitor({ site: 'deployed again' })))
    assert.equal((await second.fetch('/status')).status, 503)
    await second.deploy(flowOf(monitor({ credentials: { token: 'another' } })))
    assert.equal((await second.fetch('/status', { headers: { authorization: 'Bearer another' } })).status, 200)
    assert.equal((await health(second)).body.status, 'ok')
    await second.stop()
  })
})

/** Names that every object has: as a key of a table they are found where nothing was put. */
/** A target's name begins with a letter or a digit: the others are refused. */
const NAMES = /^[a-z]/
const ODD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

describe('names that every object has, in the input of every node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-odd-'))
  let runtime: Runtime
  const TYPES = [
    'alert',
    'notify',
    'log',
    'record',
    'ffprobe',
    'ping',
    'service',
    'bandwidth',
    'web-presenter',
    'vimeo',
  ]
  const time = '2026-11-28T12:00:00.000Z'
  const issue = { type: 'x', severity: 'error', since: time, summary: 'x', remedy: [] }

  const messages = (odd: string): unknown[] => {
    // Written, so that __proto__ is an entry of its own.
    const labels = JSON.parse(`{${JSON.stringify(odd)}: ${JSON.stringify(odd)}}`) as Record<string, string>
    return [
      ...['acknowledge', 'silence', 'unsilence', 'seen'].map((action) => ({ action, id: odd })),
      { action: odd, kind: odd, id: odd, name: odd, target: odd },
      ...['stream', 'ping', 'service', 'encoder'].flatMap((kind) => [
        { action: 'expect', kind, name: odd, expected: true },
        { action: 'unwatch', kind, name: odd },
        { action: 'keep', kind, owner: odd, names: [odd] },
      ]),
      {
        action: 'watch',
        kind: 'ping',
        target: { name: odd, address: '127.0.0.1', interval: 1, dependsOn: [odd] },
      },
      {
        action: 'watch',
        kind: 'stream',
        target: { name: odd, url: 'rtmp://127.0.0.1:1/x', profile: odd, limits: { [odd]: null } },
      },
      {
        version: '4',
        alerts: [
          {
            status: 'firing',
            labels: { ...labels, alertname: odd, target: odd, severity: odd },
            annotations: labels,
            startsAt: time,
          },
        ],
      },
      {
        ...{
          id: odd,
          alertname: odd,
          severity: odd,
          kind: odd,
          target: odd,
          monitor: odd,
          site: odd,
          status: 'firing',
        },
        ...{ change: odd, startsAt: time, time, labels, effects: [odd], via: 'notify', issue: { ...issue, type: odd } },
      },
      { event: 'state', kind: 'stream', target: odd, labels, time, from: odd, to: odd },
      { event: 'raised', kind: 'ping', target: odd, labels, time, issue: { ...issue, type: odd } },
      {
        ...{ kind: 'ping', target: odd, labels, time, sequence: 1, state: 'down', expected: true, score: 0 },
        ...{ measurements: {}, issues: [{ ...issue, type: odd }] },
      },
      { op: odd, val: 1, labels },
      { op: 'inc', val: 1, labels },
      odd,
      labels,
    ]
  }

  before(async () => {
    runtime = await startRuntime({
      env: { DATA_DIR: folder },
      flows: flowOf(
        node('in-any', 'http in', {
          ...{ url: '/any', method: 'post' },
          wires: [[...TYPES.map((type) => `any-${type}`), 'any-metric', 'serve-status', 'serve-health', 'ok']],
        }),
        node('ok', 'http response', { statusCode: '204' }),
        { id: 'receiver-1', type: 'hmonitor-receiver', name: 'people', kind: 'webhook', url: 'http://127.0.0.1:1/' },
        ...TYPES.map((type) =>
          node(`any-${type}`, `hmonitor-${type}`, {
            receiver: 'receiver-1',
            wires: [['any-record', 'any-alert'], [], []],
          }),
        ),
        node('any-metric', 'hmonitor-metric', { metric: 'odd_names', kind: 'counter', labels: 'a,b', wires: [[]] }),
      ),
    })
  })
  after(async () => {
    await runtime?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are taken or refused, and the runtime lives, measures and says nothing of itself', async () => {
    for (const odd of ODD) {
      for (const message of messages(odd)) await post(runtime, '/any', message)
    }
    const watched = ODD.filter((odd) => NAMES.test(odd))
    // What the ticks of a few seconds make of it.
    const turns = () => runtime.from('any-ping').length
    const seen = turns()
    await until(() => turns() >= seen + 3 * watched.length, 20, 'three more observations of each host')
    const internal = runtime.log.filter(({ text }) => /Internal error|TypeError|RangeError/.test(text))
    assert.deepEqual(internal, [])
    let metrics = ''
    const allUp = async () => {
      metrics = await (await runtime.fetch('/metrics')).text()
      return watched.every((odd) => metrics.includes(`hmonitor_ping_up{target="${odd}"} 1`))
    }
    await until(allUp, 20, () => `every host is up\n${metrics}`)
    assert.doesNotMatch(metrics, /hmonitor_internal_errors_total\{/)
    const { targets } = (await (await runtime.fetch('/status')).json()) as { targets: { target: string }[] }
    assert.deepEqual(
      watched.filter((odd) => !targets.some(({ target }) => target === odd)),
      [],
    )
  })

  it('are refused in a command, as any other that there is not', async () => {
    for (const odd of ODD) {
      for (const action of ['acknowledge', 'silence', 'seen']) {
        const response = await post(runtime, '/command', { action, id: odd })
        assert.equal(response.status, 400, `${action} ${odd}`)
      }
    }
  })
})
