import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, present, RATES, Run, totals, unknown } from './readings.ts'

const starved = present({ window: { ...RATES, realtimeRatio: 0.5 } })

describe('a stream that stalls and comes back', () => {
  it('is down at the stall, offline after 6 s of silence, and degraded until 5 s of flow have passed', () => {
    const run = new Run().times(10, present())
    run.silent(1)
    assert.deepEqual([run.verdict.state, run.verdict.score, run.types], ['down', 0, ['streamStalled']])
    run.silent(4, 3)
    assert.deepEqual([run.verdict.state, run.types], ['down', ['streamOffline']])
    run.read(present())
    assert.deepEqual([run.verdict.state, run.verdict.score], ['degraded', 40])
    run.times(5, present())
    assert.deepEqual([run.verdict.state, run.verdict.score], ['ok', 100])
    assert.deepEqual(run.log, [
      '10 s: raised streamStalled',
      '14 s: raised streamOffline',
      '20 s: cleared streamOffline after 7 s',
    ])
  })
})

describe('a stream that flaps', () => {
  it('gives one issue for all its pauses, and one clearing for the whole time', () => {
    const run = new Run().times(5, present())
    for (let index = 0; index < 20; index += 1) run.silent(2).times(4, present())
    run.times(2, present())
    assert.deepEqual(run.log, [
      '5 s: raised streamStalled',
      '19 s: raised streamFlapping',
      '126 s: cleared streamStalled after 118 s',
    ])
  })

  it('gives one issue when the server ends it again and again', () => {
    const run = new Run().times(5, present())
    for (let index = 0; index < 20; index += 1) run.silent(1, 0.5, 'ended').times(3, present())
    run.times(10, present())
    assert.equal(run.log.filter((line) => line.includes('raised streamOffline')).length, 1)
    assert.equal(run.log.filter((line) => line.includes('cleared')).length, 1)
  })
})

describe('warm-up', () => {
  it('judges no flow while the first burst passes', () => {
    const warming = { warmingUp: true, tracks: { video: null, audio: null }, window: { ...RATES, realtimeRatio: null } }
    const run = new Run().times(5, unknown('connecting')).times(10, present(warming)).times(30, present())
    assert.deepEqual(run.log, [])
  })

  it('does not hide that nothing arrives', () => {
    const run = new Run().times(3, present({ warmingUp: true }))
    run.read(absent('stalled', { warmingUp: true, lastPacketAge: 2 }))
    assert.deepEqual([run.verdict.state, run.types], ['down', ['streamStalled']])
    for (const age of [3, 4, 5, 6]) run.read(absent('stalled', { warmingUp: true, lastPacketAge: age }))
    assert.ok(run.types.includes('streamOffline'))
  })

  it('neither raises nor ends what was active before a publisher began anew', () => {
    const run = new Run().times(4, starved)
    const total = totals({ publisherRestarts: 1 })
    run.times(10, present({ total, warmingUp: true, window: { ...RATES, realtimeRatio: null } }))
    assert.deepEqual(run.types, ['videoIngestionStarved'])
    run.times(6, present({ total }))
    assert.deepEqual(run.types, [])
  })

  it('is unknown until the first measurement: never green by default', () => {
    const run = new Run().times(10, unknown('connecting'))
    assert.deepEqual([run.verdict.state, run.verdict.score], ['unknown', null])
  })
})

describe('an event that is over', () => {
  it('is off, without a score, and every issue ends with its duration', () => {
    const run = new Run().times(4, starved).silent(3)
    assert.equal(run.verdict.state, 'down')
    run.expected = false
    run.silent(1, 5)
    assert.deepEqual([run.verdict.state, run.verdict.score, run.types], ['off', null, []])
    assert.deepEqual(run.log.slice(-2), [
      '7 s: cleared streamStalled after 5 s',
      '7 s: cleared videoIngestionStarved after 7 s',
    ])
  })

  it('raises nothing however long the stream is away', () => {
    const run = new Run().times(5, present())
    run.expected = false
    run.silent(300).times(300, absent('not-found'))
    assert.deepEqual(run.log, [])
  })

  it('still judges media that goes on after the event', () => {
    const run = new Run().times(2, present())
    run.expected = false
    assert.deepEqual(run.times(4, starved).types, ['videoIngestionStarved'])
    assert.equal(run.verdict.state, 'degraded')
  })

  it('ends what only an expected stream can have even while the monitor is blind', () => {
    const run = new Run().times(2, present()).silent(6).times(2, unknown('crashed'))
    assert.deepEqual(run.types, ['streamOffline'])
    run.expected = false
    run.read(unknown('crashed'))
    assert.deepEqual([run.verdict.state, run.types], ['unknown', []])
  })
})

describe('a monitor that is blind', () => {
  it('neither raises nor clears an issue of the stream, and says that it does not measure', () => {
    const run = new Run().times(4, starved).times(60, unknown('killed'))
    assert.equal(run.verdict.state, 'unknown')
    assert.deepEqual(run.types, ['videoIngestionStarved', 'notMeasured'])
    assert.deepEqual(run.log, ['3 s: raised videoIngestionStarved', '9 s: raised notMeasured'])
  })

  it('takes up where it was when it sees again', () => {
    const run = new Run().times(4, starved).times(60, unknown('killed')).times(2, starved).times(6, present())
    assert.deepEqual(run.log.slice(-2), [
      '64 s: cleared notMeasured after 60 s',
      '71 s: cleared videoIngestionStarved after 66 s',
    ])
  })

  it('does not turn half a hold into a whole one', () => {
    const run = new Run().times(3, starved).times(60, unknown('killed')).read(starved).times(10, present())
    assert.deepEqual(
      run.log.filter((line) => line.includes('Starved')),
      [],
    )
  })

  it('takes a stream that died meanwhile for down at once, and offline after 6 s that it saw itself', () => {
    const run = new Run().times(2, present()).times(30, unknown('late')).silent(1, 31)
    assert.equal(run.verdict.state, 'down')
    assert.deepEqual(run.types, ['streamStalled'])
    run.silent(5, 32)
    assert.ok(run.types.includes('streamOffline'))
  })
})

describe('a stream that is down', () => {
  it('keeps what can not be measured meanwhile', () => {
    const run = new Run().read(present({ tracks: { video: true, audio: false } })).silent(30)
    assert.ok(run.types.includes('noAudioStream'))
  })
})
