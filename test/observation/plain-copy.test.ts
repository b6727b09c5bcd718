import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { plainCopy } from '../../src/observation/plain-copy.ts'

describe('a copy of plain data', () => {
  it('is equal and shares nothing', () => {
    const value = { a: [1, { b: null, c: undefined }, 'text'], d: { e: true, f: Number.NaN }, g: 10n }
    const copy = plainCopy(value)
    assert.deepEqual(copy, value)
    assert.notEqual(copy.a, value.a)
    assert.notEqual(copy.a[1], value.a[1])
    assert.notEqual(copy.d, value.d)
  })

  it('is one of data from a function node, too', () => {
    const value = runInNewContext('({ list: [{ text: "x" }], when: new Date(5) })')
    const copy = plainCopy(value)
    assert.equal(copy.list[0].text, 'x')
    assert.notEqual(copy.list[0], value.list[0])
    assert.equal(copy.when.getTime(), 5)
    assert.notEqual(copy.when, value.when)
  })

  it('is as thorough as structuredClone where data is not plain', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    const copy = plainCopy(circle)
    assert.equal(copy.self, copy)
    const odd = { map: new Map([['a', new Set([1])]]), bytes: new Uint8Array([1, 2]) }
    assert.deepEqual(plainCopy(odd), odd)
    let deep: object = {}
    for (let level = 0; level < 50; level++) deep = { deep }
    assert.deepEqual(plainCopy(deep), deep)
  })

  it('takes neither functions nor another prototype over', () => {
    assert.throws(() => plainCopy({ call: () => {} }), { name: 'DataCloneError' })
    const evil = JSON.parse('{"__proto__": {"admin": true}}')
    assert.equal((plainCopy(evil) as { admin?: boolean }).admin, undefined)
  })
})
