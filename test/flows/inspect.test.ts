/** A verdict on one stream, through a real Node-RED: over HTTP from the shipped flow, and as a node's output. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { InspectionAnswer } from '../../src/inspection/inspections.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { type FlowNode, type Runtime, root, startRuntime } from '../runtime.ts'
import { shippedFlow, startWatching, streamList, type Watching } from '../watching.ts'

const TOKEN = 'a-token-of-the-test'

describe('a verdict on one stream', () => {
  let server: NginxRtmp
  let publisher: Publisher
  before(async () => {
    server = await startNginxRtmp()
    publisher = await startPublisher(server.url('live/sesame-open'))
  })
  after(async () => {
    await publisher?.kill()
    await server?.stop()
  })

  describe('by GET /api/v1/inspect of the shipped flow', () => {
    let watching: Watching
    before(async () => {
      const streams = { main: server.url('live/sesame-open'), nobody: server.url('live/nobody') }
      watching = await startWatching({
        flows: shippedFlow(),
        env: { RTMP_STREAMS: streamList(streams), METRICS_TOKEN: TOKEN },
      })
    })
    after(() => watching?.stop())

    const get = async (query: string, token = TOKEN) => {
      const began = performance.now()
      const response = await watching.runtime.fetch(`/api/v1/inspect${query}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const text = await response.text()
      assert.doesNotMatch(text, /sesame/)
      const seconds = (performance.now() - began) / 1000
      return { status: response.status, response, answer: JSON.parse(text) as InspectionAnswer, seconds }
    }

    it('passes a stream that is watched, within 20 s of the start and at once later', async () => {
      const { status, response, answer, seconds } = await get('?target=main')
      assert.equal(status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(answer.subject, 'main')
      assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
      assert.equal(answer.parameters?.video[0]?.codec, 'h264')
      assert.ok(seconds < 20.5, `it took ${seconds} s`)
      // The watch may have begun after the inspection: it is asked once more before it has measured for long enough.
      assert.equal((await get('?target=main')).answer.verdict, 'pass')
      const again = await get('?target=main')
      assert.equal(again.answer.verdict, 'pass')
      assert.ok(again.seconds < 2, `it took ${again.seconds} s`)
    })

    it('judges it against another platform, from the same measurements', async () => {
      const { answer, seconds } = await get('?target=main&profile=youtube')
      assert.equal(answer.profile, 'youtube')
      assert.equal(answer.verdict, 'fail')
      assert.ok(answer.issues.some(({ type }) => type === 'videoResolutionUnsupported'))
      assert.ok(seconds < 2, `it took ${seconds} s`)
    })

    it('fails a stream that nobody publishes', async () => {
      const { status, answer, seconds } = await get('?target=nobody')
      assert.equal(status, 200)
      assert.equal(answer.verdict, 'fail')
      assert.match(answer.issues[0]?.summary ?? '', /^Nothing arrives/)
      assert.ok(seconds < 20.5, `it took ${seconds} s`)
    })

    it('lets nobody in without the token', async () => {
      assert.equal((await get('?target=main', 'another')).status, 401)
    })

    const refused: [query: string, status: number, code: string][] = [
      ['?target=elsewhere', 404, 'unknown-target'],
      ['', 400, 'invalid-message'],
      ['?url=rtmp://127.0.0.1:1/live/x', 400, 'invalid-message'],
      ['?target=main&target=nobody', 400, 'invalid-message'],
      ['?target=main&profile=nobody', 400, 'unknown-profile'],
    ]
    for (const [query, status, code] of refused) {
      it(`answers ${query === '' ? 'nothing asked' : query} with ${status}`, async () => {
        const found = await get(query)
        assert.equal(found.status, status)
        assert.equal(found.answer.error?.code, code)
      })
    }

    it('answers as JSON and never as a script that another page could run', async () => {
      const { response } = await get('?target=main&callback=steal')
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    })

    it('leaves nothing to complain of in the log', () => assert.deepEqual(watching.runtime.complaints(), []))
  })

  describe('as the third output of the ffprobe node, in the example', () => {
    let runtime: Runtime
    const example = () => {
      const text = readFileSync(join(root, 'flows/examples/Inspect a stream.json'), 'utf8')
      return JSON.parse(text.replaceAll('rtmp://relay.example/live/main', server.url('live/sesame-open'))) as FlowNode[]
    }
    before(async () => {
      runtime = await startRuntime({ flows: example() })
    })
    after(() => runtime?.stop())

    it('answers the message that asked, so that http response can send it', async () => {
      const response = await runtime.fetch('/example/inspect')
      const answer = (await response.json()) as InspectionAnswer
      assert.equal(response.status, 200)
      assert.equal(answer.verdict, 'fail')
      assert.ok(answer.issues.some(({ type }) => type === 'videoResolutionUnsupported'))
      assert.match(answer.subject, /^rtmp:\/\/127\.0\.0\.1:\d+\/live\/\*\*\*$/)
      const probe = example().find(({ type }) => type === 'hmonitor-ffprobe')?.id ?? ''
      const [sent = {}] = runtime.from(probe, 2)
      assert.equal((sent.payload as InspectionAnswer).verdict, 'fail')
      assert.equal(sent.statusCode, 200)
      assert.doesNotMatch(JSON.stringify([answer, sent.payload]), /sesame/)
      assert.deepEqual(runtime.complaints(), [])
    })
  })

  describe('by the test button of an ffprobe dialog', () => {
    let runtime: Runtime
    before(async () => {
      runtime = await startRuntime()
    })
    after(() => runtime?.stop())

    const press = async (streamKey: string) => {
      const response = await runtime.fetch('/hmonitor/try/ffprobe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fields: { url: server.url('live'), streamKey } }),
      })
      return (await response.json()) as { state: string; text: string }
    }

    it('says that the stream plays and what the node would show, without its key', async () => {
      const { state, text } = await press('sesame-open')
      assert.equal(state, 'ok', text)
      assert.match(text, /^It works\.\nUnder the node would stand: ok \d+\.\d Mb\/s \d+ fps$/)
    })

    it('says that nothing arrives under another key', async () => {
      const { state, text } = await press('sesame-shut')
      assert.equal(state, 'down', text)
      assert.doesNotMatch(text, /sesame/)
    })
  })
})
