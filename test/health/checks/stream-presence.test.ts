import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, present, RATES, Run, unknown } from '../readings.ts'

describe('streamStalled', () => {
  it('is raised at the stall, dated to the last packet, and cleared by 5 s of flow', () => {
    const run = new Run().times(3, present()).silent(4).times(5, present())
    assert.deepEqual(run.log, ['3 s: raised streamStalled'])
    run.read(present())
    assert.deepEqual(run.log, ['3 s: raised streamStalled', '12 s: cleared streamStalled after 6 s'])
  })

  it('says that video has stopped where audio goes on', () => {
    const run = new Run().times(5, present()).read(absent('stalled', { lastPacketAge: 3, last1s: RATES }))
    assert.match(run.issue('streamStalled').summary, /^No video for 3 s, though audio goes on \(connection open\)/)
  })

  it('says for how long nothing has arrived', () => {
    const run = new Run().times(3, present()).silent(2, 2.04)
    const issue = run.issue('streamStalled')
    assert.equal(issue.severity, 'warning')
    assert.equal(issue.since, '2026-03-01T10:00:00.960Z')
    assert.equal(issue.measured, 3)
    assert.equal(issue.expected, 0)
    assert.match(issue.summary, /^No data from the stream for 3 s \(connection open\)/)
  })

  it('is not raised by an end or a refusal, which are no stall', () => {
    for (const reason of ['ended', 'refused', 'not-found', 'timeout', 'unreachable'] as const) {
      assert.ok(!new Run().read(present(), absent(reason)).types.includes('streamStalled'), reason)
    }
  })

  it('stays while the monitor does not know, and goes over into streamOffline when the server ends the stream', () => {
    const run = new Run().read(present()).silent(2).times(3, unknown('crashed'))
    assert.deepEqual(run.types, ['streamStalled'])
    run.times(3, absent('ended'))
    assert.deepEqual(run.types, ['streamOffline'])
    assert.deepEqual(run.log, ['1 s: raised streamStalled', '6 s: raised streamOffline'])
  })
})

describe('streamOffline', () => {
  it('is raised by 6 s of silence, and not just under it', () => {
    assert.ok(!new Run().read(present(), absent('stalled', { lastPacketAge: 5.9 })).types.includes('streamOffline'))
    const run = new Run().times(8, present()).read(absent('stalled', { lastPacketAge: 6 }))
    assert.equal(run.issue('streamOffline').since, '2026-03-01T10:00:02.000Z')
  })

  it('is raised at once when the server ends the stream, refuses it or does not know it', () => {
    for (const reason of ['ended', 'refused', 'not-found'] as const) {
      const run = new Run().read(present(), absent(reason, { lastPacketAge: 0.1 }))
      assert.deepEqual(run.log, ['1 s: raised streamOffline'], reason)
    }
  })

  it('waits for 3 s where an encoder answers on which the event depends: somebody may have stopped it', () => {
    const run = new Run({ eventEndsWith: ['gateway', 'encoder'] })
    run.hasEncoder = true
    run.read(present()).silent(3, 0.5, 'ended')
    assert.deepEqual(run.log, [])
    run.expected = false
    assert.deepEqual(run.silent(5, 3.5, 'ended').log, [], 'it was stopped, and the event is over')
    const lost = new Run({ eventEndsWith: ['encoder'] })
    lost.hasEncoder = true
    assert.deepEqual(lost.read(present()).silent(4, 0.5, 'ended').log, ['4 s: raised streamOffline'])
    const unseen = new Run({ eventEndsWith: ['encoder'] }).read(present()).silent(1, 0.5, 'ended')
    assert.deepEqual(unseen.log, ['1 s: raised streamOffline'], 'an encoder that does not answer says nothing')
  })

  it('waits for 6 s where the server is silent or cannot be reached', () => {
    for (const reason of ['timeout', 'unreachable'] as const) {
      const run = new Run().read(present()).silent(5, 1, reason)
      assert.deepEqual(run.log, [], reason)
      assert.deepEqual(run.silent(1, 6, reason).log, ['6 s: raised streamOffline'], reason)
    }
  })

  it('is raised where nothing has ever arrived, 6 s after the first look', () => {
    const run = new Run().times(6, absent('timeout', { lastPacketAge: null }))
    assert.deepEqual(run.log, [])
    assert.deepEqual(run.read(absent('timeout', { lastPacketAge: null })).log, ['6 s: raised streamOffline'])
  })

  it('names the reason, the time it is off and what to do', () => {
    const issue = new Run().times(2, present()).silent(9).issue('streamOffline')
    assert.equal(issue.severity, 'error')
    assert.match(issue.summary, /^No data from the stream for 10 s \(connection open\)/)
    assert.ok(issue.remedy.length >= 3)
  })

  it('does not repeat a reason that it has no words for', () => {
    const run = new Run().read(present()).silent(7, 2, 'tls-invalid')
    assert.doesNotMatch(run.issue('streamOffline').summary, /tls/)
  })

  it('clears after 5 s of flow, with how long the stream was off', () => {
    const run = new Run().times(2, present()).silent(10).times(6, present())
    assert.ok(run.log.includes('17 s: cleared streamOffline after 12 s'), run.log.join('\n'))
  })

  it('does not count the time in which the monitor was blind as silence', () => {
    const blind = new Run().read(present()).times(60, unknown('late'))
    blind.read(absent('stalled', { lastPacketAge: 61 }))
    assert.ok(!blind.types.includes('streamOffline'))
  })

  it('is not raised while the stream is not expected', () => {
    const run = new Run()
    run.expected = false
    run.times(20, absent('ended', { lastPacketAge: null }))
    assert.deepEqual(run.log, [])
  })

  it('counts from when the stream is expected, not from when it was last there', () => {
    const run = new Run()
    run.expected = false
    run.silent(100)
    run.expected = true
    run.silent(6, 102)
    assert.deepEqual(run.log, ['100 s: raised streamStalled'])
    run.silent(1, 108)
    assert.equal(run.issue('streamOffline').since, '2026-03-01T10:01:40.000Z')
  })
})
