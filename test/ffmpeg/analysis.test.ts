import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { analysisOf } from '../../src/ffmpeg/ffprobe-arguments.ts'
import { isWhole } from '../../src/ffmpeg/inspect.ts'
import type { AudioParameters, StreamParameters, VideoParameters } from '../../src/observation/stream.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'

describe('a stream is analysed before its first packet', () => {
  const seconds = (url: string, thorough = false, media: 'both' | 'audio' = 'both') =>
    analysisOf(parseStreamUrl(url), { media, thorough })

  it('for as long as a key frame may take, where nothing else tells of a track', () => {
    for (const url of ['rtmp://h/live/x', 'rtmps://h/live/x', 'rtsp://h/x']) assert.equal(seconds(url), 15)
  })

  it('for 3 s where it may be MPEG-TS, whose tables name the tracks', () => {
    for (const url of ['srt://h:9000', 'http://h/live.ts', 'https://h/live']) assert.equal(seconds(url), 3)
  })

  it('for long there too, once a track has been overlooked', () => {
    assert.equal(seconds('http://h/live.flv', true), 15)
    assert.equal(seconds('srt://h:9000', true), 15)
  })

  it('for 2 s where only the audio is wanted', () => {
    assert.equal(seconds('rtmp://h/live/x', true, 'audio'), 2)
  })
})

describe('what a short inspection has seen', () => {
  const video = { width: 1280, height: 720 } as VideoParameters
  const audio = { sampleRate: 48_000 } as AudioParameters
  const seen = (changes: Partial<StreamParameters>): StreamParameters => ({
    ...{ format: 'mpegts', video: [video], audio: [audio], encoder: null },
    ...changes,
  })

  it('is all of it where each track that is wanted is known', () => {
    assert.equal(isWhole(seen({}), 'both'), true)
    assert.equal(isWhole(seen({ format: 'flv' }), 'both'), true)
    assert.equal(isWhole(seen({ format: 'flv', audio: [] }), 'video'), true)
  })

  it('is all of it where the tables of MPEG-TS do not name another track', () => {
    assert.equal(isWhole(seen({ audio: [] }), 'both'), true)
    assert.equal(isWhole(seen({ video: [] }), 'both'), true)
  })

  it('is not where another container may have the track all the same', () => {
    assert.equal(isWhole(seen({ format: 'flv', video: [] }), 'both'), false)
    assert.equal(isWhole(seen({ format: 'flv', audio: [] }), 'both'), false)
  })

  it('is not where a track is only named, because no key frame has come yet', () => {
    assert.equal(isWhole(seen({ video: [{ ...video, width: 0, height: 0 }] }), 'both'), false)
    assert.equal(isWhole(seen({ audio: [{ ...audio, sampleRate: null }] }), 'both'), false)
  })
})
