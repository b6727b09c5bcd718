import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applicationUrl, readRtmpAddress } from '../../src/rtmp/address.ts'

const parts = (url: string, key?: string) => {
  const address = readRtmpAddress(url, key)
  return address === null ? null : `${address.app} ${address.key}`
}

describe('the address of a stream by RTMP', () => {
  for (const [url, expected] of [
    ['rtmp://host/live/key', 'live key'],
    ['rtmp://host/live/room/key', 'live/room key'],
    ['rtmp://host/live/room/key/with/slashes', 'live/room key/with/slashes'],
    ['rtmp://host/live/mp4:one/two', 'live mp4:one/two'],
    ['rtmp://host/live/key?secret=a/b', 'live key?secret=a/b'],
    ['rtmp://host/live', 'live '],
    ['rtmp://host/live?token=a/b', 'live?token=a/b '],
    ['rtmp://host/one/two/three#key/with?all', 'one/two/three key/with?all'],
    ['rtmp://host/live/#key', 'live key'],
    ['rtmp://host/live/%D0%BA%2F', 'live %D0%BA%2F'],
    ['rtmp://host/live/ключ', 'live ключ'],
  ] as const) {
    it(`tells application and key apart in ${url}`, () => assert.equal(parts(url), expected))
  }

  it('takes a key that is given apart as it is, with slashes and spaces', () => {
    assert.equal(parts('rtmp://host/one/two', 'a/b c?d#e'), 'one/two a/b c?d#e')
  })

  it('knows the usual ports, IPv6 and a user', () => {
    const address = readRtmpAddress('rtmps://me:p%40ss@[2001:db8::1]/live/key')
    assert.deepEqual(address, {
      ...{ scheme: 'rtmps', host: '2001:db8::1', port: 443, app: 'live', key: 'key' },
      login: { user: 'me', password: 'p@ss' },
    })
    assert.equal(address && applicationUrl(address), 'rtmps://[2001:db8::1]/live')
    const other = readRtmpAddress('RTMP://host:1936/live/key')
    assert.equal(other && applicationUrl(other), 'rtmp://host:1936/live')
  })

  it('refuses what names no application, no such port, or another protocol', () => {
    for (const url of ['rtmp://host', 'rtmp://host/', 'rtmp://host:70000/live/key', 'http://host/live/key', '']) {
      assert.equal(readRtmpAddress(url), null, url)
    }
  })
})
