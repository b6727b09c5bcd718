import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import type { UserMetricDefinition } from '../../src/metrics/user-metric-definition.ts'
import { expositionOf, parseExposition, valuesOf } from '../exposition.ts'

const COUNTER: UserMetricDefinition = { name: 'visitors_total', type: 'counter', labelNames: ['door'] }
const GAUGE: UserMetricDefinition = { name: 'room_temperature_celsius', type: 'gauge', labelNames: ['room', 'floor'] }

async function values(registry: MetricsRegistry, name: string, labels: Record<string, string> = {}) {
  return valuesOf(parseExposition((await expositionOf(registry)).body), name, labels)
}

describe("a metric of the user's own", () => {
  it('counts, by one or by val, with and without labels', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(COUNTER)
    metric.apply({ op: 'inc', val: 5, labels: { door: 'north' } })
    metric.apply({ op: 'inc', labels: { door: 'north' } })
    metric.apply(2)
    metric.apply(undefined)
    metric.apply({})
    assert.deepEqual(await values(registry, 'visitors_total', { door: 'north' }), [6])
    const { body } = await expositionOf(registry)
    assert.match(body, /^visitors_total 4$/m)
  })

  it('sets, raises and lowers a gauge, which is absent until then', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric({ name: 'queue', type: 'gauge' })
    assert.deepEqual(await values(registry, 'queue'), [])
    metric.apply({ op: 'set', val: 7 })
    metric.apply({ op: 'dec', val: 2 })
    metric.apply({ op: 'inc' })
    assert.deepEqual(await values(registry, 'queue'), [6])
    metric.apply({ reset: true })
    assert.deepEqual(await values(registry, 'queue'), [])
    metric.apply('3.5')
    assert.deepEqual(await values(registry, 'queue'), [3.5])
    metric.apply(true)
    assert.deepEqual(await values(registry, 'queue'), [1])
  })

  it('observes into the buckets of a histogram', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric({ name: 'wait_seconds', type: 'histogram', buckets: [1, 5] })
    for (const val of [0.5, 3, 30]) metric.apply({ op: 'observe', val })
    const of = async (le: string) => await values(registry, 'wait_seconds_bucket', { le })
    assert.deepEqual([await of('1.0'), await of('5.0'), await of('+Inf')], [[1], [2], [3]])
    assert.deepEqual(await values(registry, 'wait_seconds_sum'), [33.5])
  })

  it('gives the quantiles of a summary', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric({
      name: 'size_bytes',
      type: 'summary',
      percentiles: [0.5],
      labelNames: ['room'],
    })
    for (const val of [1, 2, 3]) metric.apply({ val, labels: { room: 'a' } })
    assert.deepEqual(await values(registry, 'size_bytes', { quantile: '0.5', room: 'a' }), [2])
    assert.deepEqual(await values(registry, 'size_bytes_count'), [3])
  })

  it('does a reset before the operation, and no operation with nop or alone', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(COUNTER)
    metric.apply({ val: 5, labels: { door: 'north' } })
    metric.apply({ reset: true, op: 'inc', val: 2, labels: { door: 'south' } })
    assert.deepEqual(await values(registry, 'visitors_total', { door: 'north' }), [])
    assert.deepEqual(await values(registry, 'visitors_total', { door: 'south' }), [2])
    metric.apply({ op: 'nop', val: 9 })
    assert.deepEqual(await values(registry, 'visitors_total'), [2])
    metric.apply({ op: 'reset' })
    assert.deepEqual(await values(registry, 'visitors_total'), [])
  })

  it('treats a label that is missing, null or empty alike', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(GAUGE)
    for (const labels of [{ room: 'a' }, { room: 'a', floor: '' }, { room: 'a', floor: null }]) {
      metric.apply({ op: 'inc', labels })
    }
    assert.deepEqual(await values(registry, GAUGE.name), [3])
  })

  it('takes numbers and truth values as labels', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.userMetric(GAUGE).apply({ val: 20, labels: { room: 12, floor: true } })
    assert.deepEqual(await values(registry, GAUGE.name, { room: '12', floor: 'true' }), [20])
  })

  it('keeps apart what only looks alike when joined', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(GAUGE)
    metric.apply({ val: 1, labels: { room: 'a,floor:b' } })
    metric.apply({ val: 2, labels: { room: 'a', floor: 'b' } })
    assert.deepEqual((await values(registry, GAUGE.name)).sort(), [1, 2])
  })
})

describe('a message that does not fit', () => {
  const cases: [string, UserMetricDefinition, unknown, string, RegExp][] = [
    ['no payload', GAUGE, undefined, 'invalid-message', /"room_temperature_celsius" has no payload/],
    ['an array', COUNTER, [1, 2], 'invalid-message', /is an array; send one by one/],
    ['a word', GAUGE, 'warm', 'invalid-metric', /"warm" is not a number/],
    ['not a number', GAUGE, Number.NaN, 'invalid-metric', /"NaN" is not a number/],
    ['an object as value', GAUGE, { val: {} }, 'invalid-metric', /"an object" is not a number/],
    ['a missing value', GAUGE, { op: 'set' }, 'invalid-metric', /"set" needs a number in "val"/],
    ['a falling counter', COUNTER, -1, 'invalid-metric', /only grows, and -1 is negative\. Use a gauge/],
    [
      'a foreign operation',
      COUNTER,
      { op: 'set', val: 1 },
      'invalid-metric',
      /a counter does not know the operation "set"/,
    ],
    ['an unknown label', COUNTER, { labels: { dor: 'x' } }, 'invalid-metric', /no label "dor"\. It has door/],
    ['an object as label', COUNTER, { labels: { door: {} } }, 'invalid-metric', /label "door" must be a text/],
    ['labels as a list', COUNTER, { labels: ['x'] }, 'invalid-message', /"labels" .* must be an object/],
    ['a reset that is no truth value', COUNTER, { reset: 'no' }, 'invalid-message', /"reset" .* true or false/],
    ['a label without end', COUNTER, { labels: { door: 'x'.repeat(2000) } }, 'invalid-metric', /longer than 1000/],
  ]
  for (const [title, definition, payload, code, message] of cases) {
    it(`is refused with what is wrong: ${title}`, () => {
      const metric = new MetricsRegistry(KINDS).userMetric(definition)
      assert.throws(() => metric.apply(payload), { code, message })
    })
  }

  it('leaves the metric as it was, also when it asked for a reset', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(COUNTER)
    metric.apply(5)
    assert.throws(() => metric.apply({ reset: true, val: 1, labels: { nope: 'x' } }), { code: 'invalid-metric' })
    assert.deepEqual(await values(registry, 'visitors_total'), [5])
  })

  it('is refused when it would be the thousand and first set of labels; the known ones go on', async () => {
    const registry = new MetricsRegistry(KINDS)
    const metric = registry.userMetric(COUNTER)
    for (let index = 0; index < 1000; index++) metric.apply({ labels: { door: index } })
    assert.throws(() => metric.apply({ labels: { door: 'one more' } }), { code: 'invalid-metric', message: /1000/ })
    metric.apply({ labels: { door: 7 } })
    assert.deepEqual(await values(registry, 'visitors_total', { door: '7' }), [2])
    metric.apply({ reset: true })
    metric.apply({ labels: { door: 'one more' } })
    assert.deepEqual(await values(registry, 'visitors_total'), [1])
  })
})

describe('a definition', () => {
  const refused: [string, UserMetricDefinition, RegExp][] = [
    ['no name', { name: '', type: 'gauge' }, /needs a name/],
    ['a name with a dash', { name: 'room-temperature', type: 'gauge' }, /letters, digits and "_" only/],
    ['a name with a colon', { name: 'room:temperature', type: 'gauge' }, /letters, digits and "_" only/],
    ['a name of ours', { name: 'hmonitor_mine', type: 'gauge' }, /"hmonitor_" are reserved/],
    ['a name of the process', { name: 'process_x', type: 'gauge' }, /"process_" are reserved/],
    ['a name of Node.js', { name: 'nodejs_x', type: 'gauge' }, /"nodejs_" are reserved/],
    ['a name of Prometheus', { name: 'up', type: 'gauge' }, /Prometheus itself/],
    ['an unknown type', { name: 'a', type: 'meter' as 'gauge' }, /"meter" is none of counter, gauge/],
    ['a label name with a dash', { name: 'a', type: 'gauge', labelNames: ['b-c'] }, /"b-c" is not valid/],
    ['a label name of Prometheus', { name: 'a', type: 'gauge', labelNames: ['__b'] }, /"__b" is not valid/],
    ['a label name twice', { name: 'a', type: 'gauge', labelNames: ['b', 'b'] }, /"b" stands there twice/],
    ['le in a histogram', { name: 'a', type: 'histogram', labelNames: ['le'] }, /"le" is reserved in a histogram/],
    ['quantile in a summary', { name: 'a', type: 'summary', labelNames: ['quantile'] }, /"quantile" is reserved/],
    ['buckets that fall', { name: 'a', type: 'histogram', buckets: [1, 0.5] }, /ascending/],
    ['no buckets', { name: 'a', type: 'histogram', buckets: [] }, /ascending/],
    ['a bucket that is no number', { name: 'a', type: 'histogram', buckets: [Number.NaN] }, /ascending/],
    ['a quantile in percent', { name: 'a', type: 'summary', percentiles: [95] }, /between 0 and 1/],
    ['a window of nothing', { name: 'a', type: 'summary', maxAgeSeconds: 0 }, /more than 0 seconds/],
  ]
  for (const [title, definition, message] of refused) {
    it(`is refused with ${title}`, () => {
      assert.throws(() => new MetricsRegistry(KINDS).userMetric(definition), { code: 'invalid-metric', message })
    })
  }

  it('is shared by nodes that have the same, in whatever order the labels stand', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.userMetric(GAUGE).apply({ val: 1, labels: { room: 'a' } })
    registry.userMetric({ ...GAUGE, labelNames: ['floor', 'room'] }).apply({ val: 2, labels: { room: 'a' } })
    assert.deepEqual(await values(registry, GAUGE.name), [2])
  })

  it('is refused beside a different one of the same name, and says what differs', () => {
    const registry = new MetricsRegistry(KINDS)
    registry.userMetric(GAUGE)
    const different = { ...GAUGE, type: 'counter' as const, labelNames: ['room'] }
    assert.throws(() => registry.userMetric(different), {
      code: 'metric-conflict',
      message: /"room_temperature_celsius" with different type, labels\. Make both equal or rename one\./,
    })
  })

  it('is refused where its series would carry the name of another metric', () => {
    const registry = new MetricsRegistry(KINDS)
    registry.userMetric({ name: 'wait', type: 'histogram' })
    for (const definition of [
      { name: 'wait_count', type: 'gauge' },
      { name: 'wait_total', type: 'counter' },
    ] as const) {
      assert.throws(() => registry.userMetric(definition), { code: 'metric-conflict', message: /the histogram "wait"/ })
    }
  })
})

describe('a deploy', () => {
  it('keeps the values of a metric whose node comes back', async () => {
    const registry = new MetricsRegistry(KINDS)
    const before = registry.userMetric(COUNTER)
    before.apply(5)
    before.release(false)
    assert.deepEqual(await values(registry, 'visitors_total'), [5])
    registry.userMetric(COUNTER).apply(1)
    registry.dropUnheldUserMetrics()
    assert.deepEqual(await values(registry, 'visitors_total'), [6])
  })

  it('takes a metric away with the last node that has it', async () => {
    const registry = new MetricsRegistry(KINDS)
    const [one, other] = [registry.userMetric(COUNTER), registry.userMetric(COUNTER)]
    one.apply(5)
    one.release(true)
    assert.deepEqual(await values(registry, 'visitors_total'), [5])
    other.release(true)
    assert.deepEqual(await values(registry, 'visitors_total'), [])
  })

  it('keeps a metric when one node goes while the other is being started anew', async () => {
    const registry = new MetricsRegistry(KINDS)
    const [one, other] = [registry.userMetric(COUNTER), registry.userMetric(COUNTER)]
    one.apply(5)
    other.release(false)
    one.release(true)
    registry.userMetric(COUNTER)
    registry.dropUnheldUserMetrics()
    assert.deepEqual(await values(registry, 'visitors_total'), [5])
  })

  it('takes away what no node has taken up again, for example after a renaming', async () => {
    const registry = new MetricsRegistry(KINDS)
    const before = registry.userMetric(COUNTER)
    before.apply(5)
    before.release(false)
    registry.userMetric({ ...COUNTER, name: 'guests_total' }).apply(1)
    registry.dropUnheldUserMetrics()
    assert.deepEqual(await values(registry, 'visitors_total'), [])
    assert.deepEqual(await values(registry, 'guests_total'), [1])
  })

  it('replaces a metric whose node comes back with another definition', async () => {
    const registry = new MetricsRegistry(KINDS)
    const before = registry.userMetric(COUNTER)
    before.apply(5)
    before.release(false)
    registry.userMetric({ ...COUNTER, type: 'gauge' }).apply(1)
    assert.deepEqual(await values(registry, 'visitors_total'), [1])
    before.release(true)
    assert.deepEqual(await values(registry, 'visitors_total'), [1])
  })

  it('leaves nothing behind after a hundred of them', async () => {
    const registry = new MetricsRegistry(KINDS)
    let metric = registry.userMetric(COUNTER)
    for (let deploy = 0; deploy < 100; deploy++) {
      metric.release(false)
      metric = registry.userMetric(deploy % 2 === 0 ? COUNTER : { ...COUNTER, help: `Help ${deploy}.` })
      registry.dropUnheldUserMetrics()
    }
    metric.release(true)
    const { body } = await expositionOf(registry)
    assert.doesNotMatch(body, /visitors/)
  })
})
