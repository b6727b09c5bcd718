import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, parameters, present, Run, totals, unknown } from '../readings.ts'

const restarts = (publisherRestarts: number) => present({ total: totals({ publisherRestarts }) })

describe('streamFlapping', () => {
  const flap = (run: Run, count: number) => {
    for (let index = 0; index < count; index += 1) run.silent(2).times(20, present())
    return run
  }

  it('is raised when the stream comes back for the third time, not before', () => {
    assert.ok(!flap(new Run().times(10, present()), 2).types.includes('streamFlapping'))
    const run = flap(new Run().times(10, present()), 3)
    assert.ok(run.log.includes('56 s: raised streamFlapping'), run.log.join('\n'))
    assert.equal(run.issue('streamFlapping').severity, 'warning')
    assert.match(run.issue('streamFlapping').summary, /came back 3 times in the last 5 min of media/)
  })

  it('counts publishers that begin anew without a pause', () => {
    const run = new Run().read(restarts(0)).times(3, restarts(1)).times(3, restarts(2))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(restarts(3)).log, ['7 s: raised streamFlapping'])
  })

  it('counts once a second publisher that is refused, some frames of which came in between', () => {
    const run = new Run().read(restarts(0), restarts(2), restarts(3)).times(30, restarts(3))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.times(3, restarts(5)).times(3, restarts(7)).log, ['36 s: raised streamFlapping'])
  })

  it('counts a publisher that was away and begins anew once', () => {
    const run = new Run().times(10, restarts(0))
    for (const count of [1, 2]) {
      run.times(2, absent('stalled', { lastPacketAge: 3, total: totals({ publisherRestarts: count - 1 }) }))
      run.times(20, restarts(count))
    }
    assert.ok(!run.types.includes('streamFlapping'))
  })

  it('does not take the first media of an event, nor a monitor that was blind, for a return', () => {
    const run = new Run()
    for (let index = 0; index < 5; index += 1) run.times(5, present()).times(3, unknown('late'))
    assert.deepEqual(run.log, [])
    assert.deepEqual(
      new Run()
        .silent(1, 1)
        .times(5, present())
        .log.filter((line) => line.includes('Flapping')),
      [],
    )
  })

  it('clears when it has gone on for long enough, and stays while nothing is known', () => {
    const run = flap(new Run().times(10, present()), 3).times(60, unknown('late'))
    assert.ok(run.types.includes('streamFlapping'))
    run.times(240, present())
    assert.ok(run.types.includes('streamFlapping'))
    run.times(60, present())
    assert.ok(!run.types.includes('streamFlapping'))
  })

  it('does not count the time in which the stream is away', () => {
    const run = new Run().times(10, present())
    for (let index = 0; index < 3; index += 1) run.silent(200).times(10, present())
    assert.ok(run.types.includes('streamFlapping'))
  })

  it('is not judged while the stream is not expected', () => {
    const run = new Run()
    run.expected = false
    assert.deepEqual(flap(run.times(10, present()), 5).log, [])
  })
})

describe('trackTimestampSkew', () => {
  const skew = (trackTimestampSkew: number | null, changes = {}) => present({ trackTimestampSkew, ...changes })

  it('is raised by 5 s of half a second, either way, and not by less', () => {
    assert.deepEqual(new Run().times(60, skew(0.49)).times(60, skew(-0.49)).log, [])
    for (const value of [0.5, -0.5]) {
      const run = new Run().times(5, skew(value))
      assert.deepEqual(run.log, [])
      assert.deepEqual(run.read(skew(value)).log, ['5 s: raised trackTimestampSkew'])
      assert.equal(run.issue('trackTimestampSkew').measured, value)
    }
  })

  it('says which track lags', () => {
    const audioLags = new Run().times(6, skew(1.204)).issue('trackTimestampSkew')
    assert.equal(audioLags.severity, 'warning')
    assert.match(
      audioLags.summary,
      /^The audio time stamps lag 1\.2 s behind those of the video \(expected: together\)/,
    )
    const videoLags = new Run().times(6, skew(-0.8)).issue('trackTimestampSkew')
    assert.match(
      videoLags.summary,
      /^The video time stamps lag 0\.8 s behind those of the audio \(expected: together\)/,
    )
  })

  it('clears by 5 s of 0.3 s, not by more, nor by not knowing', () => {
    const run = new Run().times(6, skew(1)).times(30, skew(0.31)).times(30, skew(null)).times(4, unknown('late'))
    assert.ok(run.types.includes('trackTimestampSkew'))
    run.times(6, skew(-0.3))
    assert.equal(run.log.at(-1), '75 s: cleared trackTimestampSkew after 70 s')
  })

  it('is not judged while the first burst passes, nor on what arrives a segment at a time', () => {
    assert.deepEqual(new Run().times(60, skew(2, { warmingUp: true })).log, [])
    assert.deepEqual(new Run({ segmented: true }).times(60, skew(2)).log, [])
    assert.deepEqual(new Run().times(60, skew(2, { parameters: parameters({}, {}, { format: 'hls' }) })).log, [])
  })
})

describe('keyframeIntervalVaries', () => {
  const range = (shortest: number, longest: number) => present({ keyframeIntervalRange: { shortest, longest } })

  it('is advice after 10 s of intervals of which one is half as long again as another', () => {
    assert.deepEqual(new Run().times(60, range(2, 2.9)).log, [])
    const run = new Run().times(10, range(2, 3))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(range(2, 3)).log, ['10 s: raised keyframeIntervalVaries'])
    const issue = run.issue('keyframeIntervalVaries')
    assert.equal(issue.severity, 'info')
    assert.equal(run.verdict.state, 'ok')
    assert.match(issue.summary, /Key frames are 2 to 3 s apart/)
  })

  it('clears by 10 s of even ones, and not by not knowing', () => {
    const run = new Run()
      .times(11, range(1, 3))
      .times(30, present({ keyframeIntervalRange: null }))
      .times(30, present())
    assert.deepEqual(run.types, ['keyframeIntervalVaries'])
    run.times(11, range(2, 2.4))
    assert.deepEqual(run.types, [])
  })

  it('is not raised where the meter does not say', () => {
    assert.deepEqual(new Run().times(60, present()).log, [])
    assert.deepEqual(new Run().times(60, range(0, 2)).log, [])
  })
})
