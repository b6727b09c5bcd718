import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lookUp } from '../../src/connection/connect.ts'

const signal = new AbortController().signal

describe('a lookup', () => {
  it('gives an IP address back, with or without brackets', async () => {
    const found = async (host: string) => {
      const lookup = await lookUp(host, 'any', signal)
      return lookup.found ? lookup.addresses : lookup.code
    }
    assert.deepEqual(await found('192.0.2.1'), [{ address: '192.0.2.1', family: 4 }])
    assert.deepEqual(await found('[2001:db8::1]'), [{ address: '2001:db8::1', family: 6 }])
  })

  it('finds a name of the system, IPv4 first, for many at once', async () => {
    const lookups = await Promise.all(Array.from({ length: 20 }, () => lookUp('localhost', 'any', signal)))
    for (const lookup of lookups) assert.ok(lookup.found && lookup.addresses[0].family === 4)
  })

  it('says that a name is not known', async () => {
    const lookup = await lookUp('no-such-host.invalid', 'any', signal)
    assert.equal(lookup.found ? '' : lookup.code, 'name-not-found')
  })

  it('ends at once when it is given up', async () => {
    const abort = new AbortController()
    const lookup = lookUp('no-such-host.invalid', 'ipv6', abort.signal)
    abort.abort(new Error('stopped'))
    await assert.rejects(lookup, /stopped/)
    await assert.rejects(lookUp('localhost', 'any', AbortSignal.abort(new Error('stopped before'))), /stopped before/)
  })
})
