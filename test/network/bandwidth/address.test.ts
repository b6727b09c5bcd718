import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseBandwidthUrl } from '../../../src/network/bandwidth/address.ts'

describe('The address of a bandwidth test', () => {
  it('is of HTTP, HTTPS or iperf3', () => {
    assert.equal(parseBandwidthUrl('https://speed.example/upload').protocol, 'http')
    assert.deepEqual(parseBandwidthUrl('iperf3://speed.example'), {
      protocol: 'iperf3',
      host: 'speed.example',
      port: 5201,
    })
    assert.deepEqual(parseBandwidthUrl('iperf3://[2001:db8::1]:99'), {
      protocol: 'iperf3',
      host: '2001:db8::1',
      port: 99,
    })
  })

  for (const [text, code] of [
    ['speed.example', 'invalid-url'],
    ['ftp://speed.example/', 'forbidden-protocol'],
    ['file:///etc/passwd', 'forbidden-protocol'],
    ['iperf3://', 'invalid-url'],
    ['iperf3://-c/', 'invalid-url'],
    ['iperf3://speed.example/path', 'invalid-url'],
    ['iperf3://user:word@speed.example', 'invalid-url'],
  ] as const) {
    it(`is not ${text}`, () => {
      assert.throws(() => parseBandwidthUrl(text), { code })
    })
  }
})
