import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { type Evidence, evidenceOf } from '../../src/diagnosis/evidence.ts'
import { NO_MEMORY, recall } from '../../src/diagnosis/memory.ts'
import type { MonitorPlace, Seen, Situation } from '../../src/diagnosis/situation.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import { encoder, host, others, platform, STREAMS, service, situation } from './situations.ts'

const WELL: Partial<Situation> = {
  encoders: [encoder('streaming')],
  hosts: [host('venue', 'up'), host('server', 'up'), host('way', 'up'), host('monitor', 'up')],
  services: [service(null)],
  platforms: [platform('receives')],
  others: others('well', 'well'),
}

/** The encoder says that it streams, and that nothing leaves it; its cache is empty. */
function makesNothing(): Seen<'encoder'> {
  const seen = encoder('streaming', 0)
  return { ...seen, measurements: { ...seen.measurements, bytesPerSecond: 0 } }
}

/** Media stalled a while ago, so that all that is known is of since then. */
function stalled(shows: Partial<Situation>): Situation {
  return situation('venue', STREAMS.silent(), { ...WELL, platforms: [], ...shows })
}
const flows = (shows: Partial<Situation> = {}, at: MonitorPlace = 'venue') =>
  situation(at, STREAMS.well(), { ...WELL, ...shows })

/** What is said of each, so many seconds after the first. */
function told(seen: readonly (readonly [at: number, shows: Situation])[]): Diagnosis[] {
  let memory = NO_MEMORY
  return seen.map(([at, shows]) => {
    const now = recall(memory, evidenceOf(shows), at)
    memory = now.memory
    return diagnose(now.evidence, shows.monitorAt)
  })
}

describe('what was seen before in the same incident', () => {
  it('counts while the stream is well for a moment: an encoder that gets no time makes nothing now and then', () => {
    const said = told([
      [0, stalled({ encoders: [makesNothing()] })],
      [3, flows()],
      [5, stalled({ encoders: [makesNothing()] })],
      [8, flows()],
    ])
    assert.deepEqual(
      said.map(({ location }) => location),
      ['encoder', 'encoder', 'encoder', 'encoder'],
    )
    assert.ok(said[1]?.evidenceFor.some((clause) => clause.includes('until a moment ago')))
  })

  it('tells an encoder that answers again from one that is dead', () => {
    const [dead, back] = told([
      [0, stalled({ encoders: [encoder('away')] })],
      [4, flows()],
    ])
    assert.equal(dead?.cause, 'encoderDead')
    assert.notEqual(back?.cause, 'encoderDead')
    assert.notEqual(back?.confidence, 'certain')
  })

  it('is forgotten after a minute without it', () => {
    const said = told([
      [0, stalled({ encoders: [makesNothing()] })],
      [62, flows()],
    ])
    assert.equal(said[1]?.location, null)
  })

  it('leaves an empty cache its word about media that came back and stays late now', () => {
    const shows = { encoders: [encoder('streaming', 0)] }
    const [, late] = told([
      [0, stalled({ ...shows, encoders: [encoder('streaming', null)] })],
      [3, situation('venue', STREAMS.late(), { ...WELL, ...shows })],
    ])
    assert.equal(late?.cause, 'serverForwards')
    const [, onTime] = told([
      [0, stalled({ ...shows, encoders: [encoder('streaming', null)] })],
      [3, flows(shows)],
    ])
    assert.notEqual(onTime?.location, 'server')
  })

  it('is not what somebody has begun again: a stop that is over is none', () => {
    const said = told([
      [0, stalled({ encoders: [encoder('idle')] })],
      [20, flows()],
    ])
    assert.equal(said[0]?.location, 'operator')
    assert.notEqual(said[1]?.location, 'operator')
  })

  it('stays known of the time without media while it is asked anew, and is no answer to what was never asked', () => {
    const before = evidenceOf(stalled({}))
    assert.equal(before.wayIsClean.verdict, 'good')
    const unanswered: Evidence = { ...before, wayIsClean: { verdict: 'unknown', says: '' } }
    const { memory } = recall(NO_MEMORY, before, 0)
    assert.equal(recall(memory, unanswered, 5).evidence.wayIsClean.verdict, 'good')
    assert.equal(recall(NO_MEMORY, unanswered, 5).evidence.wayIsClean.verdict, 'unknown')
  })

  it('is of media that comes and goes from its second going on, and an absence that ends is none', () => {
    let memory = NO_MEMORY
    const steady = [stalled({}), flows(), stalled({})].map((shows, index) => {
      const now = recall(memory, evidenceOf(shows), index * 4)
      memory = now.memory
      return now.evidence.flowsSteadily.verdict
    })
    assert.deepEqual(steady, ['unknown', 'unknown', 'bad'])
  })
})
