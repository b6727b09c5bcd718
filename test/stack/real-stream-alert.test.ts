import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { makeImageFolder } from './image-folder.ts'
import { startWholeStack, type WholeStack } from './whole-stack.ts'

describe('the stack, watching a real stream', () => {
  let rtmp: RtmpServer
  let publisher: Publisher
  let stack: WholeStack
  let image: string

  before(async () => {
    rtmp = await startNginxRtmp()
    publisher = await startPublisher(rtmp.url('live/main'))
    image = await makeImageFolder()
    const env = {
      SITE: 'main-hall',
      RTMP_STREAMS: `main=${rtmp.url('live/main')}`,
      // What the stack decides itself, and .env must not change inside the container.
      ...{ PORT: '9', HOST: '192.0.2.1', METRICS_TOKEN: 'token-of-env', DATA_DIR: '/nowhere' },
    }
    stack = await startWholeStack(env, image)
  })
  after(async () => {
    await stack?.stop()
    await publisher?.kill()
    await rtmp?.stop()
    if (image) rmSync(image, { recursive: true, force: true })
  })

  it('runs from what the image holds, by the command, the environment and the health check of docker-compose.yml', async () => {
    await until(() => stack.monitor.isHealthy(), 15, 'the health check ends with 0')
    const metrics = (token: string) => fetch(`${stack.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    const token = readFileSync(join(stack.folder.out, 'monitor/metrics_token'), 'utf8').trim()
    assert.equal((await metrics(token)).status, 200)
    assert.equal((await metrics('another')).status, 401)
  })

  it('is scraped, with the stream up', async () => {
    const isUp = async () => (await stack.query('hmonitor_stream_up{site="main-hall"} == 1')).length === 1
    await until(isUp, 20, 'the stream is up in Prometheus')
    assert.deepEqual(await stack.query('ALERTS{alertname!="Watchdog",alertstate="firing"}'), [])
  })

  it('tells of a stream that falls silent within 12 s, once, and that it is back, once', async () => {
    const { mails } = stack.mail
    const began = Date.now()
    await publisher.kill()
    await until(
      () => mails.length > 0,
      14,
      () => `an email: ${stack.alertmanager.process.output()}`,
    )
    const [first] = mails
    assert.ok(first && first.at - began < 12_000, `it took ${(first?.at ?? 0) - began} ms`)
    assert.equal(first.subject, 'CRITICAL: Stream main: stream offline (RTMP HMonitor at main-hall)')
    assert.match(first.text, /What to do:\r?\n1\. Check the encoder/)
    publisher = await startPublisher(rtmp.url('live/main'))
    await until(() => mails.length > 1, 60, 'an email that it ended')
    assert.deepEqual(
      mails.map(({ subject }) => subject.replace(/:.*/, '')),
      ['CRITICAL', 'ENDED'],
    )
    assert.match(mails[1]?.subject ?? '', /stream main/i)
  })

  it("takes Alertmanager's webhook: nothing that was sent to Node-RED failed", async () => {
    const exposition = await (await fetch(`${stack.alertmanager.url}/metrics`)).text()
    // Alertmanager 0.34 has a series for each reason of a failure, 0.25 one for all.
    const of = (name: string) => {
      const values = [...exposition.matchAll(new RegExp(`^${name}\\{integration="webhook".*\\} (\\d+)$`, 'gm'))]
      assert.ok(values.length > 0, `Alertmanager counts ${name}`)
      return values.reduce((sum, [, value]) => sum + Number(value), 0)
    }
    // The members' own alerts are inhibited; the watchdog's come.
    assert.ok(of('alertmanager_notifications_total') >= 1)
    assert.equal(of('alertmanager_notifications_failed_total'), 0)
  })
})
