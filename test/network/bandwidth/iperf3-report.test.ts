import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseIperf3 } from '../../../src/network/bandwidth/iperf3.ts'
import { throughputOf } from '../../../src/network/bandwidth/transfer.ts'

function report(bytes: number[], error?: string): string {
  const intervals = bytes.map((count, index) => ({
    sum: { start: index / 10, end: (index + 1) / 10, seconds: 0.1, bytes: count },
  }))
  return JSON.stringify({ start: {}, intervals, end: {}, ...(error && { error }) })
}

describe('The report of iperf3', () => {
  it('says how much went through, also when the test was ended early', () => {
    for (const error of [undefined, 'interrupt - the client has terminated']) {
      const transfer = parseIperf3(report(Array(30).fill(12_500), error))
      assert.equal(transfer.outcome, 'measured')
      const throughput = transfer.outcome === 'measured' ? throughputOf(transfer.samples) : null
      assert.ok(Math.abs((throughput?.bytesPerSecond ?? 0) - 125_000) < 1)
    }
  })

  for (const [error, kind] of [
    ['unable to connect to server: Connection refused', 'refused'],
    ['unable to connect to server: Connection timed out', 'timeout'],
    ['unable to connect to server: No route to host', 'unreachable'],
    ['unable to connect to server: Network is unreachable', 'unreachable'],
    ['control socket has closed unexpectedly', 'wrong-answer'],
    ['something that no version has said before', 'wrong-answer'],
  ] as const) {
    it(`names the fault of the server: ${error}`, () => {
      const transfer = parseIperf3(report([], error))
      assert.equal(transfer.outcome === 'failure' && transfer.code, kind)
    })
  }

  it('says nothing of a server that is busy with somebody else', () => {
    const transfer = parseIperf3(report([], 'the server is busy running a test. try again later'))
    assert.equal(transfer.outcome === 'failure' && transfer.code, 'busy')
  })

  it('is a fault of the connection when nothing goes through', () => {
    const transfer = parseIperf3(report([4096, ...Array(29).fill(0)], 'interrupt - the client has terminated'))
    assert.equal(transfer.outcome === 'failure' && transfer.code, 'timeout')
  })

  for (const text of ['', 'iperf3: error', '[]', 'null', '{"intervals":[{"sum":{"start":"0"}}]}', '{"intervals":7}']) {
    it(`is refused when it has another shape: ${text}`, () => {
      const transfer = parseIperf3(text)
      assert.equal(transfer.outcome === 'failure' && transfer.code, 'bad-output')
    })
  }
})
