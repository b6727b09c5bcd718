import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Sample, throughputOf } from '../../../src/network/bandwidth/transfer.ts'

function samples(seconds: number, bytesAt: (at: number) => number): Sample[] {
  return Array.from({ length: seconds * 10 + 1 }, (_, index) => ({ at: 100 + index / 10, bytes: bytesAt(index / 10) }))
}

describe('The throughput of a test', () => {
  it('is what went through per second', () => {
    const throughput = throughputOf(samples(10, (at) => at * 1000))
    assert.ok(Math.abs((throughput?.bytesPerSecond ?? 0) - 1000) < 0.01)
    assert.equal(throughput?.bytes, 10_000)
  })

  it('leaves out the slow start', () => {
    // Nothing for 3 s, then 1000 bytes a second.
    const throughput = throughputOf(samples(10, (at) => Math.max(0, at - 3) * 1000))
    assert.ok(Math.abs((throughput?.bytesPerSecond ?? 0) - 1000) < 0.01)
    assert.equal(throughput?.bytes, 7000)
  })

  it('leaves out the burst that only fills buffers', () => {
    const throughput = throughputOf(samples(6, (at) => (at > 0 ? 50_000 : 0) + at * 1000))
    assert.ok(Math.abs((throughput?.bytesPerSecond ?? 0) - 1000) < 0.01)
  })

  it('is not known of a test without samples, or of one that was too short', () => {
    assert.equal(throughputOf([]), null)
    assert.equal(throughputOf([{ at: 1, bytes: 0 }]), null)
    assert.equal(throughputOf(samples(0.1, (at) => at * 1e9)), null)
  })
})
