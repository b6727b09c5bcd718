import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentOf } from '../../src/readers/web-content.ts'

const PLAYLIST = Buffer.from('#EXTM3U\n#EXT-X-VERSION:3\n')
const TS = Buffer.concat([Buffer.from([0x47]), Buffer.alloc(187), Buffer.from([0x47])])
const FLV = Buffer.from('FLV\x01\x05\x00\x00\x00\x09', 'latin1')

describe('what a web server sends', () => {
  it('is a playlist by its first words, whatever it is called', () => {
    for (const type of ['text/html', 'video/mp2t', 'application/octet-stream', undefined]) {
      assert.equal(contentOf({ 'content-type': type }, PLAYLIST), 'playlist')
    }
    assert.equal(contentOf({}, Buffer.from('\ufeff\r\n#EXTM3U\r\n')), 'playlist')
  })

  it('is a playlist where the server says so', () => {
    const types = ['application/vnd.apple.mpegurl', 'application/x-mpegURL; charset=utf-8', 'audio/mpegurl']
    for (const type of types) assert.equal(contentOf({ 'content-type': type }, Buffer.from('# x')), 'playlist', type)
    assert.equal(contentOf({ 'content-type': 'audio/mpeg' }, Buffer.from('# x')), 'other')
  })

  it('is media by its container', () => {
    const begins = [
      ...['FLV\x01\x05\0\0\0\x09', '\x1a\x45\xdf\xa3\0\0\0\0', 'OggS\0\0\0\0', '\0\0\0\x18ftypiso5'],
      ...['\xff\xf1\x50\x80\0\0\0\0', '\xff\xfb\x90\0\0\0\0\0', 'ID3\x04\0\0\0\0'],
    ]
    for (const begin of begins) assert.equal(contentOf({}, Buffer.from(begin, 'latin1')), 'media', begin)
    assert.equal(contentOf({}, TS), 'media')
    const late = Buffer.concat([Buffer.alloc(100), TS, TS.subarray(1), TS.subarray(1)])
    assert.equal(contentOf({}, late), 'media')
    const chance = Buffer.concat([Buffer.alloc(100), TS, Buffer.alloc(400)])
    assert.equal(contentOf({}, chance), 'other')
  })

  it('is a manifest of DASH by its root, or where the server says so', () => {
    assert.equal(contentOf({}, Buffer.from('<?xml version="1.0"?><MPD>')), 'manifest')
    assert.equal(contentOf({ 'content-type': 'application/dash+xml' }, Buffer.from('<MPD type="dynamic">')), 'manifest')
  })

  it('is a page by its first words, or where the server says so and it is no media', () => {
    for (const text of ['<!DOCTYPE html><html lang="en">', '\n <!doctype HTML>', '<html></html>', '\ufeff<HTML>']) {
      assert.equal(contentOf({}, Buffer.from(text)), 'page', text)
    }
    assert.equal(contentOf({ 'content-type': 'text/html; charset=utf-8' }, Buffer.from('<!-- x --><p>')), 'page')
    assert.equal(contentOf({ 'content-type': 'application/xhtml+xml' }, Buffer.from('<?xml version="1.0"?>')), 'page')
    assert.equal(contentOf({ 'content-type': 'text/html' }, FLV), 'media')
    assert.equal(contentOf({ 'content-type': 'text/html' }, Buffer.from('\x12\x00\xa7\x31 <')), 'other')
    assert.equal(contentOf({ 'content-type': 'text/html' }, Buffer.from('<?xml version="1.0"?>\n<MPD>')), 'manifest')
  })

  it('is left to those who may know it where it is nothing of that', () => {
    for (const text of ['<htm', '--boundary\r\nContent-Type: image/jpeg', 'x', '']) {
      assert.equal(contentOf({}, Buffer.from(text)), 'other', text)
    }
  })

  it('is a recording where it is a file, and none for its length alone, as servers of radio name one', () => {
    const length = { 'content-length': '1000000' }
    assert.equal(contentOf({ ...length, 'accept-ranges': 'bytes' }, FLV), 'recording')
    assert.equal(contentOf({ ...length, 'last-modified': 'Sun, 29 Nov 2026 09:00:00 GMT' }, TS), 'recording')
    assert.equal(contentOf(length, FLV), 'media')
    assert.equal(contentOf({ 'accept-ranges': 'bytes' }, FLV), 'media')
    assert.equal(contentOf({ ...length, 'accept-ranges': 'bytes' }, PLAYLIST), 'playlist')
  })
})
