import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  add,
  countOf,
  EMPTY,
  joined,
  type LogHistogram,
  quantile,
  spreadAround,
  valuesOf,
} from '../../src/baselines/log-histogram.ts'
import { normal } from './noise.ts'

const all = (values: readonly number[], unit: number) =>
  values.reduce<LogHistogram>((histogram, value) => add(histogram, value, unit), EMPTY)

describe('a histogram of a logarithmic scale', () => {
  for (const [name, middle, spread, unit] of [
    ['a bitrate', 750_000, 37_500, 2_500],
    ['a round trip', 0.02, 0.006, 0.001],
    ['a drift about zero', 0, 0.1, 0.1],
  ] as const) {
    it(`knows the median and the spread of ${name} to a fifth of its spread`, () => {
      const noise = normal(1)
      const values = Array.from({ length: 5000 }, () => middle + spread * noise())
      const seen = valuesOf(all(values, unit), unit)
      const median = quantile(seen, 0.5) ?? Number.NaN
      assert.ok(Math.abs(median - middle) < spread / 5, `median ${median}`)
      const sigma = 1.4826 * (spreadAround(seen, median) ?? Number.NaN)
      assert.ok(Math.abs(sigma - spread) < spread / 5, `spread ${sigma}`)
    })
  }

  it('never has more than 64 buckets, whatever comes, and loses no value', () => {
    const values = Array.from({ length: 3000 }, (_, index) => 10 ** ((index % 300) / 20) * (index % 2 === 0 ? 1 : -1))
    const histogram = all(values, 0.001)
    assert.ok(histogram.counts.length <= 128, `${histogram.counts.length / 2} buckets`)
    assert.equal(countOf(histogram), 3000)
  })

  it('is the same whether values come one after another or in parts that are joined', () => {
    const noise = normal(2)
    const values = Array.from({ length: 2000 }, () => Math.exp(5 + 2 * noise()))
    const whole = all(values, 1)
    const parts = joined([all(values.slice(0, 700), 1), all(values.slice(700), 1), EMPTY])
    assert.deepEqual(parts, whole)
  })

  it('has no median while it is empty', () => {
    assert.equal(quantile(valuesOf(EMPTY, 1), 0.5), null)
  })
})
