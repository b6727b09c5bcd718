import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present, RATES, Run, totals, unknown } from '../readings.ts'

const ratio = (realtimeRatio: number | null) => present({ window: { ...RATES, realtimeRatio } })
const faults = (changes: Partial<Record<'jump' | 'gap' | 'regression', number>>) =>
  present({ total: totals({ timestampFaults: { jump: 0, gap: 0, regression: 0, ...changes } }) })

describe('timestampsStandStill', () => {
  const stands = (clockStandsFor: number | null, realtimeRatio = 0) =>
    present({ clockStandsFor, window: { ...RATES, realtimeRatio } })

  it('is raised by 2 s in which it stands, in the place of media that comes too slowly', () => {
    assert.deepEqual(new Run().times(10, stands(0.9, 1)).log, [])
    const run = new Run().times(10, stands(0, 1)).read(stands(1), stands(2))
    assert.deepEqual(run.types, [])
    run.times(4, stands(3))
    assert.deepEqual(run.types, ['timestampsStandStill'])
    const issue = run.issue('timestampsStandStill')
    assert.equal(issue.severity, 'error')
    assert.match(issue.summary, /^The clock of the stream stands still.* for 3 s \(expected 0\)/)
  })

  it('clears by 5 s of a clock that goes on', () => {
    const run = new Run().times(5, stands(10)).times(5, stands(0, 1))
    assert.ok(run.types.includes('timestampsStandStill'))
    assert.equal(run.times(2, stands(0, 1)).types.includes('timestampsStandStill'), false)
  })

  it('is not judged while nothing flows', () => {
    assert.deepEqual(new Run().times(10, stands(null, 1)).log, [])
    assert.ok(new Run().times(5, stands(10)).times(5, unknown('crashed')).types.includes('timestampsStandStill'))
  })
})

describe('videoIngestionStarved', () => {
  it('is raised by 3 s of a ratio of 0.95, and not just above it', () => {
    assert.deepEqual(new Run().times(60, ratio(0.951)).log, [])
    const run = new Run().times(3, ratio(0.95))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(ratio(0.95)).log, ['3 s: raised videoIngestionStarved'])
  })

  it('lets a pause pass that the network makes good', () => {
    const run = new Run().times(10, ratio(1)).times(3, ratio(0.8)).times(20, ratio(1))
    assert.deepEqual(run.log, [])
  })

  it('clears by 5 s of 0.98 or more, not by less', () => {
    const run = new Run().times(10, ratio(0.8)).times(30, ratio(0.979))
    assert.deepEqual(run.types, ['videoIngestionStarved'])
    run.times(6, ratio(0.98))
    assert.equal(run.log.at(-1), '45 s: cleared videoIngestionStarved after 40 s')
  })

  it('gives one issue for a ratio that swings around the limits', () => {
    const run = new Run().times(5, ratio(0.9))
    for (let index = 0; index < 30; index += 1) run.read(ratio(0.94), ratio(0.99), ratio(0.96), ratio(1))
    run.times(6, ratio(1))
    assert.equal(run.log.length, 2)
  })

  it('says the ratio and the one that is needed', () => {
    const issue = new Run().times(4, ratio(0.8011)).issue('videoIngestionStarved')
    assert.equal(issue.severity, 'error')
    assert.equal(issue.measured, 0.801)
    assert.equal(issue.expected, 1)
    assert.match(issue.summary, /at 0\.80 times real time.*1\.00/)
  })

  it('keeps the last value at fault in its text while it clears', () => {
    const run = new Run().times(4, ratio(0.8)).times(3, ratio(1))
    assert.equal(run.issue('videoIngestionStarved').measured, 0.8)
  })

  it('is not judged while the first burst passes, or before a ratio is known', () => {
    const warming = present({ warmingUp: true, window: { ...RATES, realtimeRatio: 0.2 } })
    assert.deepEqual(new Run().times(30, warming).log, [])
    assert.deepEqual(new Run().times(30, ratio(null)).log, [])
  })

  it('begins its hold anew with a new publisher or session, and does not end what is active', () => {
    const low = { ...RATES, realtimeRatio: 0.8 }
    const restarted = present({ window: low, total: totals({ publisherRestarts: 1 }) })
    assert.deepEqual(new Run().times(3, ratio(0.8)).times(3, restarted).log, [])
    assert.deepEqual(new Run().times(4, ratio(0.8)).times(3, restarted).types, ['videoIngestionStarved'])
    const sessions = { ...totals().sessions, ended: 1 }
    const again = present({ window: low, total: totals({ sessions }) })
    assert.deepEqual(new Run().times(3, ratio(0.8)).times(3, again).log, [])
  })

  it('stays while nothing is measured, and while the stream is down', () => {
    const run = new Run().times(4, ratio(0.8)).times(3, unknown('crashed')).silent(20)
    assert.ok(run.types.includes('videoIngestionStarved'))
  })

  it('is not judged on a stream that arrives a segment at a time', () => {
    const parameters = { format: 'hls,applehttp', video: [], audio: [], encoder: null }
    const segment = present({ parameters, window: { ...RATES, realtimeRatio: 0.6 } })
    assert.deepEqual(new Run().times(30, segment).log, [])
    assert.deepEqual(new Run({ segmented: true }).times(30, ratio(0.6)).log, [])
  })
})

describe('videoIngestionFasterThanRealtime', () => {
  it('is raised by 15 s of a ratio of 1.05, and not just below it', () => {
    assert.deepEqual(new Run().times(120, ratio(1.049)).log, [])
    const run = new Run().times(15, ratio(1.05))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(ratio(1.05)).log, ['15 s: raised videoIngestionFasterThanRealtime'])
    const issue = run.issue('videoIngestionFasterThanRealtime')
    assert.deepEqual([issue.severity, issue.measured, issue.expected], ['warning', 1.05, 1])
    assert.match(
      issue.summary,
      /^Media arrives at 1\.05 times real time \(expected 1\.00\): what is sent is not live, or its clock is wrong/,
    )
  })

  it('lets media pass that was held up and is made good', () => {
    assert.deepEqual(
      new Run().times(10, ratio(1)).times(2, ratio(0.8)).times(12, ratio(1.3)).times(60, ratio(1)).log,
      [],
    )
  })

  it('clears by 5 s of 1.02, and stays while nothing is known', () => {
    const run = new Run().times(16, ratio(2)).times(30, ratio(1.03)).times(30, ratio(null)).times(4, unknown('late'))
    assert.deepEqual(run.types, ['videoIngestionFasterThanRealtime'])
    run.times(6, ratio(1.02))
    assert.equal(run.log.at(-1), '85 s: cleared videoIngestionFasterThanRealtime after 80 s')
  })

  it('is not judged on a stream that arrives a segment at a time', () => {
    assert.deepEqual(new Run({ segmented: true }).times(60, ratio(2)).log, [])
  })
})

describe('driftDeviation', () => {
  const late = (deviation: number | null, changes = {}) => present({ driftDeviation: deviation, ...changes })

  it('is raised by 3 s of 1 s, and not by what is fair', () => {
    assert.deepEqual(new Run().times(120, late(0.99)).log, [])
    const run = new Run().times(3, late(1))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(late(1)).log, ['3 s: raised driftDeviation'])
    const issue = run.issue('driftDeviation')
    assert.deepEqual([issue.severity, issue.measured, issue.expected], ['warning', 1, 0.5])
    assert.match(
      issue.summary,
      /^Media arrives 1 s later than its 30 s mean \(expected 0\.5 s or less\): viewers will see it buffer/,
    )
  })

  it('clears by 5 s of what is good, not of what is fair', () => {
    const run = new Run().times(4, late(2)).times(30, late(0.51)).times(30, late(null)).times(4, unknown('late'))
    assert.deepEqual(run.types, ['driftDeviation'])
    run.times(6, late(0.5))
    assert.equal(run.log.at(-1), '73 s: cleared driftDeviation after 68 s')
  })

  it('is not raised by media that is made good and comes early', () => {
    assert.deepEqual(new Run().times(60, late(-5)).log, [])
  })

  it('is not judged while the first burst passes, nor on what arrives a segment at a time', () => {
    assert.deepEqual(new Run().times(60, late(5, { warmingUp: true })).log, [])
    assert.deepEqual(new Run({ segmented: true }).times(60, late(5)).log, [])
  })
})

for (const [type, counter] of [
  ['timestampJump', 'jump'],
  ['timestampRegression', 'regression'],
] as const) {
  describe(type, () => {
    it('is raised by one fault, and by none is not', () => {
      assert.deepEqual(new Run().times(90, faults({ [counter]: 7 })).log, [])
      const run = new Run().read(faults({}), faults({ [counter]: 1 }))
      assert.deepEqual(run.log, [`1 s: raised ${type}`])
      assert.equal(run.issue(type).severity, 'warning')
    })

    it('counts the faults of the window', () => {
      const run = new Run().read(faults({}), faults({ [counter]: 1 }), faults({ [counter]: 3 }))
      assert.equal(run.issue(type).measured, 3)
      assert.match(run.issue(type).summary, /3 times in the last 60 s of media \(expected: never\)/)
    })

    it('clears when 60 s of media have passed without another', () => {
      const run = new Run().read(faults({})).times(60, faults({ [counter]: 1 }))
      assert.deepEqual(run.types, [type])
      run.read(faults({ [counter]: 1 }))
      assert.deepEqual(run.log, [`1 s: raised ${type}`, `61 s: cleared ${type} after 60 s`])
    })

    it('does not count towards the window what was not measured', () => {
      const run = new Run().read(faults({})).times(30, faults({ [counter]: 1 }))
      const total = totals({ timestampFaults: { jump: 0, gap: 0, regression: 0, [counter]: 1 } })
      run.times(100, unknown('late', { total })).times(29, faults({ [counter]: 1 }))
      assert.ok(run.types.includes(type))
    })
  })
}

describe('media that is missing after a pause', () => {
  it('is no fault of the time stamps', () => {
    assert.deepEqual(new Run().read(faults({}), faults({ gap: 3 })).log, [])
  })
})
