import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { after, beforeEach, describe, it } from 'node:test'
import { memberSeries, toldElsewhereSeries } from '../../src/incidents/metrics.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import { diagnosis, START, target, World } from './world.ts'

let world = new World()
beforeEach(() => {
  world.end()
  world = new World()
})
after(() => world.end())

const CHAIN = [
  target('ping', 'gateway'),
  target('encoder', 'camera', { dependsOn: ['gateway'] }),
  target('stream', 'main', { dependsOn: ['camera'], platform: 'event', host: 'a' }),
  target('platform', 'event'),
]

/** Nothing is said. */
const NOWHERE: Diagnosis = {
  ...{ location: null, cause: null, confidence: null, probability: 0.3, says: '' },
  ...{ evidenceFor: [], evidenceAgainst: [], wouldDecide: null, remedy: [] },
}

describe('one fault', () => {
  it('is told once when it opens and once when it is over, with everything that fires of it', () => {
    world.targets = CHAIN
    world.fire('stream', 'main', 'streamOffline')
    world.fire('encoder', 'camera', 'encoderInterrupted', { isTold: false, severity: 'warning' })
    world.tick()
    world.pass(5)
    world.fire('platform', 'event', 'platformNotReceiving')
    world.pass(30)
    world.clearAll()
    world.pass(19)
    assert.deepEqual(world.toldPeople, ['opened'])
    world.pass(2)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
    const [first] = world.sent
    assert.deepEqual(
      first?.members.map(({ kind, target: name, severity }) => `${kind} ${name} ${severity}`),
      ['stream main critical', 'encoder camera warning'],
    )
    const ended = world.sent.at(-1)
    assert.equal(ended?.endsAt, new Date(world.at - 21_000).toISOString())
    assert.equal(ended?.endedBy, 'cleared')
    assert.deepEqual(world.ended, ['critical unknown'])
  })

  it('opens with an alert of which people are to know, and not with one that is muted or waits', () => {
    world.fire('stream', 'main', 'streamOffline', { isTold: false })
    world.pass(3)
    assert.deepEqual(world.open, [])
  })

  it('that is over before anybody looked is told all the same', () => {
    const id = world.fire('stream', 'main', 'streamOffline')
    world.clear(id)
    world.pass(25)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
  })

  it('of fifty streams whose server dies is one, from the first alert on', () => {
    world.targets = Array.from({ length: 50 }, (_, n) => target('stream', `s${n}`, { host: 'relay' }))
    world.down = new Set(world.targets.map(({ name }) => `stream ${name}`))
    for (const [index, { name }] of world.targets.entries()) {
      world.fire('stream', name, 'streamOffline', { diagnosis: diagnosis('server') })
      world.tick()
      if (index % 10 === 9) world.pass(1)
    }
    assert.deepEqual(world.toldPeople, ['opened'])
    assert.equal(world.open.length, 1)
    assert.equal(world.open[0]?.members.length, 50)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
  })

  it('of a thousand streams is one, and each look at it is quick', () => {
    world.targets = Array.from({ length: 1000 }, (_, n) => target('stream', `s${n}`, { host: 'relay' }))
    for (const { name } of world.targets)
      world.fire('stream', name, 'streamOffline', { diagnosis: diagnosis('server') })
    world.tick()
    const began = performance.now()
    world.pass(5)
    const each = (performance.now() - began) / 5
    assert.deepEqual(world.toldPeople, ['opened'])
    assert.equal(world.open[0]?.members.length, 1000)
    assert.ok(each < 500, `${each.toFixed(0)} ms, expected below 500 on a busy machine`)
  })

  it('of two that turn out to be one: the older goes on, the younger ends without a word', () => {
    world.targets = [...CHAIN, target('stream', 'second', { dependsOn: ['gateway'], host: 'b' })]
    world.fire('stream', 'main', 'streamOffline')
    world.pass(5)
    world.fire('stream', 'second', 'streamOffline')
    world.pass(5)
    assert.equal(world.open.length, 2)
    world.fire('ping', 'gateway', 'hostUnreachable')
    world.pass(5)
    assert.equal(world.open.length, 1)
    assert.deepEqual(world.toldPeople, ['opened', 'opened'])
    const merged = world.sent.find(({ change }) => change === 'merged')
    assert.equal(merged?.mergedInto, world.open[0]?.id)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'opened', 'ended'])
  })

  it('that comes back keeps the cause that each of its outages had', () => {
    const first = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('server') })
    world.pass(10)
    world.clear(first)
    world.pass(60)
    const second = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('uplink') })
    world.pass(15)
    const [open] = world.open
    assert.deepEqual(
      open?.assessments?.map((each) => [(Date.parse(each.time) - START) / 1000, each.diagnosis.location]),
      [
        [1, 'server'],
        [71, 'server'],
        [74, 'uplink'],
      ],
    )
    world.restart()
    assert.deepEqual(world.open[0]?.assessments, open?.assessments)
    world.clear(second)
    world.pass(60)
    assert.deepEqual(world.sent.at(-1)?.assessments, open?.assessments)
  })

  it('keeps no cause of which people were not told before the fault went away', () => {
    const offline = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('server') })
    const ingest = world.fire('platform', 'event', 'ingestNotReceiving', { diagnosis: diagnosis('server') })
    world.targets = [target('stream', 'main', { platform: 'event' }), target('platform', 'event')]
    world.pass(10)
    for (const id of [offline, ingest]) world.say(id, { diagnosis: diagnosis('platform') })
    world.pass(5)
    world.clear(offline)
    world.pass(5)
    assert.deepEqual(
      world.open[0]?.assessments?.map((each) => each.diagnosis.location),
      ['server'],
    )
  })

  it('says why it ended where the last that went wrong was too short to be told of, and where Prometheus tells', () => {
    const offline = world.fire('stream', 'main', 'streamOffline')
    world.pass(10)
    world.clear(offline)
    world.pass(5)
    world.told.delete(offline)
    const again = world.fire('stream', 'main', 'streamOffline', { isTold: false })
    world.pass(2)
    world.clear(again)
    world.pass(30)
    assert.equal(world.sent.at(-1)?.endedBy, 'cleared')
    world.comesByMessage = false
    world.pass(200)
    world.clear(world.fire('stream', 'other', 'streamOffline'), 'not-expected')
    const quiet = world.fire('stream', 'other', 'streamStalled')
    world.pass(3)
    world.clear(quiet, 'not-expected')
    world.pass(30)
    assert.equal(world.sent.at(-1)?.endedBy, 'not-expected')
  })

  it('opens again with the same id when its target fails again within two minutes, and not later', () => {
    const first = world.fire('stream', 'main', 'streamOffline')
    world.tick()
    const [{ id } = { id: '' }] = world.open
    world.clear(first)
    world.pass(60)
    world.clear(world.fire('stream', 'main', 'streamStalled'))
    world.tick()
    assert.equal(world.open[0]?.id, id)
    assert.deepEqual(world.toldPeople, ['opened', 'ended', 'opened again'])
    world.pass(160)
    world.fire('stream', 'main', 'streamOffline')
    world.tick()
    assert.notEqual(world.open[0]?.id, id)
    assert.deepEqual(world.ended, ['critical unknown'])
  })

  it('goes on where an alert is superseded by one that says more', () => {
    const stalled = world.fire('stream', 'main', 'streamStalled', { diagnosis: diagnosis('uplink') })
    world.pass(2)
    world.clear(stalled, 'superseded')
    world.fire('stream', 'main', 'streamOffline', { supersedes: [stalled], diagnosis: diagnosis('uplink') })
    world.pass(2)
    assert.deepEqual(world.toldPeople, ['opened'])
    assert.deepEqual(world.open[0]?.members[0]?.alerts, ['HmonitorStreamOffline'])
    assert.equal(world.record.isReceding, false)
  })
})

describe('the probable cause', () => {
  it('is corrected once, when another location has lasted', () => {
    const id = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('server') })
    world.pass(2)
    world.say(id, { diagnosis: diagnosis('encoder') })
    world.pass(2)
    assert.equal(world.open[0]?.diagnosis?.location, 'server')
    world.pass(2)
    assert.equal(world.open[0]?.diagnosis?.location, 'encoder')
    assert.deepEqual(world.toldPeople, ['opened'])
    world.pass(60)
    assert.deepEqual(world.toldPeople, ['opened', 'changed location'])
    const told = world.sent.find(({ change }) => change === 'changed')
    assert.equal(told?.correctedFrom, 'server')
    assert.deepEqual(told?.remedy, ['Look at the encoder.'])
  })

  it('is not led by a cause that says nothing is wrong with a stream which is gone', () => {
    const api: Diagnosis = { ...diagnosis('platform'), cause: 'platformApi' }
    world.targets = [target('stream', 'main', { platform: 'event' }), target('platform', 'event')]
    world.fire('platform', 'event', 'platformUnreachable', { severity: 'warning', diagnosis: api })
    world.pass(1)
    assert.equal(world.open[0]?.diagnosis?.cause, 'platformApi')
    world.fire('stream', 'main', 'streamOffline', { diagnosis: NOWHERE })
    world.pass(30)
    assert.equal(world.open[0]?.diagnosis?.location ?? null, null)
  })

  it('that comes and goes is not told', () => {
    const id = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('server') })
    world.pass(2)
    for (let turn = 0; turn < 20; turn += 1) {
      world.say(id, { diagnosis: diagnosis(turn % 2 === 0 ? 'encoder' : 'server') })
      world.pass(2)
    }
    assert.deepEqual(world.toldPeople, ['opened'])
  })

  it('that cannot be found any more stays, less sure, and is counted with the incident', () => {
    const id = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('uplink') })
    world.pass(5)
    world.restart()
    world.say(id, { diagnosis: NOWHERE })
    world.pass(60)
    const [{ diagnosis: found } = { diagnosis: null }] = world.open
    assert.deepEqual([found?.location, found?.confidence], ['uplink', 'possible'])
    assert.equal(world.open[0]?.timeline.filter(({ event }) => event === 'assessed').length, 2)
    world.say(id, { diagnosis: diagnosis('uplink') })
    world.pass(5)
    assert.equal(world.open[0]?.diagnosis?.confidence, 'certain')
    world.say(id, { diagnosis: diagnosis('encoder') })
    world.pass(15)
    assert.equal(world.open[0]?.diagnosis?.location, 'encoder')
    world.say(id, { diagnosis: NOWHERE })
    world.pass(5)
    world.clear(id)
    world.pass(30)
    assert.deepEqual(world.ended, ['critical encoder'])
  })

  it('stays what it was while the fault goes away', () => {
    world.targets = CHAIN
    const stream = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('encoder') })
    const platform = world.fire('platform', 'event', 'platformNotReceiving', { diagnosis: diagnosis('encoder') })
    world.pass(5)
    world.clear(stream)
    world.say(platform, { diagnosis: diagnosis('platform') })
    world.pass(60)
    assert.equal(world.open[0]?.diagnosis?.location, 'encoder')
    assert.deepEqual(world.toldPeople, ['opened'])
  })

  it('is not corrected by what recovers first', () => {
    world.targets = CHAIN
    const stream = world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('encoder') })
    const platform = world.fire('platform', 'event', 'platformNotReceiving', { diagnosis: diagnosis('encoder') })
    world.pass(30)
    for (const id of [stream, platform]) world.say(id, { diagnosis: diagnosis('platform') })
    world.pass(5)
    assert.equal(world.open[0]?.diagnosis?.location, 'platform')
    world.clear(stream)
    world.pass(15)
    assert.equal(world.open[0]?.diagnosis?.location, 'encoder')
    world.clear(platform)
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
    assert.deepEqual(world.ended, ['critical encoder'])
  })

  it('is that which explains most', () => {
    world.targets = Array.from({ length: 5 }, (_, n) => target('stream', `s${n}`, { host: 'relay' }))
    world.fire('stream', 's0', 'streamOffline', { diagnosis: diagnosis('encoder') })
    for (const n of [1, 2, 3])
      world.fire('stream', `s${n}`, 'streamOffline', { diagnosis: diagnosis('server', 'likely') })
    world.tick()
    assert.equal(world.open[0]?.diagnosis?.location, 'server')
  })

  it('brings its own steps only where it is sure enough', () => {
    world.fire('stream', 'main', 'streamOffline', { diagnosis: diagnosis('server', 'possible') })
    world.tick()
    assert.deepEqual(world.open[0]?.remedy, ['Look at main.'])
  })
})

describe('people', () => {
  it('are told when it becomes critical, and not again', () => {
    world.fire('stream', 'main', 'bitrateLow', { severity: 'warning' })
    world.pass(3)
    world.fire('stream', 'main', 'streamOffline', { isTold: false })
    world.pass(3)
    assert.deepEqual(world.toldPeople, ['opened'])
    assert.equal(world.open[0]?.severity, 'critical')
    world.fire('stream', 'main', 'streamOffline')
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'changed severity'])
  })

  it('are reminded every four hours of what nobody has acknowledged', () => {
    world.fire('stream', 'main', 'streamOffline')
    world.tick()
    world.sleep(4)
    assert.deepEqual(world.toldPeople, ['opened', 'repeated'])
    world.incidents.command({ action: 'acknowledge', id: world.open[0]?.id ?? '', by: 'Anna' })
    world.sleep(4)
    assert.deepEqual(world.toldPeople, ['opened', 'repeated'])
    assert.equal(world.open[0]?.acknowledgedBy, 'Anna')
    assert.equal(world.passedOn.length, 1)
  })

  it('who have acknowledged all its alerts one by one are not reminded', () => {
    const id = world.fire('stream', 'main', 'streamOffline')
    world.tick()
    world.say(id, { acknowledgedBy: 'Anna' }, 'acknowledged')
    world.sleep(4)
    assert.deepEqual(world.toldPeople, ['opened'])
  })

  it('hear nothing of it while it is silenced', () => {
    world.fire('stream', 'main', 'bitrateLow', { severity: 'warning' })
    world.tick()
    world.incidents.command({ action: 'silence', id: world.open[0]?.id ?? '', by: 'Anna', until: world.at + 600_000 })
    world.fire('stream', 'main', 'streamOffline')
    world.pass(5)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened'])
    assert.throws(() => world.incidents.command({ action: 'unsilence', id: 'none', by: '' }), /No incident/)
  })

  it('are told which of its targets are silenced elsewhere, also when it is over', () => {
    world.targets = CHAIN
    const id = world.fire('stream', 'main', 'streamOffline')
    world.fire('platform', 'event', 'platformNotReceiving')
    const silencedUntil = new Date(world.at + 600_000).toISOString()
    world.say(id, { silencedUntil })
    world.tick()
    const silent = () =>
      world.sent
        .at(-1)
        ?.members.filter((one) => one.silencedUntil === silencedUntil)
        .map(({ target: name }) => name)
    assert.deepEqual(silent(), ['main'])
    const values = memberSeries(world.open).map(({ labels, value }) => [labels.target, value])
    assert.deepEqual(Object.fromEntries(values), { main: 0, event: 1 })
    world.pass(30)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
    assert.deepEqual(silent(), ['main'])
  })

  it('are not told by the monitor of what came by webhook alone: who said it tells them', () => {
    world.foreign.add(world.fire('monitor', 'hall', 'monitorDown', { via: 'alertmanager' }))
    world.tick()
    assert.deepEqual([world.open.length, world.incidents.judged.length], [1, 0])
    const own = world.fire('stream', 'main', 'streamOffline', { via: 'alertmanager' })
    world.tick()
    assert.deepEqual(
      world.incidents.judged.map(({ members }) => members.map(({ kind }) => kind)),
      [['stream']],
    )
    world.clear(own)
    world.pass(10)
    assert.equal(world.incidents.judged.length, 1)
    world.pass(15)
    assert.deepEqual([world.open.length, world.incidents.judged.length], [1, 0])
  })

  it('are told by the monitor alone where no Alertmanager answers: the rules need not', () => {
    world.fire('stream', 'main', 'streamOffline', { via: 'alertmanager' })
    world.tick()
    assert.deepEqual(toldElsewhereSeries(world.open), [])
    world.clearAll()
    world.pass(30)
    world.fire('stream', 'backup', 'streamOffline')
    world.tick()
    assert.deepEqual(
      toldElsewhereSeries(world.open).map(({ labels }) => labels.incident),
      world.open.map(({ id }) => id),
    )
  })

  it('may write into its time line, even when it has ended', () => {
    world.clear(world.fire('stream', 'main', 'streamOffline'))
    world.pass(30)
    const [{ id } = { id: '' }] = world.incidents.list
    world.incidents.command({ action: 'note', id, by: 'Anna', text: 'Cable replaced' })
    assert.deepEqual(
      world.incidents.list[0]?.timeline.map(({ event }) => event),
      ['opened', 'notified', 'ended', 'notified', 'noted'],
    )
    assert.deepEqual(
      world.events.map(({ event }) => event),
      ['opened', 'notified', 'ended', 'notified', 'noted'],
    )
  })

  it('who are told by an Alertmanager are told by notify when it does not answer any more', () => {
    const id = world.fire('stream', 'main', 'streamOffline', { via: 'alertmanager' })
    world.pass(20)
    assert.deepEqual(world.toldPeople, [])
    assert.equal(world.sent[0]?.change, 'opened')
    world.say(id, { via: 'notify' }, 'firing')
    world.pass(3)
    assert.deepEqual(world.toldPeople, ['opened'])
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
  })

  it('are told by Prometheus of what it finds: it is an incident, and notify is not given it', () => {
    world.comesByMessage = false
    world.fire('stream', 'main', 'streamOffline')
    world.tick()
    assert.equal(world.open.length, 1)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(
      world.sent.map(({ change, via }) => `${change} ${via}`).filter((said) => !said.startsWith('updated')),
      ['opened alertmanager', 'ended alertmanager'],
    )
  })

  it('are not told that something is fine of which nothing is known', () => {
    world.clear(world.fire('stream', 'main', 'streamOffline'), 'not-expected')
    world.pass(30)
    assert.equal(world.sent.at(-1)?.endedBy, 'not-expected')
  })

  it('can route by labels that all its targets have alike', () => {
    world.targets = CHAIN
    world.fire('stream', 'main', 'streamOffline', { labels: { notify: 'email', programme: 'a' } })
    world.fire('platform', 'event', 'platformNotReceiving', { labels: { notify: 'email' } })
    world.tick()
    assert.deepEqual(world.open[0]?.labels, { notify: 'email' })
  })
})

describe('a restart', () => {
  it('in mid-incident loses nothing and says nothing twice', () => {
    const id = world.fire('stream', 'main', 'streamOffline')
    world.tick()
    const [before] = world.open
    world.restart()
    const again = world.sent.splice(1)
    assert.deepEqual(again, [world.sent[0]], 'what was just sent comes once more, with the same key')
    world.pass(30)
    assert.equal(world.open[0]?.id, before?.id)
    assert.deepEqual(world.toldPeople, ['opened'])
    world.clear(id)
    world.pass(10)
    world.restart()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
  })

  it('tells of an alert that came while nobody was there', () => {
    world.fire('stream', 'main', 'streamOffline', { isTold: false })
    world.tick()
    world.restart()
    world.fire('stream', 'main', 'streamOffline')
    world.pass(2)
    assert.deepEqual(world.toldPeople, ['opened'])
  })

  it('without a book takes up what people know, and tells them when it is over', () => {
    const id = world.fire('stream', 'main', 'streamOffline')
    world.tick()
    world.sent.length = 0
    rmSync(world.path)
    world.restart()
    world.pass(3)
    assert.deepEqual(world.toldPeople, [])
    assert.equal(world.open.length, 1)
    world.clear(id)
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['ended'])
  })

  it('with a damaged book puts it aside and goes on', () => {
    world.fire('stream', 'main', 'streamOffline')
    world.tick()
    writeFileSync(world.path, '{"version": 1, "rec')
    world.restart()
    world.pass(3)
    assert.equal(world.damaged.length, 1)
    assert.equal(world.open.length, 1)
  })
})

describe('a clock that is set', () => {
  it('an hour back or forth ends nothing early and nothing late', () => {
    for (const step of [-3_600_000, 3_600_000]) {
      world.end()
      world = new World()
      const id = world.fire('stream', 'main', 'streamOffline')
      world.pass(5)
      world.clear(id)
      world.pass(5)
      world.at += step
      world.pass(10)
      assert.equal(world.open.length, 1, `${step}`)
      world.pass(20)
      assert.equal(world.open.length, 0, `${step}`)
    }
  })
})
