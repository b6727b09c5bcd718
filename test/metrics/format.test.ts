import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { familyHeader, samplePrefix } from '../../src/metrics/format.ts'

describe('the text formats', () => {
  it('escapes backslash, quote and newline in a label value', () => {
    assert.equal(samplePrefix('m', { target: 'a\\b"c\nd' }), 'm{target="a\\\\b\\"c\\nd"} ')
  })

  it('lets no other control character into a label value', () => {
    assert.equal(samplePrefix('m', { target: 'a\0b\rc\u0085d' }), 'm{target="a b c d"} ')
  })

  it('keeps any other script as it is', () => {
    assert.equal(samplePrefix('m', { target: 'Hörsaal 3 – 本番 🎥' }), 'm{target="Hörsaal 3 – 本番 🎥"} ')
  })

  it('leaves out labels without a value', () => {
    assert.equal(samplePrefix('m', { a: '', b: '1', c: '' }), 'm{b="1"} ')
    assert.equal(samplePrefix('m', { a: '' }), 'm ')
  })

  it('names the family of a counter without _total in OpenMetrics only', () => {
    assert.equal(familyHeader('text', 'a_total', 'counter', 'Help.'), '# HELP a_total Help.\n# TYPE a_total counter\n')
    assert.equal(familyHeader('openmetrics', 'a_total', 'counter', 'Help.'), '# HELP a Help.\n# TYPE a counter\n')
  })

  it('keeps the name of a counter that does not end in _total, so that its series is the same in both formats', () => {
    assert.equal(familyHeader('openmetrics', 'a', 'counter', 'Help.'), '# HELP a Help.\n# TYPE a unknown\n')
  })

  it('escapes help as each format asks', () => {
    assert.match(familyHeader('text', 'a', 'gauge', 'x\\y\n"z"'), /^# HELP a x\\\\y\\n"z"\n/)
    assert.match(familyHeader('openmetrics', 'a', 'gauge', 'x\\y\n"z"'), /^# HELP a x\\\\y\\n\\"z\\"\n/)
  })
})
