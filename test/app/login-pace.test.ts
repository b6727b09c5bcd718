import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'
import { clientAddress, LoginPace, trustedProxies } from '../../app/request-guard/login-pace.ts'

const wrong = async () => false
const right = async () => true

/** How long a try took, in milliseconds, and what came of it. */
async function timed(pace: LoginPace, address: string, check: () => Promise<boolean>) {
  const begun = performance.now()
  return { answer: await pace.try(address, check), took: performance.now() - begun }
}

describe('the pace of logins', () => {
  it('is free for ten wrong passwords of an address, then one pause for each try, and never a lock', async () => {
    const pace = new LoginPace({ pause: 100 })
    for (let attempt = 0; attempt < 10; attempt += 1) await pace.try('a', wrong)
    const { answer, took } = await timed(pace, 'a', wrong)
    assert.deepEqual(answer, { isRight: false })
    // A timer may come a millisecond early.
    assert.ok(took >= 98, `${took} ms`)
    assert.deepEqual((await timed(pace, 'a', right)).answer, { isRight: true })
    assert.deepEqual(await pace.try('a', wrong), { isRight: false })
  })

  it('lets others go on meanwhile', async () => {
    const pace = new LoginPace({ pause: 60_000 })
    for (let attempt = 0; attempt < 10; attempt += 1) await pace.try('a', wrong)
    assert.deepEqual(await pace.try('b', right), { isRight: true })
  })

  it('refuses tries of an address where three wait already', async () => {
    const pace = new LoginPace({ pause: 30 })
    for (let attempt = 0; attempt < 10; attempt += 1) await pace.try('a', wrong)
    const answers = await Promise.all(Array.from({ length: 6 }, () => pace.try('a', wrong)))
    assert.equal(answers.filter((answer) => 'retryAfter' in answer).length, 3)
  })

  it('forgets after five minutes', async () => {
    let at = 0
    const pace = new LoginPace({ pause: 60_000, now: () => at })
    for (let attempt = 0; attempt < 10; attempt += 1) await pace.try('a', wrong)
    at += 5 * 60_000
    assert.deepEqual(await pace.try('a', right), { isRight: true })
  })

  it('counts by the address that a trusted proxy saw, and believes nobody else', () => {
    const from = (remoteAddress: string, forwarded?: string) =>
      ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage
    const proxies = trustedProxies('127.0.0.1, 192.0.2.1 nonsense')
    assert.equal(clientAddress(from('::ffff:127.0.0.1', '203.0.113.9, 198.51.100.7'), proxies), '198.51.100.7')
    assert.equal(clientAddress(from('127.0.0.1', '198.51.100.7, 192.0.2.1'), proxies), '198.51.100.7')
    assert.equal(clientAddress(from('127.0.0.1', 'me'), proxies), '127.0.0.1')
    assert.equal(clientAddress(from('127.0.0.1'), proxies), '127.0.0.1')
    assert.equal(clientAddress(from('198.51.100.7', '203.0.113.9'), proxies), '198.51.100.7')
    assert.equal(clientAddress(from('127.0.0.1', '203.0.113.9'), []), '127.0.0.1')
  })
})
