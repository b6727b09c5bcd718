import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { splitList } from '../../src/targets/collect.ts'

const split = (text: string) => splitList('RTMP_STREAMS', text)

describe('a list in an environment variable', () => {
  it('is split at the comma before the next name=', () => {
    assert.deepEqual(split('main=rtmp://a/live/x,backup=rtmp://b/live/y'), [
      { name: 'main', value: 'rtmp://a/live/x' },
      { name: 'backup', value: 'rtmp://b/live/y' },
    ])
  })

  it('keeps the commas and equals signs of an address', () => {
    assert.deepEqual(split('main=rtmp://a/live/x,y?a=1&b=2,3,b 2=rtmp://b/z'), [
      { name: 'main', value: 'rtmp://a/live/x,y?a=1&b=2,3' },
      { name: 'b 2', value: 'rtmp://b/z' },
    ])
  })

  it('may stand on several lines and end with a comma', () => {
    assert.deepEqual(split('\n main = rtmp://a/x ,\n  ersatz-süd=rtmp://b/y,\n'), [
      { name: 'main', value: 'rtmp://a/x' },
      { name: 'ersatz-süd', value: 'rtmp://b/y' },
    ])
  })

  it('is empty when there is nothing in it', () => {
    assert.deepEqual(split(''), [])
    assert.deepEqual(split(' \n'), [])
  })

  for (const text of [
    'rtmp://relay.example/live/s3cret',
    'rtmp://relay.example/live/s3cret?a=b',
    '=rtmp://a/s3cret',
    ',a=b',
  ]) {
    it(`is refused when it does not begin with a name, and not shown: ${text}`, () => {
      assert.throws(
        () => split(text),
        (error: Error & { code?: string }) =>
          error.code === 'invalid-target' &&
          /^RTMP_STREAMS: .*name=/.test(error.message) &&
          !/s3cret/.test(error.message),
      )
    })
  }

  it('gives back any names and addresses that were joined', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N}](?:[\p{L}\p{N} _.-]{0,20}[\p{L}\p{N}_.-])?$/u)
    const address = fc
      .stringMatching(/^rtmp:\/\/[a-z0-9.:/?&=%,-]{1,40}$/)
      .filter((text) => !/,\s*[\p{L}\p{N}][\p{L}\p{M}\p{N} _.-]*=|,$/u.test(text))
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, value: address }, { noNullPrototype: true }), { maxLength: 6 }),
        fc.constantFrom(',', ', ', ',\n'),
        (items, comma) => {
          assert.deepEqual(split(items.map(({ name, value }) => `${name}=${value}`).join(comma)), items)
        },
      ),
    )
  })
})
