import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { NodeAPI } from 'node-red'
import { tryShipping } from '../../src/nodes/log/ship-trial.ts'
import { AnsweringServer, actionsIn, eventsIn, FakeIndex } from '../shipping/fixtures.ts'
import { catalogueOf } from './node-red.ts'

const NO_TEMPLATE = JSON.stringify({
  error: { type: 'resource_not_found_exception', reason: 'not found' },
  status: 404,
})
const KEY = 'Zk4Qw9xe-key'

describe('the test button of a log node', () => {
  let server: AnsweringServer
  beforeEach(async () => {
    server = await AnsweringServer.start(() => ({ status: 200 }))
  })
  afterEach(async () => {
    delete process.env.LOGSTASH_URL
    await server.stop()
  })
  /** @param deployed what the runtime alone knows */
  const press = (fields: Record<string, string>, { deployed = {}, language = 'en-US' } = {}) => {
    const node = { type: 'hmonitor-log', credentials: deployed }
    const RED = { nodes: { getNode: () => node } } as unknown as NodeAPI
    const say = catalogueOf('log', language)
    return tryShipping(RED, { id: 'log-1', fields, say, signal: AbortSignal.timeout(20_000) })
  }
  const elastic = (more: Record<string, string> = {}) => ({ ship: 'elasticsearch', shipUrl: server.url, ...more })

  it('sends one line that says it is a test, to Elasticsearch with the key that the editor does not know', async () => {
    const index = new FakeIndex()
    server.answer = (asked) => (asked.path.includes('_bulk') ? index.bulk(asked) : { status: 200, body: '{}' })
    const { state, text } = await press(elastic({ shipApiKey: '__PWRD__' }), { deployed: { shipApiKey: KEY } })
    assert.equal(state, 'ok', text)
    assert.match(text, /^Elasticsearch took the test line\. .*shipping-tested/)
    const bulk = server.asked.find(({ path }) => path.includes('_bulk'))
    assert.ok(bulk)
    assert.equal(bulk.headers.authorization, `ApiKey ${KEY}`)
    const [sent, ...others] = actionsIn(bulk)
    assert.deepEqual([sent?.index, others.length], ['logs-rtmp_hmonitor.log-default', 0])
    assert.match(sent?.line ?? '', /"action":"shipping-tested"/)
  })

  it('sends it to Logstash, of which only the environment says where it is', async () => {
    process.env.LOGSTASH_URL = server.url
    const { state } = await press({ ship: 'environment' })
    assert.equal(state, 'ok')
    assert.equal(server.asked.flatMap(eventsIn).length, 1)
  })

  it('sends nothing to a cluster without the templates, and says what to do', async () => {
    server.answer = () => ({ status: 404, body: NO_TEMPLATE })
    const { state, text } = await press(elastic())
    assert.equal(state, 'down')
    assert.match(text, /no templates for the log yet\. Nothing was sent\. .*rtmp-hmonitor elk setup/)
    assert.equal(server.asked.length, 1)
  })

  for (const [status, message] of [
    [401, /does not accept who asks\. Correct user and password/],
    [403, /may not write there \(403\)\. Give it the role/],
    [404, /answers at the address \(404\) is not Elasticsearch\. Correct host, port and path/],
    [429, /more to do than it can \(429\)\. Try again in a minute/],
    [200, /answers at the address \(200\) is not Elasticsearch/],
    [500, /did not take the test line: the answer was 500/],
  ] as const) {
    it(`says what is wrong and what to do where the answer is ${status}`, async () => {
      server.answer = () => ({ status, body: 'no cluster' })
      const { state, text } = await press(elastic())
      assert.equal(state, 'down')
      assert.match(text, message)
    })
  }

  it('says so where nothing answers, and where a line is refused for good', async () => {
    const index = new FakeIndex()
    server.answer = (asked) =>
      asked.path.includes('_bulk')
        ? index.bulk(asked, () => ({ status: 400, type: 'document_parsing_exception' }))
        : { status: 200 }
    assert.match((await press(elastic())).text, /refuses the line for good: 400 document_parsing/)
    await server.stop()
    assert.match((await press(elastic())).text, /^Elasticsearch does not answer \(no answer: .*See that it runs/)
    await server.listen()
  })

  it('says what the dialog lacks, and shows no secret', async () => {
    assert.match((await press({ ship: '' })).text, /Choose above where to/)
    assert.match((await press({ ship: 'environment' })).text, /Neither LOGSTASH_URL nor ELASTICSEARCH_URL/)
    assert.match((await press(elastic({ shipUrl: '' }))).text, /not said where Elasticsearch is/)
    const both = await press(elastic({ shipApiKey: KEY, shipUser: 'crew' }))
    assert.equal(both.state, 'down')
    assert.match(both.text, /there is an API key, and a user or a password too/)
    assert.doesNotMatch(both.text, /Zk4/)
  })

  it('answers in German', async () => {
    server.answer = () => ({ status: 401 })
    const { text } = await press(elastic(), { language: 'de' })
    assert.match(text, /^Elasticsearch antwortet \(401\), lässt die Anmeldung aber nicht zu\. Berichtigen Sie/)
  })
})
