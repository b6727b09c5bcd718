import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Seen } from '../../src/diagnosis/situation.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Links } from '../../src/monitor/directory.ts'
import { diagnosisOf, situationOf } from '../../src/monitor/situation.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Kind, MeasurementsOf } from '../../src/observation/observation.ts'
import { encoder, host, other, platform, STREAMS, service } from '../diagnosis/situations.ts'

describe('what a monitor knows of a stream that is in trouble', () => {
  let state: MonitorState
  beforeEach(() => {
    state = new MonitorState('situation', KINDS)
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
    assert.deepEqual(
      found.others.map(({ sameServer, seen }) => [seen.target, sameServer]),
      [
        ['other', true],
        ['elsewhere', false],
      ],
    )
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
    watched('stream', 'other', other(true, false).seen, { host: 'relay.example' })
    watched('stream', 'main', STREAMS.closedDoor(), { host: 'relay.example', dependsOn: ['encoder', 'ingest'] })
    assert.equal(diagnosisOf(state, 'service', 'ingest')?.location, 'server')
    assert.equal(diagnosisOf(state, 'ping', 'printer'), null, 'no stream needs it')
  })
})
