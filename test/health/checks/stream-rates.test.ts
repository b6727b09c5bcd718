import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamMeasurements } from '../../../src/observation/stream.ts'
import { parameters, present, RATES, Run, totals, unknown } from '../readings.ts'

type Changes = Partial<StreamMeasurements>

/** Frames per second on a stream that declares nothing, or what the changes say. */
const frames = (framesPerSecond: number | null, changes: Changes = {}) =>
  present({ window: { ...RATES, framesPerSecond }, ...changes })
const DECLARED: Changes = { parameters: parameters({ declaredFrameRate: 30 }) }

describe('frameRateLow', () => {
  it('is not raised by one picture less of a slide show', () => {
    assert.deepEqual(new Run().times(30, frames(0.6)).times(20, frames(0.5)).types, [])
    assert.deepEqual(new Run().times(30, frames(0.6)).times(20, frames(0.3)).types, ['frameRateLow'])
  })

  it('is raised by 3 s of 15 % less than what the stream has kept up, and not just above it', () => {
    assert.deepEqual(new Run().times(30, frames(30)).times(60, frames(25.6)).log, [])
    const run = new Run().times(30, frames(30)).times(3, frames(25.5))
    assert.deepEqual(run.log, [])
    run.read(frames(25.5))
    assert.deepEqual(run.log, ['33 s: raised frameRateLow'])
    const issue = run.issue('frameRateLow')
    assert.equal(issue.severity, 'warning')
    assert.equal(issue.summary, 'The stream has 25.5 frames per second, down from 30: the picture stutters')
    assert.deepEqual([issue.measured, issue.expected], [25.5, 30])
  })

  it('clears by 5 s of 92 %, not by less', () => {
    const run = new Run().times(30, frames(30)).times(10, frames(15)).times(30, frames(27.5))
    assert.deepEqual(run.types, ['frameRateLow'])
    run.times(6, frames(27.6))
    assert.equal(run.log.at(-1), '75 s: cleared frameRateLow after 40 s')
  })

  it('gives one issue for a rate that swings around the limits', () => {
    const run = new Run().times(30, frames(30)).times(5, frames(20))
    for (let index = 0; index < 50; index += 1) run.read(frames(25), frames(28), frames(26), frames(30))
    assert.equal(run.log.length, 1)
  })

  it('is not raised before the stream has kept up a rate, nor by rates that are not known', () => {
    assert.deepEqual(new Run().times(9, frames(30)).times(9, frames(15)).log, [])
    assert.deepEqual(new Run().times(30, frames(30)).times(30, frames(null)).log, [])
    assert.deepEqual(new Run().times(30, frames(30)).times(30, frames(0)).log, [])
    assert.deepEqual(new Run().times(30, frames(30)).times(30, frames(15, { warmingUp: true })).log, [])
  })

  it('is not judged while an encoder leaves frames out of a picture that stands still', () => {
    const still = { variableFrameRate: true }
    assert.deepEqual(new Run().times(30, frames(30)).times(60, frames(2, still)).log, [])
    const run = new Run().times(30, frames(30)).times(10, frames(15, { variableFrameRate: false }))
    assert.deepEqual(run.types, ['frameRateLow'])
    assert.deepEqual(run.read(frames(2, still)).types, [])
  })

  it('stays while nothing is known', () => {
    const run = new Run().times(30, frames(30)).times(10, frames(15)).times(4, unknown('late')).times(60, frames(null))
    assert.ok(run.types.includes('frameRateLow'))
  })

  it('does not take a burst for the rate of the stream', () => {
    const run = new Run().times(30, frames(30)).times(9, frames(45)).times(60, frames(30))
    assert.deepEqual(run.log, [])
  })

  it('stays as long as the rate is low, where the stream declares what it once kept up', () => {
    const run = new Run().times(30, frames(29.9, DECLARED)).times(3600, frames(15, DECLARED))
    assert.deepEqual(run.types, ['frameRateLow'])
    assert.equal(run.issue('frameRateLow').expected, 30)
  })

  it('takes the lower rate for the level after ten minutes, where the stream declares none', () => {
    const run = new Run().times(30, frames(30)).times(590, frames(15))
    assert.deepEqual(run.types, ['frameRateLow'])
    assert.deepEqual(run.times(60, frames(15)).types, [])
  })

  it('does not believe a declaration that was never true', () => {
    const lies = { parameters: parameters({ declaredFrameRate: 60 }) }
    assert.deepEqual(new Run().times(1200, frames(30, lies)).log, [])
    assert.deepEqual(new Run().times(30, frames(30, lies)).times(4, frames(20, lies)).types, ['frameRateLow'])
  })

  it('begins anew with another publisher and with other parameters', () => {
    const again = { total: totals({ publisherRestarts: 1 }) }
    assert.deepEqual(new Run().times(30, frames(60)).times(60, frames(30, again)).log, [])
    const changed = { parameterChanges: ['declared frame rate: 60 -> 30'] }
    assert.deepEqual(new Run().times(30, frames(60)).times(50, frames(30, changed)).log, [
      '30 s: raised parametersChanged',
    ])
  })

  it('is not raised at any usual frame rate, with what is measured 1 % off', () => {
    for (const rate of [5, 15, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]) {
      const run = new Run()
      for (let second = 0; second < 120; second += 1) run.read(frames(rate * (1 + (second % 3 === 0 ? 0.01 : -0.01))))
      assert.deepEqual(run.log, [], String(rate))
    }
  })
})

describe('bitrateDropped', () => {
  const sent = (kilobits: number | null, changes: Changes = {}, rates: object = {}) =>
    present({
      window: { ...RATES, videoBytesPerSecond: kilobits === null ? null : kilobits * 125, ...rates },
      ...changes,
    })

  it('is not raised by a variable bitrate that falls to a slide', () => {
    assert.deepEqual(new Run().times(60, sent(2500)).times(3600, sent(20)).log, [])
    assert.deepEqual(new Run({ rateControl: 'vbr' }).times(60, sent(2500)).times(60, sent(20)).log, [])
  })

  it('is not borne out by frames that are left out of a picture that stands still', () => {
    const slide = sent(20, { variableFrameRate: true }, { framesPerSecond: 2 })
    assert.deepEqual(new Run().times(60, sent(2500, {}, { framesPerSecond: 30 })).times(60, slide).log, [])
  })

  it('is raised by 5 s of 15 % less when drift grows too', () => {
    const late = { driftDeviation: 0.25 }
    assert.deepEqual(new Run().times(30, sent(4000)).times(60, sent(3410, late)).log, [])
    assert.deepEqual(new Run().times(30, sent(4000)).times(60, sent(2000, { driftDeviation: 0.24 })).log, [])
    const run = new Run().times(30, sent(4000)).times(5, sent(3400, late))
    assert.deepEqual(run.log, [])
    run.read(sent(3400, late))
    assert.deepEqual(run.log, ['35 s: raised bitrateDropped'])
    assert.match(
      run.issue('bitrateDropped').summary,
      /^The video bitrate is 3\.4 Mb\/s, down from 4 Mb\/s, and frames are missing or late: the network does not carry it/,
    )
  })

  it('is raised when frames are missing too', () => {
    const few = new Run().times(30, sent(4000)).times(6, sent(2000, {}, { framesPerSecond: 28.5 }))
    assert.deepEqual(few.types, ['bitrateDropped'])
    const all = new Run().times(30, sent(4000)).times(60, sent(2000, {}, { framesPerSecond: 28.6 }))
    assert.deepEqual(all.log, [])
  })

  it('does not go by the drift of what arrives a segment at a time', () => {
    assert.deepEqual(
      new Run({ segmented: true }).times(30, sent(4000)).times(60, sent(2000, { driftDeviation: 3 })).log,
      [],
    )
  })

  it('is raised by the drop alone where the target says that its bitrate is constant', () => {
    const run = new Run({ rateControl: 'cbr' }).times(30, sent(4000)).times(6, sent(3400))
    assert.deepEqual(run.log, ['35 s: raised bitrateDropped'])
    assert.equal(run.issue('bitrateDropped').summary, 'The video bitrate is 3.4 Mb/s, down from a constant 4 Mb/s')
    assert.equal(run.issue('bitrateDropped').severity, 'warning')
  })

  it('stays on a constant bitrate as long as it is below what the stream declares and once kept up', () => {
    const run = new Run({ rateControl: 'cbr' })
    const declares = { parameters: parameters() }
    run.times(30, sent(4000, declares)).times(3600, sent(3000, declares))
    assert.deepEqual(run.types, ['bitrateDropped'])
  })

  it('clears by 10 s of 92 %, or when nothing bears it out any more', () => {
    const run = new Run({ rateControl: 'cbr' }).times(30, sent(4000)).times(6, sent(2000)).times(11, sent(3680))
    assert.equal(run.log.at(-1), '46 s: cleared bitrateDropped after 6 s')
    const variable = new Run()
      .times(30, sent(4000))
      .times(6, sent(2000, { driftDeviation: 0.9 }))
      .times(11, sent(2000))
    assert.equal(variable.log.at(-1), '46 s: cleared bitrateDropped after 6 s')
  })

  it('stays while nothing is known, and is not raised before there is a level', () => {
    const run = new Run({ rateControl: 'cbr' })
      .times(30, sent(4000))
      .times(6, sent(2000))
      .times(4, unknown('late'))
      .times(60, sent(null))
    assert.ok(run.types.includes('bitrateDropped'))
    assert.deepEqual(new Run({ rateControl: 'cbr' }).times(9, sent(4000)).times(9, sent(1000)).log, [])
  })
})
