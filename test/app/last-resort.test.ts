import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const SECRET = 'k3y-that-nobody-may-see'

/** A page that runs a function of the user's. */
const page = (name: string, func: string) => [
  { id: `${name}1`, type: 'http in', z: 'own0', url: `/${name}`, method: 'get', wires: [[`${name}2`]] },
  {
    ...{ id: `${name}2`, type: 'function', name, z: 'own0', func: `${func}\nreturn msg`, outputs: 1 },
    // That of Node-RED's own catches what it runs.
    ...{ libs: [{ var: 'timers', module: 'timers' }], wires: [[`${name}3`]] },
  },
  { id: `${name}3`, type: 'http response', z: 'own0', wires: [] },
]

const FLOW = [
  { id: 'own0', type: 'tab', label: 'Own' },
  ...page('crash', `timers.setTimeout(() => { throw new Error("boom of rtmp://127.0.0.1:1/live/${SECRET}") }, 1)`),
  ...page('odd', 'timers.setTimeout(() => { throw null }, 1)'),
  ...page('reject', `setTimeout(async () => { throw new Error("not waited for ${SECRET}") }, 1)`),
]

interface Reason {
  code: string
  message: string
  remedy: string[]
  id?: string
}

describe("what nobody in Node-RED's process catches, under npm start", { timeout: 240_000 }, () => {
  const folder = makeFolder()
  const env = {
    ...{ DATA_DIR: folder.dataDir, ADMIN_PASSWORD: 'open sesame', METRICS_TOKEN: 'token-for-metrics' },
    RTMP_STREAMS: `main=rtmp://127.0.0.1:1/live/${SECRET}`,
  }
  let monitor: MonitorProcess
  let outputs = ''
  const start = async () => {
    monitor = new MonitorProcess(folder.path, env)
    await monitor.up()
  }
  const get = (path: string) =>
    fetch(monitor.url + path, { headers: { authorization: 'Bearer token-for-metrics', connection: 'close' } })
  const reasons = async (code: string) => {
    const { reasons } = (await (await get('/health')).json()) as { reasons: Reason[] }
    return reasons.filter((reason) => reason.code === code)
  }
  const NODE_RED = /^rtmp-hmonitor-node-red$/
  /** Opens a page that makes Node-RED end, and waits until it is back. */
  const crash = async (path: string) => {
    const before = monitor.find(NODE_RED)
    await get(path).catch(() => {})
    await until(() => !monitor.processes().some(({ pid }) => pid === before), 10, 'Node-RED has ended')
    const isBack = () =>
      get('/health').then(
        ({ status }) => status !== 404,
        () => false,
      )
    await until(isBack, 60, 'it is back')
  }
  before(async () => {
    mkdirSync(folder.dataDir)
    writeFileSync(join(folder.dataDir, 'flows.json'), JSON.stringify(FLOW))
    await start()
  })
  after(async () => {
    await monitor.end()
    folder.remove()
  })

  it('a promise that nobody waits for is counted and said, and the rest goes on', async () => {
    const before = monitor.find(NODE_RED)
    assert.equal((await get('/reject')).status, 200)
    await until(async () => (await reasons('internal-error')).length > 0, 10, 'health says it')
    const [reason] = await reasons('internal-error')
    assert.match(
      reason?.message ?? '',
      /^In a node or a flow of anybody, .*\(unhandled rejection\), once since its start/,
    )
    assert.match(
      await (await get('/metrics')).text(),
      /^hmonitor_internal_errors_total\{place="unhandled rejection"\} 1$/m,
    )
    assert.match(
      monitor.output,
      /Internal error \(unhandled rejection\), the rest goes on: Error: not waited for \$\{streams\.main\.key\}\n/,
    )
    assert.equal(monitor.find(NODE_RED), before)
  })

  it('an exception ends Node-RED, which is started again and says when, why and where', async () => {
    await crash('/crash')
    assert.match(
      monitor.output,
      /Nobody caught this.*Error: boom of rtmp:\/\/127\.0\.0\.1:1\/live\/\$\{streams\.main\.key\}\n/,
    )
    assert.match(monitor.output, /Node-RED ended by itself: exit code 1, Error: boom of .* \(at .*Function node:crash2/)
    const [reason, ...more] = await reasons('runtime-ended')
    assert.match(
      reason?.message ?? '',
      /^Node-RED ended by itself at \d{4}-.*Z: exit code 1, Error: boom of .*Function node:crash2.*\. It was started again/,
    )
    assert.deepEqual([more, typeof reason?.id], [[], 'string'])
    assert.match(reason?.remedy.join() ?? '', /--safe/)
  })

  it('is one reason, however often it happens and whatever is thrown', async () => {
    await crash('/odd')
    const [reason, ...more] = await reasons('runtime-ended')
    assert.match(reason?.message ?? '', /exit code 1, null\..*the last of 2 times/)
    assert.deepEqual(more, [])
  })

  it('stays over a restart, and does not come again by it', async () => {
    outputs += monitor.output
    await monitor.end()
    await start()
    const [reason] = await reasons('runtime-ended')
    assert.match(reason?.message ?? '', /the last of 2 times/)
  })

  it('shows no secret', () => {
    assert.ok(!`${outputs}${monitor.output}`.includes(SECRET))
  })
})
