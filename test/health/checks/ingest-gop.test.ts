import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present, profileOf, Run, totals, unknown } from '../readings.ts'

const PROFILE = profileOf({ keyframeInterval: { recommended: 2, max: 4, excessive: 8, min: 0.5 } })
const run = () => new Run({ profile: PROFILE })
const gop = (keyframeInterval: number | null) => present({ keyframeInterval })

describe('gopSizeLong', () => {
  it('is raised by one interval of 5 % more than the maximum, and not by 120 frames at 29.97', () => {
    assert.deepEqual(run().times(60, gop(4.004)).log, [])
    assert.deepEqual(run().times(60, gop(4.19)).log, [])
    assert.deepEqual(run().read(gop(2), gop(4.2)).log, ['1 s: raised gopSizeLong'])
  })

  it('says the interval, the maximum and what is recommended', () => {
    const issue = run().read(gop(6.04)).issue('gopSizeLong')
    assert.equal(issue.severity, 'warning')
    assert.deepEqual([issue.measured, issue.expected], [6.04, 2])
    assert.equal(issue.summary, 'Key frames are 6 s apart (The house accepts at most 4 s and recommends 2 s)')
  })

  it('clears when 30 s of media have passed without a long interval', () => {
    const after = run().read(gop(5)).times(29, gop(2))
    assert.deepEqual(after.types, ['gopSizeLong'])
    after.times(11, gop(2))
    assert.deepEqual(after.log, ['0 s: raised gopSizeLong', '40 s: cleared gopSizeLong after 40 s'])
  })

  it('is one issue for intervals that swing around the maximum', () => {
    const swinging = run()
    for (let index = 0; index < 40; index += 1) swinging.times(3, gop(3)).times(5, gop(5))
    assert.deepEqual(swinging.log, ['3 s: raised gopSizeLong'])
  })

  it('stays while the interval is not known, and is not raised by not knowing', () => {
    assert.deepEqual(run().times(60, gop(null)).log, [])
    const blind = run()
      .read(gop(5))
      .times(60, unknown('killed', { keyframeInterval: 2 }))
      .times(60, gop(null))
    assert.deepEqual(blind.types, ['gopSizeLong'])
  })

  it('is not judged without a profile, or without a maximum in it', () => {
    assert.deepEqual(new Run().times(60, gop(20)).log, [])
    assert.deepEqual(
      new Run({ profile: profileOf({ keyframeInterval: { recommended: 2 } }) }).times(60, gop(20)).log,
      [],
    )
  })

  it('forgets the intervals of a publisher that is gone', () => {
    const restarted = present({ keyframeInterval: 2, total: totals({ publisherRestarts: 1 }) })
    assert.deepEqual(run().read(gop(5), restarted).log, [
      '0 s: raised gopSizeLong',
      '1 s: cleared gopSizeLong after 1 s',
    ])
  })

  it('takes other limits for one target', () => {
    const tolerant = new Run({ profile: PROFILE, limits: { gopSizeLong: { enter: 1.5, clear: 1.4 } } })
    assert.deepEqual(tolerant.times(30, gop(5.9)).log, [])
    assert.deepEqual(tolerant.read(gop(6)).types, ['gopSizeLong'])
  })
})

describe('gopSizeOver', () => {
  it('is raised at the excessive interval, and not just under it', () => {
    assert.deepEqual(run().times(60, gop(7.99)).types, ['gopSizeLong'])
    assert.deepEqual(run().read(gop(2), gop(8)).log, ['1 s: raised gopSizeOver'])
    assert.equal(run().read(gop(8)).issue('gopSizeOver').severity, 'error')
  })

  it('takes the place of gopSizeLong without a moment in between, and gives it back', () => {
    const growing = run().times(3, gop(2))
    for (let interval = 3; interval <= 12; interval += 1) growing.read(gop(interval))
    assert.deepEqual(growing.log, ['5 s: raised gopSizeLong', '8 s: raised gopSizeOver'])
    growing.times(40, gop(5))
    assert.deepEqual(growing.types, ['gopSizeLong'])
    growing.times(40, gop(2))
    assert.deepEqual(growing.types, [])
  })

  it('is one issue for intervals that swing around it', () => {
    const swinging = run()
    for (let index = 0; index < 40; index += 1) swinging.times(6, gop(6)).times(9, gop(9))
    assert.deepEqual(
      swinging.log.filter((line) => line.includes('gopSizeOver')),
      ['6 s: raised gopSizeOver'],
    )
    assert.equal(swinging.log.length, 2)
  })

  it('says it as what it is', () => {
    const { summary } = run().read(gop(10)).issue('gopSizeOver')
    assert.equal(summary, 'Key frames are 10 s apart (The house accepts less than 8 s and recommends 2 s)')
  })
})

describe('gopSizeShort', () => {
  it('is advice after 20 s of short intervals only', () => {
    assert.deepEqual(run().times(60, gop(0.5)).log, [])
    const short = run().times(20, gop(0.4))
    assert.deepEqual(short.log, [])
    short.read(gop(0.4))
    assert.deepEqual(short.log, ['20 s: raised gopSizeShort'])
    assert.equal(short.issue('gopSizeShort').severity, 'info')
    assert.match(
      short.issue('gopSizeShort').summary,
      /^Key frames are no more than 0\.4 s apart \(The house accepts at least 0\.5 s and recommends 2 s\)/,
    )
  })

  it('does not go by what it knew before', () => {
    assert.deepEqual(run().times(15, gop(0.4)).times(60, gop(null)).log, [])
  })

  it('is not raised by short intervals among long ones, and cleared by a long one', () => {
    const mixed = run()
    for (let index = 0; index < 20; index += 1) mixed.times(9, gop(0.2)).read(gop(2))
    assert.deepEqual(mixed.log, [])
    assert.deepEqual(run().times(30, gop(0.2)).read(gop(2)).types, [])
  })
})
