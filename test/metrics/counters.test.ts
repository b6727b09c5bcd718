import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { KINDS } from '../../src/kinds/kinds.ts'
import { type SampleChange, SampleFeed } from '../../src/metrics/family.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { SESSION_ENDS } from '../../src/observation/stream.ts'
import { expositionOf, parseExposition, valuesOf } from '../exposition.ts'
import { issue, measurements, next, observation, type StreamObservation } from './observations.ts'

const PACKETS = 'hmonitor_stream_packets_total'
const packetsOf = async (registry: MetricsRegistry) =>
  valuesOf(parseExposition((await expositionOf(registry)).body), PACKETS, { media: 'video' })[0] ?? Number.NaN
const packetChanges = (changes: SampleChange[]) =>
  changes.filter(({ metric, labels }) => metric === PACKETS && labels.media === 'video')

function withPackets(before: StreamObservation, packets: number): StreamObservation {
  const { total } = measurements()
  return next(before, { measurements: measurements({ total: { ...total, video: { packets, bytes: 0 } } }) })
}

describe('counters', () => {
  it('never go back, whatever the totals of a watch do, and grow by all that was counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }), async (totals) => {
        const registry = new MetricsRegistry(KINDS)
        let last = observation({ sequence: 0 })
        let counted = 0
        let expected = 0
        let before = 0
        for (const packets of totals) {
          expected += packets < before ? packets : packets - before
          before = packets
          last = withPackets(last, packets)
          registry.record(last, null)
          const shown = await packetsOf(registry)
          assert.ok(shown >= counted, `${shown} after ${counted}`)
          counted = shown
        }
        assert.equal(counted, expected)
      }),
      { numRuns: 30 },
    )
  })

  it('grow on where a watch begins again with its totals carried over', async () => {
    const registry = new MetricsRegistry(KINDS)
    const first = withPackets(observation(), 100)
    registry.record(first, null)
    registry.record({ ...withPackets(first, 130), sequence: 1 }, null)
    assert.equal(await packetsOf(registry), 130)
  })
})

describe('the changes for another exporter', () => {
  it('increments counters by their growth and sets gauges, only where they changed', () => {
    const registry = new MetricsRegistry(KINDS)
    const feed = new SampleFeed()
    const first = observation()
    registry.record(first, feed)
    const changes = registry.record(next(first), feed)
    assert.deepEqual(changes, [
      {
        metric: 'hmonitor_stream_received_bytes_total',
        op: 'inc',
        val: 500_000,
        labels: { target: 'main', media: 'video' },
      },
      { metric: PACKETS, op: 'inc', val: 30, labels: { target: 'main', media: 'video' } },
      {
        metric: 'hmonitor_stream_last_packet_timestamp_seconds',
        op: 'set',
        val: 1767323045.75,
        labels: { target: 'main' },
      },
    ])
  })

  it('tells every series once, counters that stand at 0 included', () => {
    const registry = new MetricsRegistry(KINDS)
    const changes = registry.record(observation(), new SampleFeed())
    assert.deepEqual(changes.find(({ metric }) => metric === 'hmonitor_stream_up')?.val, 1)
    const ends = changes.filter(({ metric }) => metric === 'hmonitor_stream_sessions_total')
    assert.equal(ends.length, SESSION_ENDS.length)
    assert.ok(ends.every(({ op }) => op === 'inc'))
  })

  it('tells each of two receivers everything', () => {
    const registry = new MetricsRegistry(KINDS)
    const [one, other] = [new SampleFeed(), new SampleFeed()]
    const first = observation()
    assert.deepEqual(registry.record(first, one), registry.record(first, other))
    const second = next(first)
    assert.deepEqual(registry.record(second, one), registry.record(second, other))
  })

  it('does not count twice for a receiver that comes after a deploy', () => {
    const registry = new MetricsRegistry(KINDS)
    const first = withPackets(observation(), 1000)
    registry.record(first, new SampleFeed())
    const changes = registry.record(withPackets(first, 1030), new SampleFeed())
    assert.deepEqual(
      packetChanges(changes).map(({ val }) => val),
      [30],
    )
    assert.equal(changes.find(({ metric }) => metric === 'hmonitor_stream_up')?.val, 1)
  })

  it('adds up to what /metrics shows, over restarts of the watch', async () => {
    const registry = new MetricsRegistry(KINDS)
    const feed = new SampleFeed()
    let last = observation({ sequence: 0 })
    let sum = 0
    for (const packets of [10, 40, 40, 5, 65, 0, 3]) {
      last = withPackets(last, packets)
      sum += packetChanges(registry.record(last, feed)).reduce((total, { val }) => total + val, 0)
    }
    assert.equal(sum, 108)
    assert.equal(await packetsOf(registry), 108)
  })

  it('sets a cleared issue to 0', () => {
    const registry = new MetricsRegistry(KINDS)
    const feed = new SampleFeed()
    const first = observation({ issues: [issue('streamStalled', 'warning')] })
    registry.record(first, feed)
    const cleared = registry.record(next(first, { issues: [] }), feed)
    assert.deepEqual(
      cleared.filter(({ metric }) => metric === 'hmonitor_stream_issue').map(({ op, val }) => [op, val]),
      [['set', 0]],
    )
  })

  it('has no histogram, which other exporters cannot set', () => {
    const changes = new MetricsRegistry(KINDS).record(
      observation({ measurements: measurements({ newConnectSeconds: [1] }) }),
      new SampleFeed(),
    )
    assert.ok(changes.every(({ metric }) => !metric.includes('connect_duration')))
  })
})
