import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { openMetricsFaults } from '../metrics/openmetrics.ts'
import { promtoolComplaints } from '../metrics/promtool.ts'
import { shippedFlow, startWatching, streamList, type Watching } from '../watching.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'

/** Asks on in the way of an older Prometheus, which knows the classic text format alone. */
async function startOlderClient(target: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, accept: 'text/plain;version=0.0.4' }
    const forward = request(`${target}${incoming.url}`, { headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    forward.once('error', () => outgoing.destroy())
    incoming.pipe(forward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0'

const host = (url: string) => url.replace('http://', '')

describe('a Prometheus that scrapes the monitor every second', () => {
  let server: RtmpServer
  let watching: Watching
  let olderClient: Server
  let prometheus: Prometheus
  const publishers: Publisher[] = []

  before(async () => {
    server = await startNginxRtmp()
    const names = ['one', 'two', 'gone']
    for (const name of names) publishers.push(await startPublisher(server.url(`live/${name}`)))
    const streams = Object.fromEntries(names.map((name) => [name, server.url(`live/${name}`)]))
    watching = await startWatching({ env: { RTMP_STREAMS: streamList(streams) } })
    for (const name of names) await watching.untilUp(name, 1, 20)
    olderClient = await startOlderClient(watching.runtime.url)
    const older = `127.0.0.1:${(olderClient.address() as AddressInfo).port}`
    prometheus = await startPrometheus({ openmetrics: host(watching.runtime.url), classic: older })
  })
  after(async () => {
    await prometheus?.stop()
    olderClient?.close()
    await watching?.stop()
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await server?.stop()
  })

  const only = async (expression: string) => {
    const answers = await prometheus.query(expression)
    return new Map(answers.map(({ labels, value }) => [labels.job, value]))
  }

  it('gets every scrape of a minute, in both formats', async () => {
    await until(async () => (await prometheus.query('up == 1')).length === 2, 15, 'both jobs are up')
    // A stream that ends in this minute must not cost a scrape.
    await delay(20_000)
    await publishers[2]?.kill()
    await delay(41_000)
    for (const job of ['openmetrics', 'classic']) {
      assert.equal((await only('min_over_time(up[60s])')).get(job), 1, job)
      assert.ok(((await only('count_over_time(up[60s])')).get(job) ?? 0) >= 59, job)
      assert.ok(((await only('min_over_time(scrape_samples_scraped[60s])')).get(job) ?? 0) > 100, job)
    }
  })

  it('takes the same series from both formats', async () => {
    const of = async (job: string) =>
      (await prometheus.query(`{__name__=~"hmonitor_.+",job="${job}"}`))
        .map(({ labels: { job: _job, instance: _instance, ...labels } }) =>
          JSON.stringify(Object.entries(labels).sort()),
        )
        .sort()
    const classic = await of('classic')
    assert.ok(classic.length > 100)
    assert.deepEqual(await of('openmetrics'), classic)
  })

  it('learns that a publisher died', async () => {
    const answers = await prometheus.query('hmonitor_stream_up{job="openmetrics"}')
    assert.deepEqual(Object.fromEntries(answers.map(({ labels, value }) => [labels.target, value])), {
      one: 1,
      two: 1,
      gone: 0,
    })
  })

  it('sees no counter go back over deploys', async () => {
    for (const type of ['full', 'flows', 'full'] as const) {
      await watching.runtime.deploy(shippedFlow(), type)
      await delay(1500)
    }
    const counters = await prometheus.query('group by (__name__) ({__name__=~"hmonitor_.+_(total|count|bucket|sum)"})')
    assert.ok(counters.length > 5)
    for (const { labels } of counters) {
      assert.deepEqual(await prometheus.query(`resets(${labels.__name__}[1m]) > 0`), [])
    }
    const growth = await prometheus.query(
      'increase(hmonitor_stream_received_bytes_total{target="one",media="video"}[5s])',
    )
    assert.ok(growth.length === 2 && growth.every(({ value }) => value > 0))
  })

  it('forgets the series of a stream that is no longer watched', async () => {
    const flow = shippedFlow().map((node) => (node.type === 'hmonitor-targets' ? { ...node, wires: [[], []] } : node))
    await watching.runtime.deploy(flow, 'full')
    await until(async () => (await prometheus.query('hmonitor_stream_up')).length === 0, 20, 'no series is left')
  })
})

describe('the exposition of watched streams', () => {
  it('is well formed in both formats, to promtool as well', async () => {
    const server = await startNginxRtmp()
    const publisher = await startPublisher(server.url('live/one'))
    const streams = { one: server.url('live/one'), absent: server.url('live/absent') }
    const watching = await startWatching({ env: { RTMP_STREAMS: streamList(streams) } })
    try {
      await watching.untilUp('one', 1, 20)
      await publisher.kill()
      await until(async () => (await watching.value('hmonitor_stream_issue')) !== undefined, 30, 'an issue is raised')
      assert.equal(promtoolComplaints(await watching.text('/metrics')), '')
      assert.deepEqual(openMetricsFaults(await watching.text('/metrics', OPENMETRICS)), [])
    } finally {
      await watching.stop()
      await publisher.kill()
      await server.stop()
    }
  })
})
