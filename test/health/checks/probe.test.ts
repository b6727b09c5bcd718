import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, present, Run, type StreamReading, unknown } from '../readings.ts'

describe('notMeasured', () => {
  it('is raised after 5 s of not knowing at an interval of 1 s, with the code in the text', () => {
    const run = new Run().read(present()).times(5, unknown('killed'))
    assert.deepEqual(run.types, [])
    run.read(unknown('killed'))
    assert.deepEqual(run.log, ['6 s: raised notMeasured'])
    const issue = run.issue('notMeasured')
    assert.equal(issue.severity, 'error')
    assert.equal(issue.measured, 'killed')
    assert.match(issue.summary, /^Not measured for 5 s \(expected every 1 s\): it is killed \(killed\)/)
  })

  it('is raised after three intervals where they are longer', () => {
    const run = new Run()
    run.interval = 10
    assert.deepEqual(run.times(3, unknown('crashed')).log, [])
    assert.deepEqual(run.read(unknown('crashed')).log, ['30 s: raised notMeasured'])
  })

  it('has patience with a probe that connects: 25 s', () => {
    const run = new Run().times(25, unknown('connecting'))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(unknown('connecting')).log, ['25 s: raised notMeasured'])
  })

  it('is raised whether the stream is expected or not', () => {
    const run = new Run()
    run.expected = false
    assert.deepEqual(run.times(6, unknown('no-ffprobe')).types, ['notMeasured'])
  })

  it('is cleared by the first measurement, whatever it says', () => {
    for (const reading of [present(), absent('stalled')]) {
      const run = new Run().read(present()).times(8, unknown('crashed')).read(reading)
      assert.ok(run.log.includes('9 s: cleared notMeasured after 8 s'), run.log.join('\n'))
    }
  })

  it('is not cleared by another code, be it connecting', () => {
    const run = new Run().times(8, unknown('crashed')).times(3, unknown('connecting'))
    assert.deepEqual(run.types, ['notMeasured'])
  })

  it('starts counting anew after every measurement', () => {
    const run = new Run()
    for (let index = 0; index < 10; index += 1) run.times(5, unknown('late')).read(present())
    assert.deepEqual(run.log, [])
  })

  it('cuts a message that has no bound of its own', () => {
    const reading: StreamReading = {
      outcome: 'unknown',
      code: 'crashed',
      message: 'x'.repeat(9000),
      measurements: present().measurements,
    }
    assert.ok(new Run().times(6, reading).issue('notMeasured').summary.length < 500)
  })
})
