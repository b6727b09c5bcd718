import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ICMP_FORBIDDEN } from '../../../src/network/ping/command.ts'
import { PingRecord } from '../../../src/network/ping/record.ts'
import type { PingMeasurements } from '../../../src/observation/ping.ts'

const ADDRESS = '192.0.2.1'

/** A host that is asked five echoes every 5 s. */
class Host {
  readonly #record: PingRecord
  at = 100

  constructor(before?: PingMeasurements) {
    this.#record = new PingRecord(before)
  }

  /** The round trips in milliseconds. */
  answers(...milliseconds: number[]) {
    return this.series(milliseconds, 5)
  }

  series(milliseconds: readonly number[], sent: number, address = ADDRESS) {
    this.at += 5
    const roundTrips = milliseconds.map((time) => time / 1000)
    return this.#record.measured({ address, sent, roundTrips, said: null }, this.at)
  }

  fails() {
    this.at += 5
    return this.#record.failed(ICMP_FORBIDDEN, this.at)
  }
}

const ALL = [10, 12, 11, 10, 14]

describe('what is measured of a host', () => {
  it('is last, minimum, mean and maximum of the newest series', () => {
    const { outcome, measurements } = new Host().answers(...ALL)
    assert.equal(outcome, 'present')
    assert.deepEqual(measurements.roundTrips, { last: 0.014, minimum: 0.01, mean: 0.0114, maximum: 0.014 })
    assert.equal(measurements.up, true)
    assert.equal(measurements.loss, 0)
  })

  it('is the jitter between successive round trips, from one series to the next', () => {
    const host = new Host()
    const first = host.answers(10, 12, 11, 10, 14)
    assert.ok(Math.abs((first.measurements.jitter ?? 0) - 0.002) < 1e-9, 'mean of 2, 1, 1 and 4 ms')
    const second = host.answers(10, 10, 10, 10, 10)
    assert.ok(Math.abs((second.measurements.jitter ?? 0) - 0.0008) < 1e-9, 'mean of 4, 0, 0, 0 and 0 ms')
  })

  it('is the jitter of hosts that are asked one echo at a time', () => {
    const host = new Host()
    assert.equal(host.series([10], 1).measurements.jitter, null)
    assert.ok(Math.abs((host.series([13], 1).measurements.jitter ?? 0) - 0.003) < 1e-9)
  })

  it('is the loss of the newest series and of the last minute', () => {
    const host = new Host()
    for (let series = 0; series < 20; series++) host.answers(...ALL)
    const { measurements } = host.answers(10, 10, 10, 10)
    assert.ok(Math.abs((measurements.loss ?? 0) - 0.2) < 1e-9)
    assert.deepEqual(measurements.recent, { sent: 60, received: 59 })
  })

  it('counts loss over 20 echoes where a minute has fewer', () => {
    const host = new Host()
    for (let series = 0; series < 30; series++) host.series([10], 1)
    assert.deepEqual(host.series([10], 1).measurements.recent, { sent: 20, received: 20 })
  })

  it('counts echoes from the beginning of the watch on', () => {
    const host = new Host()
    host.answers(...ALL)
    assert.deepEqual(host.answers(10, 11).measurements.total, { sent: 10, received: 7 })
  })
})

describe('a host that does not answer', () => {
  it('is unknown, and nothing is known of its loss, when it has never answered', () => {
    const host = new Host()
    for (let series = 0; series < 10; series++) {
      const reading = host.answers()
      assert.equal(reading.outcome, 'unknown')
      assert.equal(reading.outcome === 'unknown' && reading.code, 'no-reply')
      assert.deepEqual(
        [reading.measurements.up, reading.measurements.loss, reading.measurements.recent],
        [null, null, null],
      )
    }
  })

  it('is there when one echo is answered at last', () => {
    const host = new Host()
    host.answers()
    assert.equal(host.answers(10).outcome, 'present')
  })

  it('is down after three silent series when it has answered before, and not sooner', () => {
    const host = new Host()
    host.answers(...ALL)
    const outcomes = [1, 2, 3, 4].map(() => host.answers())
    assert.deepEqual(
      outcomes.map(({ outcome, measurements }) => [outcome, measurements.up, measurements.loss]),
      [
        ['present', true, 1],
        ['present', true, 1],
        ['absent', false, 1],
        ['absent', false, 1],
      ],
    )
  })

  it('says for how long it has been silent', () => {
    const host = new Host()
    host.answers(...ALL)
    host.answers()
    assert.equal(host.answers().measurements.lastAnswerAge, 10)
  })

  it('has its loss counted anew when it comes back, because the outage was told already', () => {
    const host = new Host()
    host.answers(...ALL)
    for (let series = 0; series < 4; series++) host.answers()
    assert.deepEqual(host.answers(...ALL).measurements.recent, { sent: 5, received: 5 })
  })

  it('is not called silent for series that could not be sent', () => {
    const host = new Host()
    host.answers(...ALL)
    host.answers()
    host.answers()
    const failed = host.fails()
    assert.equal(failed.outcome === 'unknown' && failed.code, 'icmp-forbidden')
    assert.deepEqual([failed.measurements.up, failed.measurements.loss], [null, null])
    assert.deepEqual(failed.measurements.total, { sent: 15, received: 5 })
    assert.equal(host.answers(10).outcome, 'present')
  })
})

describe('a host whose settings change', () => {
  const before = () => new Host().answers(...ALL).measurements

  it('goes on with its totals, and has answered before', () => {
    const host = new Host(before())
    const readings = [host.answers(), host.answers(), host.answers()]
    assert.deepEqual(readings[0]?.measurements.total, { sent: 10, received: 5 })
    assert.equal(readings[2]?.outcome, 'absent')
  })

  it('has not answered before under another address', () => {
    assert.equal(new Host(before()).series([], 5, '192.0.2.2').outcome, 'unknown')
  })
})
