import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { givenStream } from '../../src/inspection/given-stream.ts'
import { STREAM } from '../../src/kinds/stream.ts'

const SETTINGS = { media: 'both', verifyTls: true } as const

describe('an address that is given once', () => {
  it('holds its key apart, and fills it in again', () => {
    const { target, secrets } = givenStream(STREAM, 'rtmp://relay.example/live/sesame-open', SETTINGS)
    assert.doesNotMatch(target.url, /sesame/)
    assert.equal(secrets.expand(target.url), 'rtmp://relay.example/live/sesame-open')
    assert.doesNotMatch(secrets.redact('the server knows no sesame-open'), /sesame/)
  })

  it('fills in names, and redacts what they stand for', () => {
    const values = new Map([['STREAM_KEY', 'sesame-open']])
    const { target, secrets } = givenStream(STREAM, 'rtmp://relay.example/live/${STREAM_KEY}', SETTINGS, values)
    assert.equal(secrets.expand(target.url), 'rtmp://relay.example/live/sesame-open')
    assert.equal(secrets.redact('no sesame-open here'), 'no ${STREAM_KEY} here')
  })

  it('cannot be expanded with a name that nobody gave', () => {
    const { target, secrets } = givenStream(STREAM, 'rtmp://relay.example/live/${STREAM_KEY}', SETTINGS)
    assert.throws(() => secrets.expand(target.url), { code: 'missing-variable' })
  })

  it('takes over what must be there and whether the certificate counts, and nothing else', () => {
    const settings = { media: 'video', verifyTls: false, name: 'x', interval: -1 } as const
    const { target } = givenStream(STREAM, 'rtmps://relay.example/live/main', settings)
    assert.deepEqual(
      { media: target.media, verifyTls: target.verifyTls, interval: target.interval },
      { media: 'video', verifyTls: false, interval: 1 },
    )
  })

  const wrong: [what: string, url: string, code: string][] = [
    ['a file', 'file:///etc/passwd', 'forbidden-protocol'],
    ['an option', '-i', 'invalid-target'],
    ['nothing', '', 'invalid-target'],
    ['an ingest', 'rtmp://a.rtmp.youtube.com/live2/sesame-open', 'publish-only'],
  ]
  for (const [what, url, code] of wrong) {
    it(`is refused as ${what}, without its key`, () => {
      assert.throws(
        () => givenStream(STREAM, url, SETTINGS),
        (error) => {
          assert.equal((error as { code?: string }).code, code)
          return !String(error).includes('sesame')
        },
      )
    })
  }

  it('is refused where a name fills in what cannot be watched', () => {
    const values = new Map([['SERVER', 'file:///etc/passwd']])
    assert.throws(() => givenStream(STREAM, '${SERVER}', SETTINGS, values), { code: 'forbidden-protocol' })
  })
})
