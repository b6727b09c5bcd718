import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { elkWatch } from '../../src/cli/elk-watch.ts'
import { LOG_RULES } from '../../src/elk/log-rules.ts'
import { NODE_STATS } from '../elk/node-stats.ts'
import { StubCluster } from '../elk/stub-cluster.ts'
import { until } from '../fixtures/wait.ts'
import { AnsweringServer } from '../shipping/fixtures.ts'

const ASKED = 'POST /_query?format=json&allow_partial_results=false'
const NONE = { status: 200, body: { columns: [], values: [] } }
const FOUND = { status: 200, body: { columns: [{ name: 'target' }, { name: 'lines' }], values: [['main', 40]] } }

describe('rtmp-hmonitor elk watch', () => {
  const cluster = new StubCluster()
  const posts: { labels: Record<string, string> }[][] = []
  let heard = () => {}
  const alertmanager = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    posts.push(JSON.parse(text))
    response.end('{}')
    heard()
  })
  let environment: Record<string, string> = {}
  before(async () => {
    const url = await cluster.start()
    await new Promise<void>((resolve) => alertmanager.listen(0, '127.0.0.1', resolve))
    const { port } = alertmanager.address() as AddressInfo
    environment = { ELASTICSEARCH_URL: url, ALERTMANAGER_URLS: `http://127.0.0.1:${port}` }
  })
  after(() => {
    cluster.stop()
    alertmanager.closeAllConnections()
    alertmanager.close()
  })
  beforeEach(() => {
    posts.length = 0
    cluster.instead.set(ASKED, [FOUND, ...LOG_RULES.slice(1).map(() => NONE)])
  })

  const line = { command: 'elk watch', url: null, every: 60, once: false, listen: null } as const

  it('posts what it finds to Alertmanager, and ends when it is stopped', async () => {
    const stopping = new AbortController()
    const said: string[] = []
    const posted = new Promise<void>((resolve) => {
      heard = resolve
    })
    const watching = elkWatch(line, environment, stopping.signal, (text) => said.push(text))
    await posted
    assert.deepEqual(
      posts[0]?.map(({ labels }) => [labels.alertname, labels.target]),
      [['HmonitorLogUnusual', 'main']],
    )
    stopping.abort()
    await watching
    assert.match(said[0] ?? '', /^Looking into the log at http.* every 60 s\.$/)
  })

  it('says how it is and how Logstash is while it listens, and nothing when it has ended', async () => {
    const logstash = await AnsweringServer.start(() => ({ status: 200, body: JSON.stringify(NODE_STATS) }))
    const stopping = new AbortController()
    let port = 0
    const watching = elkWatch(
      { ...line, listen: { host: '127.0.0.1', port: 0 } },
      { ...environment, LOGSTASH_API_URL: logstash.url, LOGSTASH_API_USER: 'u', LOGSTASH_API_PASSWORD: 'Zk4Qw9xe' },
      stopping.signal,
      (text) => {
        port = Number(/are at port (\d+)/.exec(text)?.[1] ?? port)
      },
    )
    await until(() => port !== 0, 10, 'it listens')
    const get = async (path: string, method = 'GET') => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method })
      return { status: answer.status, text: await answer.text() }
    }
    await until(
      async () => /_rounds_total{result="answered"} 1/.test((await get('/metrics')).text),
      10,
      'a round is over',
    )
    const { text } = await get('/metrics')
    assert.match(text, /^hmonitor_log_watch_found{alertname="HmonitorLogUnusual"} 1$/m)
    const host = new URL(logstash.url).host
    assert.match(text, new RegExp(`^hmonitor_logstash_up{logstash="${host}"} 1$`, 'm'))
    assert.match(text, new RegExp(`^hmonitor_logstash_queue_bytes{logstash="${host}",pipeline="events"} 850$`, 'm'))
    assert.equal(logstash.asked[0]?.path, '/_node/stats/pipelines')
    assert.equal(logstash.asked[0]?.headers.authorization, `Basic ${btoa('u:Zk4Qw9xe')}`)
    assert.doesNotMatch(text, /Zk4Qw9xe/)
    assert.deepEqual(await get('/health'), { status: 200, text: 'well\n' })
    assert.equal((await get('/metrics', 'POST')).status, 405)
    assert.equal((await get('/')).status, 404)
    stopping.abort()
    await watching
    await assert.rejects(get('/health'))
    await logstash.stop()
  })

  it('says that it cannot listen where another one does', async () => {
    const { port } = alertmanager.address() as AddressInfo
    const taken = { ...line, listen: { host: '127.0.0.1', port } }
    await assert.rejects(
      () => elkWatch(taken, environment, new AbortController().signal, () => {}),
      /--listen 127.0.0.1:\d+ does not work: .*EADDRINUSE/,
    )
  })

  it('asks another node where one does not answer', async () => {
    const gone = await AnsweringServer.start(() => 'reset')
    const said: string[] = []
    const urls = { ELASTICSEARCH_URL: `${gone.url},${environment.ELASTICSEARCH_URL}` }
    await elkWatch({ ...line, once: true }, { ...environment, ...urls }, new AbortController().signal, (text) => {
      said.push(text)
    })
    assert.equal(said.length, LOG_RULES.length)
    assert.equal(gone.asked.length, 1)
    await gone.stop()
  })

  it('asks once where it is told to, says what each rule found and tells nobody', async () => {
    const said: string[] = []
    await elkWatch({ ...line, once: true }, environment, new AbortController().signal, (text) => said.push(text))
    assert.equal(said.length, LOG_RULES.length)
    assert.equal(said[0], '  HmonitorLogUnusual: 1 found')
    assert.deepEqual(posts, [])
  })

  it('fails with once where a rule cannot be asked, and with OpenSearch', async () => {
    const signal = new AbortController().signal
    cluster.instead.set(ASKED, [{ status: 400, body: { error: { reason: 'no' } } }, ...LOG_RULES.map(() => NONE)])
    const once = () => elkWatch({ ...line, once: true }, environment, signal, () => {})
    await assert.rejects(once, /1 of 5 rules could not be asked/)
    const { version } = cluster
    cluster.version = { number: '2.19.1', distribution: 'opensearch' }
    await assert.rejects(once, /OpenSearch has no ES\|QL/)
    cluster.version = version
  })

  for (const [without, message] of [
    ['ELASTICSEARCH_URL', /ELASTICSEARCH_URL is not set/],
    ['ALERTMANAGER_URLS', /ALERTMANAGER_URLS is not set/],
  ] as const) {
    it(`says that ${without} is missing`, async () => {
      const given = { ...environment, [without]: '' }
      await assert.rejects(() => elkWatch(line, given, new AbortController().signal, () => {}), message)
    })
  }

  it('links to no address that a browser would run', async () => {
    const given = { ...environment, GRAFANA_URL: 'javascript:alert(1)' }
    await assert.rejects(
      () => elkWatch(line, given, new AbortController().signal, () => {}),
      /GRAFANA_URL has to begin/,
    )
  })
})
