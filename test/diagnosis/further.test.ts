import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { evidenceOf } from '../../src/diagnosis/evidence.ts'
import type { MonitorPlace, Seen, Situation } from '../../src/diagnosis/situation.ts'
import type { Diagnosis, Location } from '../../src/observation/diagnosis.ts'
import { encoder, host, issue, others, platform, STREAMS, service, situation } from './situations.ts'

const look = (given: Situation): Diagnosis => diagnose(evidenceOf(given), given.monitorAt)

/** Everything is configured, and well. */
const WELL: Partial<Situation> = {
  encoders: [encoder('streaming')],
  hosts: [host('venue', 'up'), host('way', 'up'), host('server', 'up'), host('monitor', 'up')],
  services: [service(null)],
  platforms: [platform('receives')],
  others: others('well', 'well'),
}
/** Nothing but the stream. */
const BARE: Partial<Situation> = {}

interface Row {
  what: string
  at: MonitorPlace
  stream: Seen<'stream'>
  shows: Partial<Situation>
  /** Each is right. */
  truth: readonly Location[]
  /** Whether one of them is to be said; else silence is right, too. */
  isTold: boolean
}

/** Situations that the laboratory does not make: little configured, two faults, late answers. */
const ROWS: readonly Row[] = [
  {
    what: 'RTMP to whatever server is blocked, and echoes pass',
    at: 'venue',
    stream: STREAMS.silent(),
    shows: {
      ...WELL,
      encoders: [encoder('connecting', 0.8)],
      services: [service('timeout')],
      platforms: [platform('waits')],
      others: others('down', 'down'),
    },
    truth: ['uplink', 'venue-network'],
    isTold: true,
  },
  {
    what: 'all that is read is late at once, elsewhere',
    at: 'elsewhere',
    stream: STREAMS.late(),
    shows: { ...WELL, others: others('late', 'late') },
    truth: ['monitor-network'],
    isTold: true,
  },
  {
    what: 'all of one server is late, and another server is on time',
    at: 'elsewhere',
    stream: STREAMS.late(),
    shows: { ...WELL, others: others('late', 'well') },
    truth: ['server'],
    isTold: true,
  },
  {
    what: 'only the interface of the encoder is silent, and its media goes on',
    at: 'venue',
    stream: later(STREAMS.well()),
    shows: { ...WELL, encoders: [encoder('away')] },
    truth: ['encoder', 'venue-network'],
    isTold: true,
  },
  {
    what: 'the API is silent while the picture is black',
    at: 'server',
    stream: STREAMS.troubled('videoBlack'),
    shows: { ...WELL, platforms: [platform('silent')] },
    truth: ['source', 'platform'],
    isTold: true,
  },
  {
    what: 'the uplink is narrow, and nothing but the encoder is watched',
    at: 'venue',
    stream: STREAMS.late(),
    shows: { encoders: [encoder('streaming', 0.8)] },
    truth: ['uplink', 'venue-network'],
    isTold: true,
  },
  {
    what: 'the stream stalls, and nothing else is watched',
    at: 'elsewhere',
    stream: STREAMS.silent(),
    shows: BARE,
    truth: ['uplink'],
    isTold: false,
  },
  {
    what: 'the server refuses, and nothing else is watched',
    at: 'elsewhere',
    stream: STREAMS.refused(),
    shows: BARE,
    truth: ['server'],
    isTold: false,
  },
  {
    what: 'the platform takes nothing, and there are no hosts and no encoder',
    at: 'server',
    stream: STREAMS.well(),
    shows: { platforms: [platform('waits')] },
    truth: ['platform'],
    isTold: true,
  },
  {
    what: 'the encoder is stopped and the API of the platform fails',
    at: 'venue',
    stream: STREAMS.ended(),
    shows: { ...WELL, encoders: [encoder('idle')], platforms: [platform('silent')] },
    truth: ['operator', 'platform'],
    isTold: true,
  },
  {
    what: 'the server loses packets and the microphone is muted',
    at: 'elsewhere',
    stream: STREAMS.troubled('audioSilent'),
    shows: {
      ...WELL,
      hosts: [host('venue', 'up'), host('way', 'up'), host('server', 'lossy', 12), host('monitor', 'up')],
    },
    truth: ['server', 'source'],
    isTold: true,
  },
  {
    what: 'the stream comes and goes, and the cache of the encoder is full',
    at: 'venue',
    stream: STREAMS.troubled('streamFlapping'),
    shows: { ...WELL, encoders: [encoder('streaming', 0.9)], hosts: [host('venue', 'up'), host('way', 'lossy', 9)] },
    truth: ['uplink', 'venue-network'],
    isTold: true,
  },
]

/** Its last packet came after all that is known of the rest. */
function later(stream: Seen<'stream'>): Seen<'stream'> {
  const time = new Date(Date.parse(stream.time) + 2000).toISOString()
  return { ...stream, time, measurements: { ...stream.measurements, lastPacketAge: 0.1 } }
}

const HEALTHY: readonly { what: string; at: MonitorPlace; stream: Seen<'stream'>; shows: Partial<Situation> }[] = [
  { what: 'only the stream is watched', at: 'elsewhere', stream: STREAMS.well(), shows: BARE },
  { what: 'its path has been unusual', at: 'venue', stream: STREAMS.well(), shows: { ...WELL, hosts: [odd()] } },
  {
    what: 'another stream of its server has ended',
    at: 'server',
    stream: STREAMS.well(),
    shows: { ...WELL, others: others('down', 'well') },
  },
  {
    what: 'all others are late',
    at: 'elsewhere',
    stream: STREAMS.well(),
    shows: { ...WELL, others: others('late', 'late') },
  },
  { what: 'nobody answers echoes', at: 'venue', stream: STREAMS.well(), shows: { ...WELL, hosts: [] } },
  {
    what: 'its cache has a little in it',
    at: 'venue',
    stream: STREAMS.well(),
    shows: { ...WELL, encoders: [encoder('streaming', 0.12)] },
  },
]

function odd(): Situation['hosts'][number] {
  const one = host('way', 'up')
  return { ...one, seen: { ...one.seen, issues: [issue('unusual', 'Unusual: a round trip of 80 ms')] } }
}

describe('where the fault is, in further situations', () => {
  for (const { what, at, stream, shows, truth, isTold } of ROWS) {
    it(`is right or not certain when ${what}`, () => {
      const { location, confidence } = look(situation(at, stream, shows))
      const isRight = location !== null && truth.includes(location)
      if (isTold) assert.ok(isRight, `${location}`)
      if (confidence === 'certain') assert.ok(isRight, `${location}`)
    })
  }

  for (const { what, at, stream, shows } of HEALTHY) {
    it(`is not said of a stream that is well, when ${what}`, () => {
      assert.equal(look(situation(at, stream, shows)).location, null)
    })
  }

  it('is not certain while an answer is awaited that could turn it', () => {
    const before = { ...service(null).seen, time: '2026-11-29T09:59:30.000Z' }
    const asked = (services: Situation['services']) =>
      look(situation('venue', STREAMS.silent(), { ...WELL, services, platforms: [], others: others('down', 'well') }))
    const waiting = asked([{ place: 'server', seen: before }])
    assert.deepEqual([waiting.location, waiting.confidence], ['server', 'likely'])
    assert.equal(asked([service('tlsInvalid')]).location, 'name-service')
  })

  it('is held likelier by a way that is not as usual', () => {
    const hosts = (seen: Situation['hosts'][number]) => [host('venue', 'up'), host('monitor', 'up'), seen]
    const late = (seen: Situation['hosts'][number]) =>
      look(situation('venue', STREAMS.late(), { hosts: hosts(seen) })).probability
    assert.ok(late(odd()) > late(host('way', 'up')))
  })
})
