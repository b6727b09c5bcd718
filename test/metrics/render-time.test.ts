import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { expositionOf, parseExposition } from '../exposition.ts'
import { content, issue, measurements, next, observation } from './observations.ts'

const STREAMS = 250
const ISSUES = ['streamOffline', 'streamStalled', 'timestampJump', 'noAudioStream', 'parametersChanged', 'notMeasured']

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

describe('250 streams with all their series', () => {
  it('are recorded and rendered in milliseconds', async (test) => {
    const registry = new MetricsRegistry(KINDS)
    let streams = Array.from({ length: STREAMS }, (_, index) =>
      observation({
        target: `stream-${index}`,
        issues: ISSUES.map((type) => issue(type)),
        measurements: measurements({ content: content() }),
      }),
    )
    const [records, renders]: [number[], number[]] = [[], []]
    let body = ''
    for (let round = 0; round < 20; round++) {
      const begin = performance.now()
      for (const stream of streams) registry.record(stream, null)
      const recorded = performance.now()
      body = (await expositionOf(registry)).body
      records.push(recorded - begin)
      renders.push(performance.now() - recorded)
      streams = streams.map((stream) => next(stream))
    }
    const series = parseExposition(body).filter(({ labels }) => labels.target !== undefined).length
    const megabytes = (Buffer.byteLength(body) / 1e6).toFixed(2)
    test.diagnostic(
      `${series} series, ${megabytes} MB: recorded in ${median(records).toFixed(1)} ms, ` +
        `rendered in ${median(renders).toFixed(1)} ms (medians of 20)`,
    )
    assert.ok(series >= 12_500, `${series} series`)
    // Five times the 20 ms that are aimed at, so that only a real loss fails here and not a busy machine.
    assert.ok(median(renders) < 100, `rendered in ${median(renders)} ms`)
  })
})
