import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PING_RULES } from '../../../src/health/checks/ping.ts'
import { createJudge, type Verdict } from '../../../src/health/judge.ts'
import { PingRecord } from '../../../src/network/ping/record.ts'
import type { PingMeasurements } from '../../../src/observation/ping.ts'
import type { Reading } from '../../../src/observation/reading.ts'

const INTERVAL = 5

/** A host that is asked five echoes every 5 s, and judged. */
class Host {
  readonly #record = new PingRecord()
  readonly #judge
  #at = 1000

  constructor(control = false) {
    this.#judge = createJudge(PING_RULES, { control })
  }

  /** Round trips in milliseconds, of five echoes. */
  answers(...milliseconds: number[]): Verdict {
    const roundTrips = milliseconds.map((time) => time / 1000)
    return this.#judged((at) => this.#record.measured({ address: '192.0.2.1', sent: 5, roundTrips, said: null }, at))
  }

  fails(code: 'no-network' | 'icmp-forbidden'): Verdict {
    return this.#judged((at) => this.#record.failed({ code, message: 'It could not be sent.' }, at))
  }

  #judged(read: (at: number) => Reading<PingMeasurements>): Verdict {
    this.#at += INTERVAL
    const reading = read(this.#at)
    const at = { monotonic: this.#at, wall: this.#at * 1000 }
    return this.#judge.judge({ reading, expected: true, at, interval: INTERVAL })
  }
}

const GOOD = [10, 11, 10, 11, 10]
const types = ({ issues }: Verdict) => issues.map(({ type }) => type)
const times = (count: number, step: () => Verdict): Verdict => {
  let verdict = step()
  for (let done = 1; done < count; done++) verdict = step()
  return verdict
}

describe('a host that answers', () => {
  it('is well', () => {
    const host = new Host()
    const verdict = times(20, () => host.answers(...GOOD))
    assert.deepEqual([verdict.state, verdict.score, types(verdict)], ['ok', 100, []])
  })

  it('is well with one lost echo, at any time', () => {
    const host = new Host()
    for (let series = 0; series < 30; series++) {
      const verdict = series % 13 === 3 ? host.answers(10, 11, 10, 11) : host.answers(...GOOD)
      assert.deepEqual([verdict.state, types(verdict)], ['ok', []], `series ${series}`)
    }
  })

  it('loses packets from 5 % on, until it is 2 % or less', () => {
    const host = new Host()
    times(12, () => host.answers(...GOOD))
    assert.deepEqual(types(host.answers(10, 11, 10)), [], '2 of 60')
    const lossy = host.answers(10, 11, 10, 11)
    assert.deepEqual([lossy.state, types(lossy)], ['degraded', ['packetLoss']])
    assert.equal(lossy.issues[0]?.measured, '5 % (3 of 60)')
    assert.match(
      lossy.issues[0]?.summary ?? '',
      /^Packet loss: 5 % \(3 of 60\) of the last minute's pings \(expected less than 5 %\)/,
    )
    assert.deepEqual(types(times(11, () => host.answers(...GOOD))), ['packetLoss'])
    assert.deepEqual(types(times(5, () => host.answers(...GOOD))), [])
  })

  it('is slow after three series of 200 ms', () => {
    const host = new Host()
    times(3, () => host.answers(...GOOD))
    const slow = () => host.answers(210, 210, 210, 210, 210)
    // The first of them also varies, against the one before.
    assert.deepEqual(types(times(3, slow)), [])
    const verdict = slow()
    assert.deepEqual(types(verdict), ['latencyHigh'])
    assert.match(verdict.issues[0]?.summary ?? '', /^The round trip takes 210 ms \(expected less than 200 ms\)/)
    assert.deepEqual(types(times(4, () => host.answers(...GOOD))), [])
  })

  it('varies after three series of 30 ms', () => {
    const host = new Host()
    const varying = () => host.answers(10, 60, 10, 60, 10)
    assert.deepEqual(types(times(3, varying)), [])
    assert.deepEqual(types(varying()), ['jitterHigh'])
  })
})

describe('a host that does not answer', () => {
  it('is unknown with noReply after three intervals when it has never answered, and nothing is said of its loss', () => {
    const host = new Host()
    assert.deepEqual(types(times(3, () => host.answers())), [])
    const verdict = host.answers()
    assert.deepEqual([verdict.state, verdict.score, types(verdict)], ['unknown', null, ['noReply']])
    assert.match(
      verdict.issues[0]?.summary ?? '',
      /^No reply from the host, ever \(20 pings sent\): it is down, or pings are blocked on the way/,
    )
    assert.deepEqual(types(times(20, () => host.answers())), ['noReply'])
    assert.deepEqual(types(host.answers(...GOOD)), [])
  })

  it('is down with noReply after three silent series when it has answered before', () => {
    const host = new Host()
    times(10, () => host.answers(...GOOD))
    assert.equal(host.answers().state, 'ok')
    assert.equal(host.answers().state, 'ok')
    const verdict = host.answers()
    assert.deepEqual([verdict.state, verdict.score, types(verdict)], ['down', 0, ['noReply']])
    assert.equal(verdict.issues[0]?.measured, 'no answer')
    assert.equal(verdict.issues[0]?.since, new Date((1000 + 10 * INTERVAL) * 1000).toISOString())
    const back = host.answers(...GOOD)
    assert.deepEqual([back.state, types(back)], ['ok', []])
    assert.equal(back.cleared[0]?.duration, 20)
  })

  it('is unknown, and neither raises nor clears but notMeasured, where the echoes cannot be sent', () => {
    const host = new Host()
    times(5, () => host.answers(...GOOD))
    assert.deepEqual([host.fails('icmp-forbidden').state, types(host.fails('icmp-forbidden'))], ['unknown', []])
    assert.deepEqual(types(times(2, () => host.fails('icmp-forbidden'))), ['notMeasured'])
  })
})

describe('a control host', () => {
  it("tells that the monitor's own network is cut when it falls silent", () => {
    const host = new Host(true)
    times(5, () => host.answers(...GOOD))
    const verdict = times(3, () => host.answers())
    assert.deepEqual([verdict.state, types(verdict)], ['down', ['observerNetwork']])
    assert.deepEqual(types(host.answers(...GOOD)), [])
  })

  it('tells it at once where there is not even a route', () => {
    const host = new Host(true)
    times(5, () => host.answers(...GOOD))
    const verdict = host.fails('no-network')
    assert.deepEqual([verdict.state, types(verdict)], ['unknown', ['observerNetwork']])
  })

  it('does not tell it where it has never answered', () => {
    const host = new Host(true)
    assert.deepEqual(types(times(5, () => host.answers())), ['noReply'])
  })
})
