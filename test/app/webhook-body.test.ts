import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

const require = createRequire(import.meta.url)
const express = createRequire(require.resolve('node-red/red.js'))('express')
const { webhookBody } = require('../../app/webhook-body.cjs')

describe('the body of the webhook', () => {
  const app = express()
  app.use(webhookBody)
  app.use((request: { body?: unknown }, response: { json(body: object): void }) => response.json({ got: request.body }))
  const server = createServer(app)
  let url: string
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())
  const post = async (body: BodyInit, path = '/api/v1/alerts', type = 'application/json') => {
    const init = { method: 'POST', body, headers: { 'content-type': type, connection: 'close' }, duplex: 'half' }
    const response = await fetch(url + path, init as RequestInit)
    return { status: response.status, body: await response.json() }
  }

  it('is read as JSON, whatever type it says it is', async () => {
    assert.deepEqual(await post('{"alerts":[]}', undefined, 'text/plain'), {
      status: 200,
      body: { got: { alerts: [] } },
    })
  })

  it('is refused where it is no JSON', async () => {
    const { status, body } = await post('{"alerts":')
    assert.equal(status, 400)
    assert.equal(body.error.code, 'invalid-message')
  })

  it('is refused where it is too long, also when it does not say how long it is', async () => {
    const long = `{"alerts":["${'x'.repeat(1_200_000)}"]}`
    assert.equal((await post(long)).status, 413)
    assert.equal((await post(new Blob([long]).stream())).status, 413)
  })

  it('leaves other addresses to their flows', async () => {
    assert.deepEqual(await post('{"alerts":', '/mine'), { status: 200, body: {} })
  })
})
