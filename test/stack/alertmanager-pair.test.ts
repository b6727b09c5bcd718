import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Delivery } from '../../src/alerts/delivery.ts'
import type { Message } from '../../src/alerts/message.ts'
import { parseWebhook } from '../../src/alerts/webhook.ts'
import { newsInWebhook } from '../../src/alerts/webhook-news.ts'
import { systemClock } from '../../src/observation/clock.ts'
import { JsonFile } from '../../src/storage/json-file.ts'
import { freePort } from '../fixtures/ports.ts'
import { type HttpSink, httpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { type Daemon, startPairedAlertmanager } from './daemons.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

/** What `docker-compose.pair.yml` gives both. */
const PEER_TIMEOUT = /--cluster\.peer-timeout=(\d+)s/.exec(
  readFileSync(new URL('../../docker-compose.pair.yml', import.meta.url), 'utf8'),
)

/** Seconds that a person's mail server takes. */
const SLOW = 2

/** The shipped configuration in two real Alertmanagers that know each other, and what our outbox makes of both. */
async function setPair(peerTimeout: number) {
  const hook = await httpSink()
  const [one, other] = [await freePort(), await freePort()]
  const folder: StackFolder = configureStack({ SITE: 'hall', ALERTMANAGER_NOTIFY_URL: hook.url }, {})
  const cluster = [await freePort(), await freePort()]
  const daemons: Daemon[] = await Promise.all(
    [one, other].map((port, index) => startPairedAlertmanager(folder.out, port, cluster, index, peerTimeout)),
  )
  const outbox = mkdtempSync(join(tmpdir(), 'hmonitor-pair-'))
  const told: { message: Message; at: number }[] = []
  const delivery = new Delivery({
    ...{ receiver: 'crew', file: new JsonFile(join(outbox, 'outbox.json')), perHour: 60, clock: systemClock },
    counters: { count: () => {} },
    notifier: () => ({
      send: async (message) => {
        await sleep(SLOW * 1000)
        told.push({ message, at: Date.now() })
      },
      close: () => {},
    }),
    ...{ dashboardUrl: () => null, timezone: () => 'UTC', language: () => 'en', pictures: async () => [] },
    listener: { delivered: () => {}, failed: () => {}, givenUp: () => {} },
  })
  /** Both are told of an alert, as Prometheus does; it is over where it has an end. */
  const post = async (target: string, startsAt: number, endsAt: number) => {
    const labels = { alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target, monitor: 'm' }
    const times = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() }
    const body = JSON.stringify([{ labels, annotations: { summary: 'off' }, ...times }])
    const headers = { 'content-type': 'application/json' }
    const posted = daemons.map(({ url }) => fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body }))
    for (const { status } of await Promise.all(posted)) assert.equal(status, 200)
  }
  return {
    hook,
    told,
    post,
    /** What both have said until now, as `notify` hears it: each time it is all told anew. */
    hear: () => {
      for (const { body } of webhooksOf(hook)) {
        for (const news of newsInWebhook(parseWebhook(JSON.parse(body)), Date.now())) delivery.take(news)
      }
    },
    stop: async () => {
      delivery.close()
      for (const daemon of daemons) await daemon.stop()
      await hook.close()
      folder.remove()
      rmSync(outbox, { recursive: true, force: true })
    },
  }
}

/** Of the receiver that is told through the monitor. */
function webhooksOf(hook: HttpSink) {
  return hook.posts.filter(({ body }) => (JSON.parse(body) as { receiver: string }).receiver === 'people')
}

function saidOf(hook: HttpSink, status: string): number {
  return webhooksOf(hook).filter(({ body }) => (JSON.parse(body) as { status: string }).status === status).length
}

describe('two Alertmanagers', { concurrency: true }, () => {
  describe('with a peer-timeout that is longer than an outage of some seconds', () => {
    let pair: Awaited<ReturnType<typeof setPair>>
    before(async () => {
      pair = await setPair(5)
    })
    after(() => pair?.stop())

    it('say the same outage twice, which our outbox tells once, by a slow receiver as well', async () => {
      const at = Date.now()
      await pair.post('main', at, at + 600_000)
      const hearing = setInterval(pair.hear, 200)
      try {
        await until(() => saidOf(pair.hook, 'firing') === 1, 10, 'one says that it is off')
        await pair.post('main', at, Date.now())
        await until(() => saidOf(pair.hook, 'resolved') === 1, 10, 'and that it is over')
        // The trap: the other one has waited, compares what it had taken before with the newer log, and tells it anew.
        await until(() => saidOf(pair.hook, 'firing') === 2, 20, 'the other one says that it is off')
        await until(() => saidOf(pair.hook, 'resolved') === 2, 20, 'and that it is over')
        await until(() => pair.told.length === 2, 15, 'people were told')
        await sleep(SLOW * 1000 + 1500)
      } finally {
        clearInterval(hearing)
      }
      const changes = pair.told.map(({ message }) => message.alerts.map(({ target, change }) => `${target} ${change}`))
      assert.deepEqual(changes, [['main firing'], ['main resolved']])
    })
  })

  describe('with the peer-timeout that is shipped', () => {
    let pair: Awaited<ReturnType<typeof setPair>>
    before(async () => {
      assert.ok(PEER_TIMEOUT, 'docker-compose.pair.yml says it')
      pair = await setPair(Number(PEER_TIMEOUT[1]))
    })
    after(() => pair?.stop())

    it('let people be told once, whatever a machine that is busy makes of a second', async () => {
      const at = Date.now()
      const hearing = setInterval(pair.hear, 200)
      try {
        await pair.post('main', at, at + 600_000)
        await until(() => pair.told.length === 1, 20, 'people are told that it is off')
        await pair.post('main', at, Date.now())
        await until(() => pair.told.length === 2, 20, 'and that it is over')
        await sleep(6000)
      } finally {
        clearInterval(hearing)
      }
      const changes = pair.told.flatMap(({ message }) => message.alerts.map(({ change }) => change))
      assert.deepEqual(changes, ['firing', 'resolved'])
    })
  })
})
