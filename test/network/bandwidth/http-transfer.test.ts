import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { bandwidthEndpoint } from '../../../src/network/bandwidth/endpoint.ts'
import { httpTransfer } from '../../../src/network/bandwidth/http-transfer.ts'
import { throughputOf } from '../../../src/network/bandwidth/transfer.ts'
import { freePort } from '../../fixtures/ports.ts'

const servers: http.Server[] = []
after(() => {
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
})

async function serve(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const test = (url: string, direction: 'up' | 'down', limits: { seconds?: number; bytes?: number } = {}) =>
  httpTransfer(
    { url: new URL(url), direction, seconds: 0.4, bytes: 1e12, verifyTls: true, ...limits },
    new AbortController().signal,
  )

const endpoint = () => serve(bandwidthEndpoint({ token: async () => 'open sesame' }))

describe('A test by HTTP', { concurrency: true }, () => {
  for (const direction of ['up', 'down'] as const) {
    it(`measures against the endpoint of another monitor: ${direction}`, async () => {
      const transfer = await test(`http://site:open%20sesame@${await endpoint()}/`, direction)
      assert.equal(transfer.outcome, 'measured')
      const throughput = transfer.outcome === 'measured' ? throughputOf(transfer.samples) : null
      // How much goes through the loopback depends on how often both ends have their turn; none is a fault, not measured.
      assert.ok((throughput?.bytesPerSecond ?? 0) > 0, JSON.stringify(throughput))
    })

    it(`ends when it has moved its bytes: ${direction}`, async () => {
      const begun = performance.now()
      await test(`http://site:open%20sesame@${await endpoint()}/`, direction, { seconds: 20, bytes: 3e6 })
      assert.ok(performance.now() - begun < 5000)
    })

    it(`says with which status a server refuses: ${direction}`, async () => {
      const transfer = await test(`http://${await endpoint()}/`, direction)
      assert.equal(transfer.outcome === 'failure' && transfer.code, 'wrong-answer')
      assert.match(transfer.outcome === 'failure' ? transfer.message : '', /401/)
    })

    it(`is refused where nothing listens: ${direction}`, async () => {
      const transfer = await test(`http://127.0.0.1:${await freePort()}/`, direction)
      assert.equal(transfer.outcome === 'failure' && transfer.code, 'refused')
    })

    it(`takes a connection through which nothing goes for a fault: ${direction}`, async () => {
      const silent = await serve((_request, response) => {
        response.writeHead(200)
        response.write('x')
      })
      const transfer = await test(`http://${silent}/`, direction)
      assert.notEqual(transfer.outcome, 'measured')
    })

    it(`ends when it is told to: ${direction}`, async () => {
      const abort = new AbortController()
      const url = new URL(`http://site:open%20sesame@${await endpoint()}/`)
      const running = httpTransfer({ url, direction, seconds: 20, bytes: 1e12, verifyTls: true }, abort.signal)
      setTimeout(() => abort.abort(new Error('enough')), 100)
      await assert.rejects(running, /enough|abort/i)
    })
  }

  it('downloads a small file again and again', async () => {
    let requests = 0
    const address = await serve((_request, response) => {
      requests++
      response.end(Buffer.alloc(50_000))
    })
    assert.equal((await test(`http://${address}/`, 'down')).outcome, 'measured')
    assert.ok(requests > 1)
  })

  it('does not take an empty answer for a measurement', async () => {
    const address = await serve((_request, response) => response.end())
    assert.equal((await test(`http://${address}/`, 'down')).outcome, 'failure')
    assert.equal((await test(`http://${address}/`, 'up')).outcome, 'failure')
  })
})

describe('The endpoint for the tests of other monitors', () => {
  const ask = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://${address}/api/v1/bandwidth`, { method, headers })
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`x:${password}`).toString('base64')}` })

  it('lets in who carries the token, as bearer token or as password', async () => {
    const address = await endpoint()
    for (const headers of [{ authorization: 'Bearer wrong' }, basic('wrong'), {}]) {
      assert.equal((await ask(address, headers)).status, 401)
    }
    const upload = { method: 'POST', headers: basic('open sesame'), body: Buffer.alloc(70_000) }
    const answer = await fetch(`http://${address}/`, upload)
    assert.equal(((await answer.json()) as { received: number }).received, 70_000)
  })

  it('lets nobody in where there is no token', async () => {
    const address = await serve(bandwidthEndpoint({ token: async () => null }))
    assert.equal((await ask(address, { authorization: 'Bearer ' })).status, 404)
  })

  it('serves one test at a time, and the next when it is over', async () => {
    const address = await endpoint()
    const first = await ask(address, basic('open sesame'))
    const second = await ask(address, basic('open sesame'))
    assert.equal(second.status, 503)
    assert.equal(second.headers.get('retry-after'), '15')
    await first.body?.cancel()
    let third = await ask(address, basic('open sesame'))
    for (let tries = 0; third.status === 503 && tries < 20; tries++) third = await ask(address, basic('open sesame'))
    assert.equal(third.status, 200)
    await third.body?.cancel()
  })

  it('takes no other method', async () => {
    assert.equal((await ask(await endpoint(), basic('open sesame'), 'DELETE')).status, 405)
  })
})
