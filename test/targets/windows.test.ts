import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ExpectedWindow } from '../../src/targets/target.ts'
import { scheduleAt } from '../../src/targets/windows.ts'

const service: ExpectedWindow = { days: ['sun'], from: '09:45', to: '11:30', timezone: 'Europe/Berlin' }
const at = (time: string) => Date.parse(time)
const expectedAt = (windows: ExpectedWindow[], time: string) => scheduleAt(windows, at(time)).expected
const until = (windows: ExpectedWindow[], time: string) => {
  const moment = scheduleAt(windows, at(time)).until
  return moment === null ? null : new Date(moment).toISOString()
}

describe('windows in which a target should be on air', () => {
  it('are open from their beginning, and closed from their end on, by the clock of their time zone', () => {
    assert.equal(expectedAt([service], '2026-11-22T08:44:59.999Z'), false)
    assert.equal(expectedAt([service], '2026-11-22T08:45:00Z'), true)
    assert.equal(expectedAt([service], '2026-11-22T10:29:59.999Z'), true)
    assert.equal(expectedAt([service], '2026-11-22T10:30:00Z'), false)
  })

  it('are open on their days only', () => {
    assert.equal(expectedAt([service], '2026-11-21T09:00:00Z'), false)
    assert.equal(expectedAt([service], '2026-11-23T09:00:00Z'), false)
  })

  it('follow summer time', () => {
    assert.equal(expectedAt([service], '2026-07-05T07:45:00Z'), true)
    assert.equal(expectedAt([service], '2026-07-05T09:30:00Z'), false)
  })

  it('say when that changes next', () => {
    assert.equal(until([service], '2026-11-22T09:00:00Z'), '2026-11-22T10:30:00.000Z')
    assert.equal(until([service], '2026-11-22T11:00:00Z'), '2026-11-29T08:45:00.000Z')
    assert.equal(until([], '2026-11-22T11:00:00Z'), null)
  })

  it('run over midnight and belong to the day on which they begin', () => {
    const vigil: ExpectedWindow = { days: ['sat'], from: '22:00', to: '01:30', timezone: 'America/New_York' }
    assert.equal(expectedAt([vigil], '2026-11-22T02:59:00Z'), false)
    assert.equal(expectedAt([vigil], '2026-11-22T03:00:00Z'), true)
    assert.equal(expectedAt([vigil], '2026-11-22T06:29:00Z'), true)
    assert.equal(expectedAt([vigil], '2026-11-22T06:30:00Z'), false)
    assert.equal(expectedAt([vigil], '2026-11-23T04:00:00Z'), false)
  })

  it('last the whole day from 00:00 to 24:00, and 24 hours where both ends are equal', () => {
    const day: ExpectedWindow = { days: ['mon'], from: '00:00', to: '24:00', timezone: 'UTC' }
    assert.equal(until([day], '2026-11-23T00:00:00Z'), '2026-11-24T00:00:00.000Z')
    assert.equal(until([{ ...day, from: '06:00', to: '06:00' }], '2026-11-23T07:00:00Z'), '2026-11-24T06:00:00.000Z')
  })

  it('join where one ends as the next begins', () => {
    const windows: ExpectedWindow[] = [
      { days: ['sun'], from: '09:00', to: '10:00', timezone: 'UTC' },
      { days: ['sun'], from: '10:00', to: '11:00', timezone: 'UTC' },
    ]
    assert.equal(until(windows, '2026-11-22T09:30:00Z'), '2026-11-22T11:00:00.000Z')
  })

  describe('on the day on which clocks go forward (Berlin, 2026-03-29, 02:00 to 03:00)', () => {
    it('begin at the change where their beginning is skipped', () => {
      const early: ExpectedWindow = { days: ['sun'], from: '02:30', to: '03:30', timezone: 'Europe/Berlin' }
      assert.equal(expectedAt([early], '2026-03-29T00:59:59Z'), false)
      assert.equal(expectedAt([early], '2026-03-29T01:00:00Z'), true)
      assert.equal(until([early], '2026-03-29T01:00:00Z'), '2026-03-29T01:30:00.000Z')
    })

    it('are an hour shorter when they run across it', () => {
      const night: ExpectedWindow = { days: ['sat'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }
      assert.equal(expectedAt([night], '2026-03-28T21:00:00Z'), true)
      assert.equal(until([night], '2026-03-28T21:00:00Z'), '2026-03-29T04:00:00.000Z')
    })

    it('keep the local time after it', () => {
      assert.equal(expectedAt([service], '2026-03-29T07:45:00Z'), true)
      assert.equal(expectedAt([service], '2026-03-29T07:44:00Z'), false)
    })
  })

  describe('on the day on which clocks go back (Berlin, 2026-10-25, 03:00 to 02:00)', () => {
    it('are open once, the first time, where both ends are repeated', () => {
      const early: ExpectedWindow = { days: ['sun'], from: '02:15', to: '02:45', timezone: 'Europe/Berlin' }
      assert.equal(expectedAt([early], '2026-10-25T00:15:00Z'), true)
      assert.equal(expectedAt([early], '2026-10-25T00:45:00Z'), false)
      assert.equal(expectedAt([early], '2026-10-25T01:20:00Z'), false)
    })

    it('are an hour longer when they run across it', () => {
      const night: ExpectedWindow = { days: ['sat'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }
      assert.equal(until([night], '2026-10-24T20:00:00Z'), '2026-10-25T05:00:00.000Z')
      assert.equal(expectedAt([night], '2026-10-25T01:30:00Z'), true)
    })
  })

  it('work where the offset has a half hour, and where it changes by one', () => {
    const india: ExpectedWindow = { days: ['sun'], from: '06:00', to: '07:00', timezone: 'Asia/Kolkata' }
    assert.equal(expectedAt([india], '2026-11-22T00:30:00Z'), true)
    const island: ExpectedWindow = { days: ['sun'], from: '02:10', to: '03:00', timezone: 'Australia/Lord_Howe' }
    assert.equal(until([island], '2026-10-03T15:40:00Z'), '2026-10-03T16:00:00.000Z')
  })
})
