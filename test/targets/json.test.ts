import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MonitorError } from '../../src/observation/errors.ts'
import { parseJson } from '../../src/targets/json.ts'

function errorOf(text: string): MonitorError {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof MonitorError) return error
    throw error
  }
  return assert.fail(`accepted ${text}`)
}

/** What people write, where the error must point, and what it must say. */
const FAULTS: [text: string, place: string, advice: RegExp][] = [
  ['', 'line 1, column 1', /empty/],
  ['{"a":1,}', 'line 1, column 8', /comma before } is one too many/],
  ['{\n  "a": [1, 2,]\n}', 'line 2, column 14', /comma before ] is one too many/],
  ['{"a": 1\n "b": 2}', 'line 2, column 2', /comma or the closing bracket is missing/],
  ['{"a" 1}', 'line 1, column 6', /colon is missing/],
  ['{"a":}', 'line 1, column 6', /value is missing/],
  ["{'a': 1}", 'line 1, column 2', /double quotes/],
  ['{“a”: 1}', 'line 1, column 2', /double quotes/],
  ['{"a": "text\n}', 'line 1, column 7', /no closing quote/],
  ['{"a": "\\x"}', 'line 1, column 7', /a \\ that JSON does not know/],
  ['// streams\n{}', 'line 1, column 1', /no comments/],
  ['{"a": 01}', 'line 1, column 8', /comma or the closing bracket is missing/],
  ['{"a": True}', 'line 1, column 7', /value is missing/],
  ['{"a": [1, 2}', 'line 1, column 12', /closing bracket is missing/],
  ['{"a": {"b": 1}', 'line 1, column 15', /ends before the bracket of line 1, column 1 is closed/],
  ['{}\n{}', 'line 2, column 1', /must end here/],
  ['{"streams": [],\n "streams": []}', 'line 2, column 2', /twice/],
]

describe('reading JSON that a person wrote', () => {
  for (const [text, place, advice] of FAULTS) {
    it(`points at ${place} of ${JSON.stringify(text)}`, () => {
      const { code, message } = errorOf(text)
      assert.equal(code, 'invalid-file')
      assert.ok(message.startsWith(`${place}: `), message)
      assert.match(message, advice)
    })
  }

  it('never quotes what stands in the file', () => {
    for (const text of [
      '{"a": s3cret-key}',
      '{"s3cret-key" 1}',
      '{"a": "s3cret-key',
      '{"s3cret-key":1,"s3cret-key":2}',
    ]) {
      assert.doesNotMatch(errorOf(text).message, /s3cret/)
    }
  })

  it('takes everything that JSON.parse takes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent)
        assert.deepEqual(parseJson(written), JSON.parse(written))
      }),
    )
  })

  it('refuses everything that JSON.parse refuses', () => {
    const damaged = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
      const cut = at % (text.length + 1)
      return text.slice(0, cut) + put + text.slice(cut + 1)
    })
    fc.assert(
      fc.property(damaged, (text) => {
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if (!isJson) errorOf(text)
      }),
    )
  })

  it('refuses what is nested more than a hundred deep, however deep it is', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.doesNotThrow(() => parseJson(nested(100)))
    for (const text of [nested(101), nested(100_000), '['.repeat(100_000)]) {
      assert.match(errorOf(text).message, /^line 1, column 101: this is nested more than 100 deep/)
    }
  })
})
