import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseServiceUrl } from '../../../src/network/service/address.ts'
import { MonitorError } from '../../../src/observation/errors.ts'

function of(url: string) {
  const { protocol, host, port, tls } = parseServiceUrl(url)
  return [protocol, host, port, tls]
}

describe('the address of a service', () => {
  it('has the port of its protocol where none is written', () => {
    assert.deepEqual(of('http://server.example/x'), ['http', 'server.example', 80, false])
    assert.deepEqual(of('https://server.example'), ['https', 'server.example', 443, true])
    assert.deepEqual(of('rtmp://server.example/live'), ['rtmp', 'server.example', 1935, false])
    assert.deepEqual(of('rtmps://server.example/live'), ['rtmps', 'server.example', 443, true])
    assert.deepEqual(of('tls://server.example'), ['tls', 'server.example', 443, true])
  })

  it('keeps a port that is the default of another protocol', () => {
    assert.deepEqual(of('tcp://server.example:80'), ['tcp', 'server.example', 80, false])
    assert.deepEqual(of('rtmp://server.example:443/live'), ['rtmp', 'server.example', 443, false])
    assert.deepEqual(of('https://server.example:443/'), ['https', 'server.example', 443, true])
  })

  it('takes IP addresses of both versions', () => {
    assert.deepEqual(of('tcp://192.0.2.1:9977'), ['tcp', '192.0.2.1', 9977, false])
    assert.deepEqual(of('rtmp://[2001:db8::1]:1936/live'), ['rtmp', '2001:db8::1', 1936, false])
  })

  it('names the application of RTMP, and leaves the stream key out', () => {
    const application = (url: string) => parseServiceUrl(url).application
    assert.equal(application('rtmp://server.example:1935'), '')
    assert.equal(application('rtmp://server.example/live'), 'live')
    assert.equal(application('rtmp://server.example/live/'), 'live')
    assert.equal(application('rtmp://server.example/live/secret-key'), 'live')
    assert.equal(application('rtmp://server.example/live/secret-key?token=x'), 'live')
    assert.equal(application('rtmp://server.example/live?token=x'), 'live')
    assert.equal(application('rtmp://server.example/app/instance/secret-key'), 'app/instance')
    assert.equal(application('rtmp://server.example/app/instance/third#secret-key'), 'app/instance/third')
    assert.equal(application('rtmp://server.example/live#secret/key'), 'live')
  })

  it('keeps path, query and credentials of HTTP for the request', () => {
    const { path, credentials } = parseServiceUrl('https://me:pass%40word@server.example/a/b?c=d')
    assert.equal(path, '/a/b?c=d')
    assert.equal(credentials, 'me:pass@word')
  })

  const REFUSED = [
    ['', 'invalid-url'],
    ['server.example', 'invalid-url'],
    ['tcp://server.example', 'invalid-url'],
    ['tcp://server.example:0', 'invalid-url'],
    ['tcp://server.example:70000', 'invalid-url'],
    ['http://', 'invalid-url'],
    ['http://a b/', 'invalid-url'],
    ['http://server.example/\r\nX: y', 'invalid-url'],
    [`http://server.example/${'x'.repeat(3000)}`, 'invalid-url'],
    ['ftp://server.example', 'forbidden-protocol'],
    ['file:///etc/passwd', 'forbidden-protocol'],
    ['constructor://server.example', 'forbidden-protocol'],
  ] as const
  for (const [url, code] of REFUSED) {
    it(`is refused where it is ${JSON.stringify(url.slice(0, 40))}`, () => {
      assert.throws(
        () => parseServiceUrl(url),
        (error) => error instanceof MonitorError && error.code === code,
      )
    })
  }

  it('shows nothing of itself in an error', () => {
    assert.throws(
      () => parseServiceUrl('tcp://secret-name.example'),
      (error) => error instanceof MonitorError && !error.message.includes('secret'),
    )
  })
})
