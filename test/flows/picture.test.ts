/** A picture of a stream, through a real Node-RED: over HTTP from the shipped flow, and as a node's output. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { nodeOf, shippedFlow, startWatching, type Watching } from '../watching.ts'

const TOKEN = 'a-token-of-the-test'

describe('a picture of a stream', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-picture-'))
  const runs = join(folder, 'runs')
  let server: NginxRtmp
  let publisher: Publisher
  let watching: Watching
  const flows = shippedFlow()
  const probe = nodeOf(flows, 'hmonitor-ffprobe')
  const beside = { z: probe.z, x: 0, y: 0 }
  flows.push(
    { ...beside, id: 'a1', type: 'http in', url: '/asked-of-the-node', method: 'post', wires: [[probe.id]] },
    { ...beside, id: 'a2', type: 'http response', wires: [] },
  )
  probe.wires = (probe.wires as string[][]).map((wires, output) => (output === 2 ? [...wires, 'a2'] : wires))
  before(async () => {
    writeFileSync(runs, '')
    writeFileSync(join(folder, 'ffmpeg'), `#!/bin/sh\necho "$*" >> ${runs}\nexec ffmpeg "$@"\n`)
    chmodSync(join(folder, 'ffmpeg'), 0o755)
    server = await startNginxRtmp()
    publisher = await startPublisher(server.url('live/sesame-open'), { size: '1280x720', gop: 1 })
    const stream = (name: string, key: string, more = {}) => ({ name, url: server.url(`live/${key}`), ...more })
    const streams = [
      stream('main', 'sesame-open', { reader: 'auto' }),
      stream('private', 'sesame-open', { reader: 'auto', picture: false }),
      stream('nobody', 'sesame-shut', { reader: 'auto' }),
    ]
    writeFileSync(join(folder, 'targets.json'), JSON.stringify({ streams }))
    watching = await startWatching({
      flows,
      env: { TARGETS_FILE: join(folder, 'targets.json'), METRICS_TOKEN: TOKEN, FFMPEG_PATH: join(folder, 'ffmpeg') },
    })
    await until(async () => (await ask('/api/v1/status?target=main')).text.includes('"state":"ok"'), 30, 'main is ok')
  })
  after(async () => {
    await watching?.stop()
    await publisher?.kill()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = async (path: string, { method = 'GET', token = TOKEN, order = null as object | null } = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = order === null ? null : JSON.stringify(order)
    const response = await watching.runtime.fetch(path, { method, headers, body })
    const answer = Buffer.from(await response.arrayBuffer())
    const text = answer.toString('latin1')
    assert.doesNotMatch(text, /sesame/)
    return { status: response.status, headers: response.headers, body: answer, text }
  }
  const decodings = () => readFileSync(runs, 'utf8').match(/^.*-c:v mjpeg.*$/gm) ?? []
  const isJpeg = (body: Buffer) => body.readUInt16BE(0) === 0xffd8 && body.readUInt16BE(body.length - 2) === 0xffd9

  it('is not made while nobody asks', () => assert.deepEqual(decodings(), []))

  it('is a JPEG that no page can frame, sniff or keep, with its age', async () => {
    const { status, headers, body } = await ask('/api/v1/picture?target=main')
    assert.equal(status, 200)
    assert.ok(isJpeg(body) && body.length < 200_000, `${body.length} bytes`)
    assert.equal(headers.get('content-type'), 'image/jpeg')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.ok(Number(headers.get('picture-age')) < 5, headers.get('picture-age') ?? 'no age')
    const modified = Date.parse(headers.get('last-modified') ?? '')
    assert.ok(Math.abs(Date.now() - modified) < 8000)
    assert.ok(decodings().every((line) => !line.includes('rtmp:')))
  })

  it('answers HEAD by what GET says, without the picture', async () => {
    const { status, headers, body } = await ask('/api/v1/picture?target=main', { method: 'HEAD' })
    assert.deepEqual([status, headers.get('content-type'), body.length], [200, 'image/jpeg', 0])
    assert.ok(Number(headers.get('content-length')) > 1000)
  })

  it('is made at most once in 2 s for a thousand who ask', async () => {
    const before = decodings().length
    const began = performance.now()
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask('/api/v1/picture?target=main')))
    const seconds = (performance.now() - began) / 1000
    assert.ok(answers.every(({ status, body }) => status === 200 && isJpeg(body)))
    const made = decodings().length - before
    assert.ok(made <= Math.ceil(seconds / 2) + 1, `${made} in ${seconds.toFixed(1)} s`)
  })

  const refused: [query: string, status: number, code: string, says: RegExp][] = [
    ['?target=elsewhere', 404, 'unknown-target', /No stream/],
    ['?target=mai', 404, 'unknown-target', /No stream/],
    ['', 400, 'invalid-message', /\?target=main/],
    ['?target=main&target=nobody', 400, 'invalid-message', /\?target=main/],
    ['?target=nobody', 409, 'no-picture', /not on the air/],
    ['?target=private', 409, 'no-picture', /"picture": false/],
  ]
  for (const [query, status, code, says] of refused) {
    it(`is refused with ${status} and why: ${query || 'nothing asked'}`, async () => {
      const answer = await ask(`/api/v1/picture${query}`)
      assert.equal(answer.status, status)
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
      const { error } = JSON.parse(answer.text)
      assert.equal(error.code, code)
      assert.match(error.message, says)
    })
  }

  it('is for nobody without the token', async () => {
    const { status, text } = await ask('/api/v1/picture?target=main', { token: 'another' })
    assert.equal(status, 401)
    assert.equal(JSON.parse(text).error.code, 'unauthorized')
  })

  it('is the third output of the ffprobe node, so that http response can send it', async () => {
    const order = (name: string) => ask('/asked-of-the-node', { method: 'POST', order: { action: 'picture', name } })
    const { status, headers, body } = await order('main')
    assert.deepEqual([status, headers.get('content-type')], [200, 'image/jpeg'])
    assert.ok(isJpeg(body))
    const sent = () => watching.runtime.from(probe.id, 2)
    await until(() => sent().length > 0, 5, 'what was sent is heard of')
    const [{ picture } = {}] = sent()
    const { target, time, age } = picture as { target: string; time: string; age: number }
    assert.equal(target, 'main')
    assert.ok(age < 10 && Math.abs(Date.parse(time) + age * 1000 - Date.now()) < 10_000)
    const none = await order('elsewhere')
    assert.equal(none.status, 404)
    assert.equal(JSON.parse(none.text).error.code, 'unknown-target')
  })

  it('leaves nothing to complain of in the log', () => assert.deepEqual(watching.runtime.complaints(), []))
})
