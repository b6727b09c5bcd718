import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const TOKEN = 'a-token-of-the-webhook'

describe('the webhook of Alertmanager, in the application', () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  before(async () => {
    monitor = new MonitorProcess(folder.path, {
      DATA_DIR: folder.dataDir,
      DEMO: 'off',
      ALERT_WEBHOOK_TOKEN: TOKEN,
      ALERT_SOURCE: 'prometheus',
    })
    await monitor.up()
  })
  after(async () => {
    await monitor?.end()
    folder.remove()
  })
  const post = async (body: BodyInit, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, duplex: 'half' }
    const response = await fetch(`${monitor.url}/api/v1/alerts`, init as RequestInit)
    return { status: response.status, body: (await response.json()) as { error?: { code: string }; taken?: number } }
  }

  it('is taken with its token, and with no other', async () => {
    assert.deepEqual(await post('{"alerts":[]}'), { status: 200, body: { taken: 0 } })
    assert.equal((await post('{"alerts":[]}', {})).status, 401)
    assert.equal((await post('{"alerts":[]}', { authorization: 'Bearer a-token' })).status, 401)
  })

  it('is refused where it is no JSON, and where it does not say that it is', async () => {
    const { status, body } = await post('{"alerts":')
    assert.equal(status, 400)
    assert.equal(body.error?.code, 'invalid-message')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
      const answer = await post('{"alerts":[]}', { authorization: `Bearer ${TOKEN}`, 'content-type': type })
      assert.equal(answer.status, 415, type)
    }
    const packed = { authorization: `Bearer ${TOKEN}`, 'content-encoding': 'gzip' }
    assert.equal((await post(gzipSync('{"alerts":[]}'), packed)).status, 415)
  })

  it('is refused where it is too long, also when it does not say how long it is', async () => {
    const long = `{"alerts":["${'x'.repeat(1_200_000)}"]}`
    assert.equal((await post(long)).status, 413)
    assert.equal((await post(new Blob([long]).stream())).status, 413)
  })
})
