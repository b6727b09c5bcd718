/** When the certificate of who takes the lines ends, as the shipper was shown it. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { SHIPPING_GAUGES, shippingSeries } from '../../src/shipping/metrics.ts'
import { shippingProblems } from '../../src/shipping/problems.ts'
import { selfSignedCertificate } from '../fixtures/certificate.ts'
import { until } from '../fixtures/wait.ts'
import { AnsweringServer, line, ShippingWorld } from './fixtures.ts'

const DAY = 86_400_000

describe('the certificate of who takes the lines', () => {
  const world = new ShippingWorld()
  let certificate: Awaited<ReturnType<typeof selfSignedCertificate>>
  let server: https.Server
  let status = 200
  before(async () => {
    certificate = await selfSignedCertificate()
    server = https.createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
      request.resume().on('end', () => response.writeHead(status).end())
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  })
  after(async () => {
    world.remove()
    server.closeAllConnections()
    server.close()
    await certificate.remove()
  })

  it('is known when it has answered, also where it refuses, and becomes a metric', async () => {
    status = 503
    const { port } = server.address() as AddressInfo
    const environment = { LOGSTASH_URL: `https://localhost:${port}`, LOGSTASH_CA: certificate.cert }
    const shipper = world.open('logstash', environment)
    assert.equal(shipper.state.certificateEnds, null)
    shipper.add(line(1))
    const ends = Date.parse(new X509Certificate(certificate.cert).validTo)
    await until(() => shipper.state.certificateEnds === ends, 10, 'the certificate is known')
    const gauge = SHIPPING_GAUGES.find(({ name }) => name.includes('certificate'))
    assert.ok(gauge !== undefined)
    assert.deepEqual(shippingSeries(gauge, [shipper.state]), [{ labels: { way: 'logstash' }, value: ends / 1000 }])
    status = 200
    await until(() => shipper.state.waiting === 0, 10, 'it is shipped')
    assert.equal(shipper.state.certificateEnds, ends)
  })

  it('is told of in /health from 14 days before on', () => {
    const { state } = world.shipper
    const ends = state.certificateEnds ?? 0
    const codes = (at: number) => shippingProblems(state, 'shipping', at).map(({ code }) => code)
    assert.deepEqual(codes(ends - 14 * DAY - 1), [])
    assert.deepEqual(codes(ends - 14 * DAY), ['log-shipping-certificate'])
    assert.match(shippingProblems(state, 'shipping', ends - 3.5 * DAY)[0]?.message ?? '', /Logstash ends in 3 days/)
    assert.match(shippingProblems(state, 'shipping', ends + DAY)[0]?.message ?? '', /ends in 0 days/)
  })

  it('is none without TLS', async () => {
    const plain = await AnsweringServer.start(() => ({ status: 200 }))
    const other = new ShippingWorld()
    const shipper = other.open('logstash', { LOGSTASH_URL: plain.url })
    shipper.add(line(1))
    await until(() => shipper.state.waiting === 0, 10, 'it is shipped')
    assert.equal(shipper.state.certificateEnds, null)
    other.remove()
    await plain.stop()
  })
})
