import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkFault } from '../../src/connection/network-error.ts'
import { faultOf } from '../../src/connection/phases.ts'
import { failureBy } from '../../src/encoder/device-status.ts'
import { explainTransferError } from '../../src/network/bandwidth/transfer.ts'
import { explainConnectError } from '../../src/stream/reachability.ts'

const failed = (code: string) => Object.assign(new Error('10.0.0.1 secret'), { code })

/** What each kind makes of an error while it connects: the code of a fault, or that nothing is known. */
const KINDS: Record<string, (error: Error) => string> = {
  stream: (error) => explainConnectError(error).end,
  service: (error) => {
    try {
      return faultOf(error, 'connect').kind
    } catch (own) {
      assert.equal(own, error)
      return 'unknown'
    }
  },
  bandwidth: (error) => {
    const transfer = explainTransferError(error)
    return transfer.outcome === 'failure' ? transfer.code : 'measured'
  },
  encoder: (error) => {
    const failure = failureBy(networkFault(error).verdict)
    return failure.kind.outcome === 'absent' ? failure.kind.reason : 'unknown'
  },
}
const UNKNOWN = new Set(['unknown', 'dns-failed', 'crashed', 'killed', 'bad-output', 'no-resources'])

describe('an error of the network', () => {
  it('has one verdict, and words that hold nothing of the address', () => {
    for (const [code, verdict] of [
      ['ECONNREFUSED', 'refused'],
      ['ECONNRESET', 'closed'],
      ['EHOSTUNREACH', 'unreachable'],
      ['ETIMEDOUT', 'timeout'],
      ['ENOTFOUND', 'name-not-found'],
      ['EAI_AGAIN', 'dns-failed'],
      ['EMFILE', 'exhausted'],
      ['CERT_HAS_EXPIRED', 'tls-invalid'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-invalid'],
      ['EPROTO', 'tls-invalid'],
      ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls'],
      ['HPE_INVALID_CONSTANT', 'not-http'],
      ['ESOMETHING', 'unreachable'],
    ] as const) {
      const fault = networkFault(failed(code))
      assert.deepEqual([fault.verdict, fault.code], [verdict, code])
      assert.doesNotMatch(fault.message, /10\.0\.0\.1|secret/)
    }
  })

  it('is found among those of several addresses', () => {
    const several = Object.assign(new AggregateError([failed('ESOMETHING'), failed('ECONNREFUSED')]), {
      code: 'EOTHER',
    })
    assert.equal(networkFault(several).verdict, 'refused')
  })

  it('may be something else altogether', () => {
    for (const error of [
      null,
      undefined,
      'text',
      {},
      new Error('x'),
      { code: 7 },
      { errors: 'x' },
      { errors: [null] },
    ]) {
      assert.equal(networkFault(error).verdict, 'unreachable')
    }
    for (const code of ['constructor', '__proto__', 'toString']) {
      assert.equal(networkFault({ code }).verdict, 'unreachable')
    }
  })

  for (const code of ['EAI_AGAIN', 'EMFILE', 'ENOBUFS']) {
    for (const [kind, verdictOf] of Object.entries(KINDS)) {
      it(`leaves the ${kind} unknown where it is ${code}, which says nothing of it`, () => {
        const verdict = verdictOf(failed(code))
        assert.ok(UNKNOWN.has(verdict), verdict)
      })
    }
  }

  for (const code of ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTFOUND', 'ECONNRESET']) {
    for (const [kind, verdictOf] of Object.entries(KINDS)) {
      it(`is held against the ${kind} where it is ${code}`, () => {
        const verdict = verdictOf(failed(code))
        assert.ok(!UNKNOWN.has(verdict), verdict)
      })
    }
  }
})
