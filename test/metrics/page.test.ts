import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { parseExposition, valuesOf } from '../exposition.ts'
import { measurements, next, observation } from './observations.ts'

/** So many that their page has several pieces. */
const STREAMS = 300

function manyStreams() {
  const registry = new MetricsRegistry(KINDS)
  const streams = Array.from({ length: STREAMS }, (_, index) =>
    observation({ target: `Bühne ${index}`, measurements: measurements() }),
  )
  for (const stream of streams) registry.record(stream, null)
  return { registry, streams }
}

describe('a page of many streams', () => {
  it('lets others have their turn while it is made', async () => {
    const { registry } = manyStreams()
    let turns = 0
    let isMade = false
    const count = () => {
      if (isMade) return
      turns++
      setImmediate(count)
    }
    setImmediate(count)
    const { body } = await registry.exposition()
    isMade = true
    assert.ok(body.length > 512 * 1024, `${body.length} bytes`)
    assert.ok(turns >= 2, `${turns} turns`)
  })

  it('is of one moment, whatever is recorded and forgotten meanwhile', async () => {
    const { registry, streams } = manyStreams()
    const begun = registry.exposition()
    setImmediate(() => {
      for (const stream of streams) registry.record(next(stream), null)
      registry.forget('stream', 'Bühne 7')
    })
    const samples = parseExposition(String((await begun).body))
    const packets = valuesOf(samples, 'hmonitor_stream_packets_total', { media: 'video' })
    assert.equal(packets.length, STREAMS)
    assert.equal(new Set(packets).size, 1)
    assert.equal(valuesOf(samples, 'hmonitor_stream_up', { target: 'Bühne 7' }).length, 1)
  })

  it('is the same for scrapes that come together, and made anew for the next', async () => {
    const { registry, streams } = manyStreams()
    const [one, other, openMetrics] = await Promise.all([
      registry.exposition('text/plain'),
      registry.exposition(),
      registry.exposition('application/openmetrics-text;version=1.0.0'),
    ])
    assert.equal(one.body, other.body)
    assert.notEqual(one.contentType, openMetrics.contentType)
    for (const stream of streams) registry.record(next(stream), null)
    const later = await registry.exposition()
    assert.notEqual(later.body, one.body)
    assert.ok(!later.body.equals(one.body))
  })
})
