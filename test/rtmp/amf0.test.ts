import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeAmf0, encodeAmf0, RtmpError } from '../../src/rtmp/amf0.ts'

const bytes = (...values: number[]) => Buffer.from(values)

describe('AMF0', () => {
  it('is written as the specification has it', () => {
    assert.deepEqual(
      encodeAmf0('a', 1, { b: true }, null),
      bytes(2, 0, 1, 0x61, 0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0x62, 1, 1, 0, 0, 9, 5),
    )
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 100 }),
        fc.double({ noNaN: true }),
        fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true })), {
          noNullPrototype: true,
        }),
        (text, number, object) => {
          assert.deepEqual(decodeAmf0(encodeAmf0(text, number, object, null)), [text, number, object, null])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('reads ECMA arrays, strict arrays, dates, long strings and undefined', () => {
    const ecma = bytes(8, 0, 0, 0, 1, 0, 1, 0x61, 1, 1, 0, 0, 9)
    const strict = bytes(10, 0, 0, 0, 2, 5, 6)
    const date = bytes(11, 0x40, 0x59, 0, 0, 0, 0, 0, 0, 0, 0)
    const long = bytes(12, 0, 0, 0, 1, 0x7a)
    assert.deepEqual(decodeAmf0(Buffer.concat([ecma, strict, date, long])), [{ a: true }, [null, undefined], 100, 'z'])
  })

  it('takes a name such as __proto__ for a name like others', () => {
    const name = Buffer.from('__proto__')
    const [value] = decodeAmf0(Buffer.concat([bytes(3, 0, name.length), name, bytes(1, 1, 0, 0, 9)]))
    assert.ok(Object.hasOwn(value as object, '__proto__'))
    assert.equal(Object.getPrototypeOf(value), Object.prototype)
  })

  it('refuses what ends within a value, what it does not know, and what is nested or counted without end', () => {
    const nested = Buffer.concat(Array.from({ length: 20 }, () => bytes(3, 0, 1, 0x61)))
    const endless = bytes(10, 0xff, 0xff, 0xff, 0xff, ...Array.from({ length: 1000 }, () => 5))
    for (const broken of [bytes(0, 1), bytes(2, 0, 9, 0x61), bytes(0x42), bytes(3, 0, 1, 0x61), nested, endless]) {
      assert.throws(() => decodeAmf0(broken), RtmpError)
    }
  })

  it('ends with values or an error whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        try {
          assert.ok(Array.isArray(decodeAmf0(Buffer.from(noise))))
        } catch (error) {
          assert.ok(error instanceof RtmpError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
