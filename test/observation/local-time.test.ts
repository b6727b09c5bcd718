import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockTime, isTimezone, parseTimezone } from '../../src/observation/local-time.ts'

describe('a moment for people', () => {
  it('has its date and its zone, in winter and in summer', () => {
    assert.equal(clockTime('2026-03-01T23:30:05.900Z', 'UTC'), '2026-03-01 23:30:05 UTC')
    assert.equal(clockTime('2026-03-01T23:30:05.900Z', 'Europe/Berlin'), '2026-03-02 00:30:05 CET')
    assert.equal(clockTime(Date.parse('2026-07-01T10:00:00Z'), 'Europe/Berlin'), '2026-07-01 12:00:00 CEST')
    assert.equal(clockTime('2026-07-01T10:00:00Z', 'America/New_York'), '2026-07-01 06:00:00 GMT-4')
  })

  it('tells the hour that a clock change repeats from the first of both', () => {
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']
    assert.equal(clockTime(first, 'Europe/Berlin'), '2026-10-25 02:30:00 CEST')
    assert.equal(clockTime(second, 'Europe/Berlin'), '2026-10-25 02:30:00 CET')
  })

  it('is said as it is where it is no time', () => {
    assert.equal(clockTime('yesterday', 'UTC'), 'yesterday')
  })
})

describe('a time zone', () => {
  it('is known by its IANA name', () => {
    assert.equal(isTimezone('Europe/Berlin'), true)
    assert.equal(isTimezone('Mars/Olympus'), false)
    assert.equal(isTimezone(''), false)
  })

  it('is refused with the place where it stands, and the one that was meant', () => {
    assert.equal(parseTimezone('Europe/Berlin', 'TIMEZONE'), 'Europe/Berlin')
    assert.throws(() => parseTimezone('Europe/Berln', 'TIMEZONE'), {
      code: 'invalid-timezone',
      message: 'TIMEZONE is "Europe/Berln", which is no time zone that is known here, did you mean "Europe/Berlin"?',
    })
    assert.throws(() => parseTimezone('Mars/Olympus', 'TIMEZONE'), /write it as in "Europe\/Berlin"/)
  })
})
