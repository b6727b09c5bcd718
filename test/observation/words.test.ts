import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anyOf, bitrate, hundredths, seconds, times, truncate } from '../../src/observation/words.ts'

describe('words', () => {
  it('says seconds as a person reads them', () => {
    const said = [0, 0.5, 2.04, 6, 9.96, 12.4, 119, 120, 200, 7200, 7500].map(seconds)
    assert.deepEqual(said, [
      '0 s',
      '0.5 s',
      '2 s',
      '6 s',
      '10 s',
      '12 s',
      '119 s',
      '2 min',
      '3 min 20 s',
      '2 h',
      '2 h 5 min',
    ])
  })

  it('says how often', () => {
    assert.deepEqual([0, 1, 2].map(times), ['0 times', '1 time', '2 times'])
  })

  it('cuts a text that has no bound of its own', () => {
    assert.equal(truncate('abcdef', 6), 'abcdef')
    assert.equal(truncate('abcdefg', 6), 'abcde…')
  })

  it('gives bitrates as encoders do', () => {
    assert.deepEqual([0, 1000, 12_000, 124_900, 125_000, 812_500].map(bitrate), [
      '0 kb/s',
      '8 kb/s',
      '96 kb/s',
      '999 kb/s',
      '1 Mb/s',
      '6.5 Mb/s',
    ])
  })

  it('gives at most two decimals', () => {
    assert.deepEqual([29.97003, 30, 0.125].map(hundredths), [29.97, 30, 0.13])
  })

  it('lists what may be', () => {
    assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 3]].map(anyOf), ['', 'a', 'a or b', 'a, b or 3'])
  })
})
