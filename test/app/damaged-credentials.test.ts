import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { FlowNode } from '../../app/flows.ts'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const PASSWORD = 'open sesame'

describe('flows_cred.json under npm start', { timeout: 300_000 }, () => {
  const folder = makeFolder()
  const credentials = join(folder.dataDir, 'flows_cred.json')
  let monitor: MonitorProcess
  after(async () => {
    await monitor?.end()
    folder.remove()
  })
  const start = async () => {
    monitor = new MonitorProcess(folder.path, {
      ...{ DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD, DEMO: 'off' },
    })
    await monitor.up()
  }
  const status = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, connection: 'close' }
    const response = await fetch(`${monitor.url}/api/v1/status`, { headers })
    return { status: response.status, text: await response.text() }
  }
  const reasons = async () => {
    const { reasons } = (await (await fetch(`${monitor.url}/health`)).json()) as { reasons: { code: string }[] }
    return reasons.map(({ code }) => code)
  }
  /** Types a token into the dialog of the monitor, and deploys. */
  const type = async (token: string) => {
    const headers = {
      ...{ authorization: `Bearer ${await monitor.logIn(PASSWORD)}`, 'content-type': 'application/json' },
      ...{ 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': 'full', origin: monitor.url },
    }
    const { flows } = (await (await fetch(`${monitor.url}/flows`, { headers })).json()) as { flows: FlowNode[] }
    const changed = flows.map((node) => (node.type === 'hmonitor-monitor' ? { ...node, credentials: { token } } : node))
    const response = await fetch(`${monitor.url}/flows`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ flows: changed }) },
    })
    assert.equal(response.status, 200, await response.text())
    await until(async () => (await status(token)).status === 200, 20, 'the token lets in')
  }

  it('holds the token of the monitor, which asks for it', async () => {
    await start()
    await type('typed-token')
    assert.ok(existsSync(credentials))
    assert.equal((await status('another')).status, 401)
    assert.deepEqual(await reasons(), [])
  })

  const whole = () => readFileSync(credentials, 'utf8')
  const DAMAGES: [name: string, damaged: () => string][] = [
    ['is empty', () => ''],
    ['is an empty object', () => '{}'],
    ['is cut off', () => whole().slice(0, whole().length / 2)],
    ['is of another secret', () => JSON.stringify({ $: `${'0'.repeat(32)}bm90IG91cnM=` })],
  ]
  for (const [name, damaged] of DAMAGES) {
    it(`that ${name} lets nobody in, and is said, until there is a token again`, async () => {
      const text = damaged()
      await monitor.end()
      writeFileSync(credentials, text)
      await start()
      assert.match(monitor.output, /RTMP HMonitor is running\./)
      for (const token of ['typed-token', '', 'undefined']) {
        const answer = await status(token)
        assert.equal(answer.status, 503, answer.text)
        assert.match(answer.text, /"credentials-damaged"/)
      }
      assert.ok((await reasons()).includes('credentials-damaged'))
      await type('typed-token')
      assert.deepEqual(await reasons(), [])
    })
  }
})
