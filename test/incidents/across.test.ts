import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { type Across, ALONE } from '../../src/incidents/across.ts'
import { target, World } from './world.ts'

let world = new World()
let across: Across = ALONE
beforeEach(() => {
  world.end()
  world = new World()
  world.targets = [target('ping', 'gateway')]
  across = ALONE
  world.across = () => across
})
after(() => world.end())

const FOLLOWED: Across = { ...ALONE, role: 'followed', toldBy: 'hall-0' }
const fire = () => world.fire('ping', 'gateway', 'hostDown')

describe('an incident that other monitors see, too', () => {
  it('is not told before they have been asked, and at once then', () => {
    across = { ...ALONE, role: 'waits', toldBy: 'hall-1' }
    fire()
    world.tick()
    assert.deepEqual(world.toldPeople, [])
    across = ALONE
    world.tick()
    assert.deepEqual(world.toldPeople, ['opened'])
  })

  it('is told by one of them, and its time line says by which, once', () => {
    across = FOLLOWED
    fire()
    world.pass(5)
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, [])
    const [incident] = world.incidents.list
    assert.equal(incident?.status, 'ended')
    const says = incident?.timeline.filter((entry) => entry.says.startsWith('hall-0 tells people of it')) ?? []
    assert.equal(says.length, 1)
  })

  it('is told with what is affected elsewhere', () => {
    const [member] = [{ ...{ kind: 'stream', target: 'b', severity: 'critical' as const, status: 'firing' as const } }]
    across = { ...ALONE, members: [{ ...member, since: '', alerts: [], summary: 'off' }] }
    fire()
    world.tick()
    assert.deepEqual(
      world.sent.find(({ change }) => change === 'opened')?.members.map(({ target }) => target),
      ['gateway', 'b'],
    )
  })

  it('is over when it is over everywhere', () => {
    fire()
    world.tick()
    across = { ...ALONE, firesElsewhere: true }
    world.clearAll()
    world.pass(60)
    assert.deepEqual(world.toldPeople, ['opened'])
    across = ALONE
    world.tick()
    assert.deepEqual(world.toldPeople, ['opened', 'ended'])
  })

  it('shows who tells people, and where that is this monitor what is affected elsewhere', () => {
    fire()
    const shown = (now: Across) => {
      across = now
      const { toldBy, elsewhere } = world.incidents.open[0] ?? {}
      return [toldBy, elsewhere?.map((one) => one.target)]
    }
    world.tick()
    const members = [{ kind: 'stream', target: 'b', severity: 'critical' as const, status: 'firing' as const }].map(
      (one) => ({ ...one, since: '', alerts: [], summary: '' }),
    )
    assert.deepEqual(shown(FOLLOWED), ['hall-0', undefined])
    assert.deepEqual(shown({ ...ALONE, role: 'waits', toldBy: 'hall-1' }), [null, undefined])
    assert.deepEqual(shown({ ...ALONE, toldBy: 'hall-1', members }), [undefined, ['b']])
    assert.deepEqual(shown(ALONE), [undefined, undefined])
  })

  it('says once that an Alertmanager tells people, by which the others know who leads', () => {
    const said = () => world.incidents.list[0]?.timeline.filter(({ event }) => event === 'notified').length
    across = { ...ALONE, role: 'waits', toldBy: 'hall-1' }
    world.fire('ping', 'gateway', 'hostDown', { via: 'alertmanager' })
    world.tick()
    assert.equal(said(), 0)
    across = { ...ALONE, toldBy: 'hall-1' }
    world.pass(3)
    assert.equal(said(), 1)
  })

  it('is taken over where who told people is gone: they are told its end, and nothing twice', () => {
    across = FOLLOWED
    fire()
    world.pass(2)
    across = { ...ALONE, isTakenOver: true }
    world.pass(2)
    assert.deepEqual(world.toldPeople, [])
    world.clearAll()
    world.pass(30)
    assert.deepEqual(world.toldPeople, ['ended'])
  })

  it('is told where who was to tell people is gone before it did', () => {
    across = FOLLOWED
    fire()
    world.pass(2)
    across = ALONE
    world.tick()
    assert.deepEqual(world.toldPeople, ['opened'])
  })
})
