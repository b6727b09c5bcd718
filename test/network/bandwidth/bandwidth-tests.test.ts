import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { BandwidthContext, BandwidthSettings } from '../../../src/network/bandwidth/bandwidth-probe.ts'
import { BandwidthTests } from '../../../src/network/bandwidth/bandwidth-probe.ts'
import { bandwidthEndpoint } from '../../../src/network/bandwidth/endpoint.ts'
import type { DependentStream } from '../../../src/network/bandwidth/need.ts'
import type { BandwidthMeasurements } from '../../../src/observation/bandwidth.ts'
import { systemClock } from '../../../src/observation/clock.ts'
import { Limiter } from '../../../src/observation/limiter.ts'
import type { State } from '../../../src/observation/observation.ts'
import { measurements, RATES } from '../../health/readings.ts'

const NOTHING: BandwidthMeasurements = {
  up: null,
  direction: 'up',
  bytesPerSecond: null,
  testedAt: null,
  total: { tests: 0, bytes: 0 },
  need: null,
  postponed: null,
}

const signal = new AbortController().signal

const stream = (state: State): DependentStream => ({
  name: 'main',
  newest: { state, measurements: { ...measurements(), parameters: null, last10s: RATES } },
})

let server: http.Server
let url = ''
before(async () => {
  server = http.createServer(bandwidthEndpoint({ token: async () => 'word' })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://x:\${TOKEN}@127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(() => server.close())

function tests(streams: () => DependentStream[], changes: Partial<BandwidthSettings & BandwidthContext> = {}) {
  const settings: BandwidthSettings = {
    ...{ name: 'uplink', url, direction: 'up', interval: 600, seconds: 0.3, megabytes: 1000 },
    ...{ whileLive: false, verifyTls: true, required: null, ...changes },
  }
  return new BandwidthTests(settings, {
    ...{ clock: systemClock, turns: new Limiter(1), streams, redact: (text) => text },
    expand: (template) => template.replace('${TOKEN}', 'word'),
    ...changes,
  })
}

describe('The bandwidth tests of one target', () => {
  it('measure while no stream needs the connection', async () => {
    const reading = await tests(() => [stream('off')]).run(NOTHING, signal)
    assert.equal(reading.outcome, 'present')
    assert.ok((reading.measurements.bytesPerSecond ?? 0) > 0)
    assert.ok(Math.abs((reading.measurements.testedAt ?? 0) - Date.now() / 1000) < 5)
    assert.equal(reading.measurements.total.tests, 1)
  })

  it('are put off while a stream is on air, and nothing is known then', async () => {
    const reading = await tests(() => [stream('ok')]).run(NOTHING, signal)
    assert.ok(reading.outcome === 'unknown' && reading.code === 'postponed')
    assert.equal(reading.measurements.postponed, 'main is on air')
  })

  it('leave the newest result standing while they are put off, and hold it against what the stream needs', async () => {
    let state: State = 'off'
    const uplink = tests(() => [stream(state)])
    const first = await uplink.run(NOTHING, signal)
    state = 'ok'
    const second = await uplink.run(first.measurements, signal)
    assert.equal(second.outcome, 'present')
    assert.equal(second.measurements.bytesPerSecond, first.measurements.bytesPerSecond)
    assert.equal(second.measurements.testedAt, first.measurements.testedAt)
    const { videoBytesPerSecond, audioBytesPerSecond } = RATES
    assert.deepEqual(second.measurements.need, {
      bytesPerSecond: (videoBytesPerSecond ?? 0) + (audioBytesPerSecond ?? 0),
      streams: ['main'],
    })
  })

  it('end at once when a stream goes on air meanwhile', async () => {
    const begun = performance.now()
    const goesLive = () => [stream(performance.now() - begun > 200 ? 'ok' : 'off')]
    const reading = await tests(goesLive, { seconds: 20, megabytes: 1e6 }).run(NOTHING, signal)
    assert.ok(performance.now() - begun < 5000)
    assert.equal(reading.measurements.postponed, 'main is on air')
  })

  it('run while a stream is on air where that is wanted', async () => {
    const reading = await tests(() => [stream('ok')], { whileLive: true }).run(NOTHING, signal)
    assert.equal(reading.outcome, 'present')
  })

  it('wait for the tests of other targets', async () => {
    const turns = new Limiter(1)
    const running: number[] = []
    const streams = () => {
      running.push(turns.running)
      return []
    }
    const readings = await Promise.all([1, 2].map(() => tests(streams, { turns }).run(NOTHING, signal)))
    // The endpoint itself would have refused the second.
    assert.deepEqual(
      readings.map(({ outcome }) => outcome),
      ['present', 'present'],
    )
  })

  it('say what is wrong with the other side, or with the settings', async () => {
    const refused = await tests(() => [], { expand: () => url.replace('${TOKEN}', 'wrong') }).run(NOTHING, signal)
    assert.ok(refused.outcome === 'unknown' && refused.code === 'wrong-answer')
    assert.equal(refused.measurements.up, null)
    const invalid = await tests(() => [], { expand: () => 'gopher://host/' }).run(NOTHING, signal)
    assert.ok(invalid.outcome === 'unknown' && invalid.code === 'forbidden-protocol')
  })

  it('take what the settings say is needed before what streams need', async () => {
    const reading = await tests(() => [], { required: 8 }).run(NOTHING, signal)
    assert.deepEqual(reading.measurements.need, { bytesPerSecond: 1_000_000, streams: [] })
  })
})
