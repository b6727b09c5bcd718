import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CookieJar } from '../../src/connection/cookies.ts'

const AT = new URL('https://edge.cdn.example/live/x.m3u8')
const sent = (lines: unknown, to: string | URL = AT) => {
  const jar = new CookieJar()
  jar.take(AT, lines)
  return jar.headerFor(new URL(to)).cookie
}

describe('a cookie that a server sets', () => {
  it('goes to that server again, the newest of a name', () => {
    assert.equal(sent(['token=1; Path=/; HttpOnly', 'other=x=y', 'token=2']), 'other=x=y; token=2')
  })

  it('goes nowhere else, but below the domain that it names', () => {
    assert.equal(sent(['token=1'], 'https://other.example/'), undefined)
    assert.equal(sent(['token=1'], 'https://low.edge.cdn.example/'), undefined)
    assert.equal(sent(['token=1; Domain=.cdn.example'], 'https://segments.cdn.example/1.ts'), 'token=1')
    assert.equal(sent(['token=1; Domain=cdn.example'], 'https://notcdn.example/'), undefined)
  })

  it('is not taken for a domain of others, nor for a whole top-level domain', () => {
    assert.equal(sent(['token=1; Domain=bank.example'], 'https://bank.example/'), undefined)
    assert.equal(sent(['token=1; Domain=example'], 'https://bank.example/'), undefined)
  })

  it('goes over TLS alone where it says so, and no more when it is over', () => {
    assert.equal(sent(['token=1; Secure'], 'http://edge.cdn.example/'), undefined)
    assert.equal(sent(['token=1', 'token=1; Max-Age=0']), undefined)
    assert.equal(sent(['token=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT']), undefined)
  })

  it('is bounded, and must be one', () => {
    assert.equal(sent([`long=${'x'.repeat(5000)}`, 'broken', 'a b=c', 'line=a\r\nInjected: 1', 7]), undefined)
    assert.equal(sent('token=1'), undefined)
    const many = Array.from({ length: 50 }, (_, index) => `c${index}=1`)
    const jar = new CookieJar()
    for (const prefix of ['a', 'b'])
      jar.take(
        AT,
        many.map((line) => prefix + line),
      )
    assert.equal(jar.headerFor(AT).cookie?.split('; ').length, 50)
  })
})
