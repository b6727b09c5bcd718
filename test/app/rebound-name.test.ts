import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const ASKED = ['/metrics', '/api/v1/status', '/api/v1/history?target=x', '/api/v1/incidents', '/api/v1/report?target=x']

describe('the application without a token, asked by a name that was made to lead here', () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  before(async () => {
    monitor = new MonitorProcess(folder.path, {
      ...{ DATA_DIR: folder.dataDir, DEMO: 'off', ADMIN_PASSWORD: 'open sesame' },
      ...{ ALLOWED_HOSTS: 'monitor.hall.example', DASHBOARD_URL: 'https://wall.example/dashboard' },
    })
    await monitor.up()
  })
  after(async () => {
    await monitor?.end()
    folder.remove()
  })

  /** A request with a `Host` that `fetch` would not let anybody choose. */
  const ask = (path: string, host: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(monitor.url + path, { headers: { host, connection: 'close' } }, async (response) => {
        let text = ''
        for await (const piece of response.setEncoding('utf8')) text += piece
        resolve({ status: response.statusCode, text })
      })
      asked.on('error', reject).end()
    })

  it('says nothing of what it knows, and once in the log what to do', async () => {
    for (const path of ASKED) {
      const { status, text } = await ask(path, 'evil.example:1880')
      assert.equal(status, 403, path)
      assert.match(text, /"unknown-host".*ALLOWED_HOSTS/)
    }
    assert.equal(monitor.output.split('"evil.example"').length, 2, monitor.output)
  })

  it('answers to its own names, to those that it was given, and about its health to anybody', async () => {
    for (const host of ['127.0.0.1', 'localhost:1880', 'monitor:1880', 'monitor.hall.example', 'wall.example:8443']) {
      assert.equal((await ask('/metrics', host)).status, 200, host)
      assert.equal((await ask('/api/v1/status', host)).status, 200, host)
    }
    assert.equal((await ask('/health', 'evil.example')).status, 200)
  })
})
