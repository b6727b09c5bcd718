import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { RestClient } from '../../src/encoder/rest-client.ts'
import { withPolled } from './web-presenter.ts'

/** What a device answers by path; everything else is 404. */
async function ask(answers: Record<string, [status: number, body: string]>) {
  const server = createServer(({ url = '' }, response) => {
    const [status, body] = answers[url.replace('/control/api/v1', '')] ?? [404, '']
    response.writeHead(status).end(status === 204 ? undefined : body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new RestClient({ host: '127.0.0.1', port }, () => 0).ask(AbortSignal.timeout(1000))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const livestream = (fields: object): Record<string, [number, string]> => ({
  '/livestreams/0': [200, JSON.stringify({ status: 'Streaming', bitrate: 6_012_345, ...fields })],
})

describe('An encoder by REST', () => {
  it('says all that it does and is', () =>
    withPolled('rest', async (polled) => {
      await polled.onAir()
      const { measurements } = await polled.read()
      const { duration, ...rest } = measurements
      assert.ok(duration !== null && duration < 5)
      assert.deepEqual(rest, {
        up: true,
        deviceState: 'streaming',
        bytesPerSecond: 750_000,
        cacheUsedRatio: 0,
        cacheRisePerMinute: null,
        videoFormat: '1080p30',
        device: { model: 'Blackmagic Streaming Encoder HD', label: 'Main hall', software: '3.5' },
        protocol: 'rest',
        total: { broadcasts: 0 },
      })
    }))

  it('is asked by GET alone, and never for what reveals its key', () =>
    withPolled('rest', async (polled) => {
      for (let index = 0; index < 3; index++) await polled.read()
      assert.deepEqual([...new Set(polled.simulator.questions)].sort(), [
        'GET /livestreams/0',
        'GET /system',
        'GET /system/product',
      ])
    }))

  for (const status of ['Idle', 'Connecting', 'Streaming', 'Flushing', 'Interrupted']) {
    it(`may say ${status}, in any case`, async () => {
      const expected = status.toLowerCase()
      for (const spelling of [status, status.toUpperCase(), ` ${expected} `]) {
        assert.equal((await ask(livestream({ status: spelling }))).state, expected)
      }
    })
  }

  it('has no duration while idle, and no cache where it does not say', async () => {
    const { duration, cacheUsedRatio } = await ask(livestream({ status: 'Idle', duration: 12 }))
    assert.deepEqual({ duration, cacheUsedRatio }, { duration: null, cacheUsedRatio: null })
  })

  it('may write its video format either way, and leave it to /system', async () => {
    assert.equal((await ask(livestream({ effectiveVideoFormat: '1920x1080p30' }))).videoFormat, '1920x1080p30')
    const system: [number, string] = [200, '{"videoFormat":{"name":"1080p59.94"}}']
    const product: [number, string] = [200, '{"productName":"Blackmagic Web Presenter HD"}']
    const status = await ask({ ...livestream({}), '/system': system, '/system/product': product })
    assert.equal(status.videoFormat, '1080p59.94')
    assert.deepEqual(status.device, { model: 'Blackmagic Web Presenter HD', label: null, software: null })
  })

  for (const code of [204, 404, 501]) {
    it(`is watched all the same where it answers ${code} to what it is`, async () => {
      const status = await ask({ ...livestream({}), '/system': [code, ''], '/system/product': [code, ''] })
      assert.equal(status.state, 'streaming')
      assert.deepEqual(status.device, { model: null, label: null, software: null })
    })
  }

  it('may not say more than a person can read', async () => {
    const product: [number, string] = [200, JSON.stringify({ deviceName: `main\n${'hall'.repeat(100)}` })]
    const { device } = await ask({ ...livestream({}), '/system/product': product })
    assert.equal(device.label?.length, 64)
    assert.match(device.label ?? '', /^main hall.*…$/)
  })

  for (const [field, value] of [
    ['bitrate', null],
    ['bitrate', -1],
    ['bitrate', 1e12],
    ['bitrate', []],
    ['cache', 101],
    ['cache', 'much'],
    ['duration', {}],
    ['status', 7],
  ] as const) {
    it(`is not believed when its ${field} is ${JSON.stringify(value)}`, () =>
      assert.rejects(ask(livestream({ [field]: value })), new RegExp(field)))
  }
})
