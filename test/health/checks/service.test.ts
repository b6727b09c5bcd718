import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SERVICE_RULES } from '../../../src/health/checks/service.ts'
import { createJudge, type Verdict } from '../../../src/health/judge.ts'
import type { ServiceAnswer } from '../../../src/network/service/check.ts'
import { ServiceRecord } from '../../../src/network/service/service-probe.ts'
import type { Reading } from '../../../src/observation/reading.ts'
import type {
  ServiceFault,
  ServiceFaultKind,
  ServiceMeasurements,
  ServicePhase,
} from '../../../src/observation/service.ts'
import { noDurations } from '../../../src/observation/service.ts'

const INTERVAL = 10
const DAY = 86_400

/** A service that is checked every 10 s, and judged. */
class Service {
  readonly #record = new ServiceRecord()
  readonly #judge
  #at = 1000

  constructor(verifyTls = true) {
    this.#judge = createJudge(SERVICE_RULES, { verifyTls })
  }

  fine(daysLeft: number | null = null): Verdict {
    return this.#answers(null, daysLeft)
  }

  fault(kind: ServiceFaultKind, phase: ServicePhase, daysLeft: number | null = null): Verdict {
    return this.#answers({ kind, phase, message: `what is wrong is ${kind}`, expected: 'an answer' }, daysLeft)
  }

  unknown(): Verdict {
    return this.#judged(this.#record.failed({ code: 'dns-failed', message: 'The name service does not answer' }))
  }

  #answers(fault: ServiceFault | null, daysLeft: number | null): Verdict {
    const left = (daysLeft ?? 0) * DAY
    const certificate =
      daysLeft === null ? null : { expires: 2e9, secondsLeft: left, subject: 'a', issuer: 'b', protocol: 'TLSv1.3' }
    const rest: Omit<ServiceAnswer, 'fault' | 'certificate'> = {
      durations: noDurations(),
      address: '192.0.2.1',
      httpStatus: null,
      rtmpCode: null,
    }
    return this.#judged(this.#record.answered({ ...rest, certificate, fault }))
  }

  #judged(reading: Reading<ServiceMeasurements>): Verdict {
    this.#at += INTERVAL
    const at = { monotonic: this.#at, wall: this.#at * 1000 }
    return this.#judge.judge({ reading, expected: true, at, interval: INTERVAL })
  }
}

const types = ({ issues }: Verdict) => issues.map(({ type }) => type)

describe('a service', () => {
  it('is well when it answers as it should', () => {
    const verdict = new Service().fine(90)
    assert.deepEqual([verdict.state, verdict.score, types(verdict)], ['ok', 100, []])
  })

  const AT_ONCE = [
    ['name-not-found', 'dns', 'nameNotFound'],
    ['refused', 'connect', 'refused'],
    ['tls-invalid', 'tls', 'tlsInvalid'],
    ['wrong-answer', 'response', 'wrongAnswer'],
  ] as const
  for (const [kind, phase, type] of AT_ONCE) {
    it(`is down with ${type} at once, and well again at once`, () => {
      const service = new Service()
      service.fine()
      const verdict = service.fault(kind, phase)
      assert.deepEqual([verdict.state, verdict.score, types(verdict)], ['down', 0, [type]])
      assert.match(verdict.issues[0]?.summary ?? '', new RegExp(`what is wrong is ${kind} \\(expected an answer\\)`))
      assert.deepEqual(types(service.fine()), [])
    })
  }

  for (const kind of ['timeout', 'unreachable'] as const) {
    it(`is down at once where it is ${kind}, with an issue at the second time`, () => {
      const service = new Service()
      service.fine()
      const first = service.fault(kind, 'connect')
      assert.deepEqual([first.state, types(first)], ['down', []])
      assert.deepEqual(types(service.fault(kind, 'connect')), [kind])
      assert.deepEqual(types(service.fine()), [])
    })
  }

  it('has one fault at a time: the newest takes the place of the one before', () => {
    const service = new Service()
    service.fault('wrong-answer', 'response')
    assert.deepEqual(types(service.fault('refused', 'connect')).sort(), ['refused'])
    assert.deepEqual(types(service.fault('wrong-answer', 'response')), ['wrongAnswer'])
  })

  it('has no fault of the connection any more once a later phase fails', () => {
    const service = new Service()
    service.fault('refused', 'connect')
    assert.deepEqual(types(service.fault('tls-invalid', 'tls')), ['tlsInvalid'])
  })

  it('is unknown, and nothing is raised or cleared, where the monitor could not look', () => {
    const service = new Service()
    service.fault('refused', 'connect')
    const verdict = service.unknown()
    assert.deepEqual([verdict.state, types(verdict)], ['unknown', ['refused']])
  })

  it('warns of a certificate that expires within 14 days, and says when', () => {
    const service = new Service()
    assert.deepEqual(types(service.fine(14.5)), [])
    const verdict = service.fine(13.9)
    assert.deepEqual([verdict.state, types(verdict)], ['degraded', ['tlsExpiring']])
    assert.match(
      verdict.issues[0]?.summary ?? '',
      /^The certificate expires in 13 days \(on 2033-05-18\) \(expected more than 14 days left\)/,
    )
    assert.deepEqual(types(service.fine(90)), [])
  })

  it('warns of it where something else is wrong, too, but not when it has expired', () => {
    const service = new Service()
    assert.deepEqual(types(service.fault('wrong-answer', 'response', 5)).sort(), ['tlsExpiring', 'wrongAnswer'])
    assert.deepEqual(types(service.fault('tls-invalid', 'tls', -1)), ['tlsInvalid'])
  })

  it('does not warn of it where certificates do not matter', () => {
    assert.deepEqual(types(new Service(false).fine(1)), [])
  })
})

describe('the reason of an absent service', () => {
  const reason = (kind: ServiceFaultKind, phase: ServicePhase) => {
    const reading = new ServiceRecord().answered({
      ...{ durations: noDurations(), address: null, httpStatus: null, certificate: null, rtmpCode: null },
      fault: { kind, phase, message: '' },
    })
    return reading.outcome === 'absent' ? reading.reason : reading.outcome
  }

  it('is unreachable where nothing answers the connection, so that a control host may know better', () => {
    assert.equal(reason('unreachable', 'connect'), 'unreachable')
    assert.equal(reason('timeout', 'connect'), 'unreachable')
  })

  it('is its own name where something has answered', () => {
    assert.equal(reason('timeout', 'response'), 'timeout')
    assert.equal(reason('refused', 'connect'), 'refused')
  })
})
