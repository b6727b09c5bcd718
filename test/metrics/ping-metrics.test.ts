import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { PingRecord } from '../../src/network/ping/record.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { expositionOf } from '../exposition.ts'

const record = new PingRecord()

/** Of a host whose echoes took so many milliseconds. */
function observation(target: string, sequence: number, milliseconds: readonly number[]): Observation {
  const roundTrips = milliseconds.map((time) => time / 1000)
  const { measurements } = record.measured({ address: '192.0.2.1', sent: 5, roundTrips, said: null }, sequence)
  const time = new Date(1e12 + sequence * 1000).toISOString()
  return {
    ...{ kind: 'ping', target, labels: {}, time, sequence, state: 'ok', expected: true, score: 100 },
    ...{ measurements, issues: [] },
  }
}

async function lines(registry: MetricsRegistry, name: string): Promise<string[]> {
  const { body } = await expositionOf(registry)
  return body.split('\n').filter((line) => line.startsWith(name))
}

describe('the metrics of a host', () => {
  it('are a histogram of its own round trips, which grows by what is new', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.record(observation('near', 1, [2, 2, 3]), null)
    registry.record(observation('near', 2, [40]), null)
    registry.record(observation('far', 1, [180]), null)
    const counts = await lines(registry, 'hmonitor_ping_rtt_seconds_count')
    assert.deepEqual(counts.sort(), [
      'hmonitor_ping_rtt_seconds_count{target="far"} 1',
      'hmonitor_ping_rtt_seconds_count{target="near"} 4',
    ])
    const buckets = await lines(registry, 'hmonitor_ping_rtt_seconds_bucket{le="0.005",target="near"}')
    assert.deepEqual(buckets, ['hmonitor_ping_rtt_seconds_bucket{le="0.005",target="near"} 3'])
  })

  it('go with the host, the histogram too', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.record(observation('near', 1, [2]), null)
    registry.record(observation('far', 1, [2]), null)
    registry.forget('ping', 'near')
    assert.deepEqual(
      (await lines(registry, 'hmonitor_ping_')).filter((line) => line.includes('target="near"')),
      [],
    )
    assert.equal((await lines(registry, 'hmonitor_ping_rtt_seconds_count')).length, 1)
  })
})
