import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Baseline, endOfBroadcast, KEPT, NOTHING_KNOWN, take } from '../../src/baselines/baseline.ts'
import { FLOORS } from '../../src/baselines/floors.ts'
import { normal } from './noise.ts'

/** Samples of ten seconds. */
const MINUTE = 6
const HOUR = 60 * MINUTE
/** Of 6 Mb/s, as an encoder of constant bitrate holds it. */
const LEVEL = 750_000
const floors = FLOORS.videoBytesPerSecond ?? { relative: 0, absolute: 1 }

interface Run {
  baseline: Baseline
  /** Samples that were unusual, and how often it became so. */
  unusual: number
  alarms: number
}

/** Samples one after another. @param value of each, in bytes per second */
function run(before: Baseline, samples: number, value: (index: number) => number, isEndless = false): Run {
  let [baseline, unusual, alarms] = [before, 0, 0]
  for (let index = 0; index < samples; index++) {
    const was = baseline.detector.unusual
    baseline = take(baseline, value(index), floors, isEndless).baseline
    if (baseline.detector.unusual !== null) unusual += 1
    if (baseline.detector.unusual !== null && was === null) alarms += 1
  }
  return { baseline, unusual, alarms }
}

function trained(broadcasts: number, level = LEVEL): Baseline {
  const noise = normal(7)
  let baseline = NOTHING_KNOWN
  for (let count = 0; count < broadcasts; count++) {
    baseline = endOfBroadcast(run(baseline, 90 * MINUTE, () => level * (1 + 0.02 * noise())).baseline, KEPT.broadcasts)
  }
  return baseline
}

describe('a baseline', () => {
  it('says nothing in the first half hour of a target, whatever comes', () => {
    const { unusual, baseline } = run(NOTHING_KNOWN, 30 * MINUTE, (index) => (index % 20 === 0 ? LEVEL : LEVEL / 10))
    assert.equal(unusual, 0)
    assert.notEqual(take(baseline, LEVEL, floors, false).deviation, null)
  })

  it('says nothing of a second broadcast because it is not as the only one before', () => {
    assert.equal(run(trained(1), 25 * MINUTE, () => LEVEL / 2).unusual, 0)
  })

  it('knows from the first sample of a fourth broadcast what is usual', () => {
    const { baseline } = run(trained(3), 3, () => LEVEL * 0.7)
    assert.equal(baseline.detector.unusual, 'level')
  })

  it('stays raised for the six hours that a fault lasts, and is usual again within two minutes of its end', () => {
    const fault = run(trained(8), 6 * HOUR, () => LEVEL * 0.7)
    assert.equal(fault.unusual, 6 * HOUR - 2)
    assert.equal(fault.alarms, 1)
    assert.equal(run(fault.baseline, 12, () => LEVEL).baseline.detector.unusual, null)
  })

  it('stays raised just as long where it began unnoticed slowly', () => {
    const sunk = run(trained(8), 6 * HOUR, (index) => LEVEL * (1 - 0.1 * Math.min(1, index / HOUR)))
    const noticed = 6 * HOUR - sunk.unusual
    assert.ok(noticed < 1.5 * HOUR, `noticed after ${noticed / MINUTE} min`)
    assert.equal(sunk.alarms, 1)
  })

  it('forgives a fault of 20 minutes in one of the broadcasts before', () => {
    const noise = normal(9)
    const faulty = (index: number) => (index < 20 * MINUTE ? LEVEL * 0.5 : LEVEL * (1 + 0.02 * noise()))
    const before = endOfBroadcast(run(trained(7), 90 * MINUTE, faulty).baseline, KEPT.broadcasts)
    assert.equal(run(before, 3, () => LEVEL * 0.5).baseline.detector.unusual, 'level')
    assert.equal(run(before, 10 * MINUTE, () => LEVEL).unusual, 0)
  })

  it('takes a level that was set anew for usual after one broadcast of it', () => {
    const first = run(trained(8), 90 * MINUTE, () => LEVEL * 0.7)
    assert.ok(first.unusual > 89 * MINUTE)
    const second = endOfBroadcast(first.baseline, KEPT.broadcasts)
    assert.equal(run(second, 90 * MINUTE, () => LEVEL * 0.7).unusual, 0)
  })

  it('takes two programmes that take turns for usual, and what is neither for unusual', () => {
    let baseline = NOTHING_KNOWN
    for (const level of [1, 0.5, 1, 0.5, 1, 0.5, 1, 1]) {
      baseline = endOfBroadcast(run(baseline, 90 * MINUTE, () => LEVEL * level).baseline, KEPT.broadcasts)
    }
    assert.equal(run(baseline, 90 * MINUTE, () => LEVEL * 0.5).unusual, 0)
    assert.equal(run(baseline, 90 * MINUTE, () => LEVEL).unusual, 0)
    assert.equal(run(baseline, 3, () => LEVEL * 0.2).baseline.detector.unusual, 'level')
  })

  it('takes the hours of a day of a channel for usual', () => {
    const noise = normal(3)
    const day = (index: number) => LEVEL * (1 + 0.3 * Math.sin((2 * Math.PI * index) / (24 * HOUR)) + 0.02 * noise())
    let baseline = NOTHING_KNOWN
    for (let count = 0; count < 3; count++) {
      baseline = endOfBroadcast(run(baseline, 24 * HOUR, day, true).baseline, KEPT.days)
    }
    assert.equal(run(baseline, 24 * HOUR, day, true).alarms, 0)
    assert.equal(run(baseline, 3, () => LEVEL * 2.5, true).baseline.detector.unusual, 'level')
  })

  it('keeps eight broadcasts, and none that was shorter than five minutes', () => {
    assert.equal(trained(12).kept.length, 8)
    const short = run(NOTHING_KNOWN, 29, () => LEVEL).baseline
    assert.equal(endOfBroadcast(short, KEPT.broadcasts).kept.length, 0)
  })

  it('errs at most once in a day of noise of its own, and never by its level', () => {
    let [alarms, levels] = [0, 0]
    const days = 5
    for (let seed = 1; seed <= days; seed++) {
      const noise = normal(seed)
      let baseline = NOTHING_KNOWN
      for (let count = 0; count < 16; count++) {
        const one = run(baseline, 90 * MINUTE, () => LEVEL * (1 + 0.1 * noise()))
        alarms += one.alarms
        if (one.baseline.detector.unusual === 'level') levels += 1
        baseline = endOfBroadcast(one.baseline, KEPT.broadcasts)
      }
    }
    assert.ok(alarms <= days, `${alarms} in ${days} days`)
    assert.equal(levels, 0)
  })
})
