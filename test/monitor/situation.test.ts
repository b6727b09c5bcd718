import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Seen } from '../../src/diagnosis/situation.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Links } from '../../src/monitor/directory.ts'
import { diagnosisOf, situationOf } from '../../src/monitor/situation.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Kind, MeasurementsOf } from '../../src/observation/observation.ts'
import { encoder, host, platform, STREAMS, service } from '../diagnosis/situations.ts'

describe('what a monitor knows of a stream that is in trouble', () => {
  let state: MonitorState
  /** Seconds. */
  let at = 0
  beforeEach(() => {
    at = 0
    state = new MonitorState('situation', KINDS, { wall: () => at * 1000, monotonic: () => at })
  })

  function watched<K extends Kind>(kind: K, name: string, seen: Seen<K> | null, links: Partial<Links> = {}): void {
    state.directory.enter(kind, name, 'node', 1, links)
    if (seen !== null) state.newest.put({ ...seen, target: name } as Seen<Kind> & { measurements: MeasurementsOf[K] })
  }

  /** A venue with a relay in another network, as a file of targets describes it. */
  function venue(stream: Seen<'stream'> | null): void {
    watched('stream', 'main', stream, { host: 'relay.example', dependsOn: ['encoder', 'ingest'], platform: 'vimeo' })
    watched('stream', 'other', STREAMS.unseen(), { host: 'relay.example' })
    watched('stream', 'elsewhere', STREAMS.unseen(), { host: 'another.example' })
    watched('encoder', 'encoder', encoder('streaming'), { host: '192.168.1.20', dependsOn: ['switch'] })
    watched('ping', 'switch', host('venue', 'up').seen, { host: '192.168.1.1' })
    watched('ping', 'relay', host('server', 'up').seen, { host: 'relay.example' })
    watched('ping', 'resolver', host('monitor', 'up').seen, { host: '9.9.9.9', control: true })
    watched('ping', 'printer', host('way', 'down').seen, { host: '192.168.1.9' })
    watched('service', 'ingest', service(null).seen, { host: 'relay.example' })
    watched('platform', 'vimeo', platform('receives'))
  }

  it('is where everything stands, by what depends on it and by its address', () => {
    venue(STREAMS.ended())
    const found = situationOf(state, 'main')
    assert.ok(found !== null)
    assert.deepEqual(
      found.hosts.map(({ place, seen }) => [seen.target, place]),
      [
        ['switch', 'venue'],
        ['relay', 'server'],
        ['resolver', 'monitor'],
      ],
      'the printer has nothing to do with it',
    )
    assert.deepEqual(
      found.services.map(({ place, seen }) => [seen.target, place]),
      [['ingest', 'server']],
    )
    assert.deepEqual(
      found.encoders.map(({ target }) => target),
      ['encoder'],
    )
    assert.deepEqual(
      found.platforms.map(({ target }) => target),
      ['vimeo'],
    )
    const well = { known: 1, well: 1, late: 0, down: 0 }
    assert.deepEqual(found.others, { onServer: well, elsewhere: well })
  })

  it('is said to be seen from the venue where the encoder is on a private network, and from the server beside it', () => {
    venue(STREAMS.ended())
    assert.equal(situationOf(state, 'main')?.monitorAt, 'venue')
    watched('stream', 'local', STREAMS.ended(), { host: '127.0.0.1' })
    assert.equal(situationOf(state, 'local')?.monitorAt, 'server')
    assert.equal(situationOf(state, 'elsewhere')?.monitorAt, 'elsewhere')
  })

  it('is what the user says of a place, before what its address tells', () => {
    venue(STREAMS.ended())
    watched('ping', 'modem', host('way', 'up').seen, { host: '192.168.1.254', at: 'venue' })
    assert.ok(situationOf(state, 'main')?.hosts.some(({ place, seen }) => seen.target === 'modem' && place === 'venue'))
  })

  it('is not what stands at another venue', () => {
    venue(STREAMS.ended())
    watched('stream', 'far', STREAMS.ended(), { host: 'relay.example', dependsOn: ['far modem'] })
    watched('ping', 'far modem', host('venue', 'up').seen, { host: '10.0.0.1', at: 'venue' })
    const places = (stream: string) =>
      situationOf(state, stream)?.hosts.flatMap(({ place, seen }) => (seen.target === 'far modem' ? [place] : []))
    assert.deepEqual([places('main'), places('far')], [[], ['venue']])
  })

  it('follows what is watched, what is seen, and what grows stale', () => {
    venue(STREAMS.ended())
    assert.deepEqual(situationOf(state, 'main')?.others.onServer, { known: 1, well: 1, late: 0, down: 0 })
    watched('stream', 'other', STREAMS.ended(), { host: 'relay.example' })
    assert.deepEqual(situationOf(state, 'main')?.others.onServer, { known: 1, well: 0, late: 0, down: 1 })
    state.directory.leave('stream', 'other', 'node')
    assert.deepEqual(situationOf(state, 'main')?.others.onServer, { known: 0, well: 0, late: 0, down: 0 })
    watched('encoder', 'encoder', encoder('streaming'), { host: '192.168.1.20' })
    assert.ok(
      !situationOf(state, 'main')?.hosts.some(({ place }) => place === 'venue'),
      'the switch is not named any more',
    )
  })

  it('counts a gateway that is a control host for both', () => {
    watched('stream', 'main', STREAMS.ended(), { host: 'relay.example', dependsOn: ['gateway'] })
    watched('ping', 'gateway', host('venue', 'up').seen, { host: '192.168.1.1', control: true, at: 'venue' })
    const places = situationOf(state, 'main')?.hosts.map(({ place }) => place)
    assert.deepEqual(places, ['monitor', 'venue'])
  })

  it('is nothing while nothing has been seen of it, and ends in a circle of dependencies', () => {
    venue(null)
    assert.equal(situationOf(state, 'main'), null)
    assert.equal(situationOf(state, 'nobody'), null)
    watched('stream', 'snake', STREAMS.ended(), { dependsOn: ['tail'], host: 'a.example' })
    watched('ping', 'tail', host('way', 'up').seen, { dependsOn: ['snake'], host: 'b.example' })
    assert.ok(situationOf(state, 'snake')?.hosts.some(({ seen }) => seen.target === 'tail'))
  })

  it('tells of a host what it tells of the stream that needs it and is worst off', () => {
    venue(STREAMS.unseen())
    watched('stream', 'second', STREAMS.closedDoor(), { host: 'relay.example', dependsOn: ['ingest'] })
    watched('service', 'ingest', service('refused').seen, { host: 'relay.example' })
    watched('stream', 'other', STREAMS.ended(), { host: 'relay.example' })
    watched('stream', 'main', STREAMS.closedDoor(), { host: 'relay.example', dependsOn: ['encoder', 'ingest'] })
    assert.equal(diagnosisOf(state, 'service', 'ingest')?.location, 'server')
    assert.equal(diagnosisOf(state, 'ping', 'printer'), null, 'no stream needs it')
  })

  it('is asked anew at once where the stream or what it needs has changed, and else once in some seconds', () => {
    venue(STREAMS.ended())
    const first = diagnosisOf(state, 'stream', 'main')
    watched('stream', 'other', STREAMS.ended(), { host: 'relay.example' })
    const second = diagnosisOf(state, 'stream', 'main')
    assert.notEqual(second, first, 'what is watched has changed')
    const again = (kind: Kind, seen: Seen<Kind>, target: string) => state.newest.put({ ...seen, kind, target })
    at += 1
    again('stream', STREAMS.ended(), 'main')
    assert.equal(diagnosisOf(state, 'stream', 'main'), second)
    again('encoder', encoder('away'), 'encoder')
    const third = diagnosisOf(state, 'stream', 'main')
    assert.notEqual(third, second, 'its encoder is away')
    again('encoder', { ...encoder('away'), sequence: 2 }, 'encoder')
    const fourth = diagnosisOf(state, 'stream', 'main')
    assert.notEqual(fourth, third, 'its encoder was asked once more')
    at += 5
    again('stream', STREAMS.ended(), 'main')
    assert.notEqual(diagnosisOf(state, 'stream', 'main'), fourth)
  })

  it('remembers for a while what was bad, and not once the event is over', () => {
    venue(STREAMS.ended())
    const again = (kind: Kind, seen: Seen<Kind>, target: string) => state.newest.put({ ...seen, kind, target })
    const reasons = () => diagnosisOf(state, 'encoder', 'encoder')?.evidenceFor.join('; ') ?? ''
    again('encoder', encoder('interrupted'), 'encoder')
    assert.match(reasons(), /streamOffline/)
    at += 1
    again('stream', { ...STREAMS.ended(), state: 'off', issues: [] }, 'main')
    again('encoder', encoder('interrupted'), 'encoder')
    assert.doesNotMatch(reasons(), /streamOffline/)
  })

  it('of a thousand streams is not asked anew with each answer', () => {
    venue(STREAMS.ended())
    for (let more = 0; more < 100; more++) watched('stream', `more-${more}`, null)
    const first = diagnosisOf(state, 'stream', 'main')
    state.newest.put({ ...encoder('streaming'), sequence: 2, target: 'encoder' })
    assert.equal(diagnosisOf(state, 'stream', 'main'), first)
  })

  it('counts the other streams anew when what was fresh has grown stale', () => {
    venue(STREAMS.ended())
    assert.equal(situationOf(state, 'main')?.others.elsewhere.well, 1)
    at += 5.5
    watched('stream', 'main', STREAMS.ended(), { host: 'relay.example' })
    assert.deepEqual(situationOf(state, 'main')?.others.elsewhere, { known: 0, well: 0, late: 0, down: 0 })
  })
})
