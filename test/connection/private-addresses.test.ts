import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { describe, it } from 'node:test'
import { destinationsFrom, isPrivate, refusesPrivate } from '../../src/connection/private-addresses.ts'

const at = (address: string): LookupAddress => ({ address, family: isIP(address) === 6 ? 6 : 4 })

describe('an address that is not public', () => {
  for (const address of [
    ...['127.0.0.1', '127.255.0.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    // What clouds answer with their keys at.
    ...['169.254.169.254', 'fd00:ec2::254'],
    ...['224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ]) {
    it(`is ${address}`, () => assert.equal(isPrivate(at(address)), true))
  }
  for (const address of ['1.1.1.1', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1']) {
    it(`is not ${address}`, () => assert.equal(isPrivate(at(address)), false))
  }
})

describe('where a server may send on to', () => {
  it('is wherever is public, and back to where it was reached itself', () => {
    const allows = destinationsFrom([at('192.168.1.20')])
    assert.equal(allows(at('1.1.1.1')), true)
    assert.equal(allows(at('192.168.1.20')), true)
    assert.equal(allows(at('192.168.1.21')), false)
    assert.equal(allows(at('127.0.0.1')), false)
  })

  it('is open by default, and closed by every word but "allow"', () => {
    for (const open of [undefined, '', 'allow', ' Allow ']) assert.equal(refusesPrivate(open), false, open)
    for (const closed of ['refuse', 'REFUSE', 'refused', 'no']) assert.equal(refusesPrivate(closed), true, closed)
  })
})
