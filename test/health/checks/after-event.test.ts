import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, present, Run, unknown } from '../readings.ts'

const MINUTE = 60

function ended(hasEvents = true): Run {
  const run = new Run({ hasEvents }).times(20, present())
  run.expected = false
  return run
}

describe('a stream that goes on after its event', () => {
  it('is left alone for ten minutes, which is time to stop the encoder', () => {
    assert.deepEqual(ended().times(10 * MINUTE, present()).log, [])
    assert.deepEqual(
      ended()
        .times(9 * MINUTE, present())
        .times(20 * MINUTE, absent('ended')).log,
      [],
    )
  })

  it('is told of after ten minutes, because nobody would hear of its end', () => {
    const run = ended().times(10 * MINUTE + 1, present())
    const [issue] = run.verdict.issues
    assert.deepEqual([issue?.type, issue?.severity, run.verdict.state], ['stillSending', 'warning', 'degraded'])
    assert.match(
      issue?.summary ?? '',
      /^Alarms off, and the stream goes on: the event is over for 10 min, media still arrives/,
    )
  })

  it('is told of no more when it stops, and when it is expected again', () => {
    const raised = () => ended().times(11 * MINUTE, present())
    assert.equal(raised().read(absent('ended')).verdict.issues.length, 0)
    const goesOn = raised()
    goesOn.expected = true
    assert.equal(goesOn.read(present()).verdict.issues.length, 0)
  })

  it('is neither told of nor forgotten while nothing is measured', () => {
    const types = (run: Run) => run.verdict.issues.map(({ type }) => type)
    assert.ok(!types(ended().times(30 * MINUTE, unknown('killed'))).includes('stillSending'))
    assert.ok(
      types(
        ended()
          .times(11 * MINUTE, present())
          .times(5, unknown('killed')),
      ).includes('stillSending'),
    )
  })

  it('is nothing where windows of the week say what is expected', () => {
    assert.deepEqual(ended(false).times(60 * MINUTE, present()).log, [])
  })
})
