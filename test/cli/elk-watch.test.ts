import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { elkWatch } from '../../src/cli/elk-watch.ts'
import { LOG_RULES } from '../../src/elk/log-rules.ts'
import { StubCluster } from '../elk/stub-cluster.ts'

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

  const line = { command: 'elk watch', url: null, every: 60, once: false } as const

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
