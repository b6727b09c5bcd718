import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { EventFinder, type Found } from '../../src/platform/find-event.ts'
import { forever, SimulatedAccount } from './simulated.ts'

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

describe('finding a live event', () => {
  let simulated: SimulatedAccount
  before(async () => {
    simulated = await SimulatedAccount.start()
  })
  after(() => simulated.stop())
  beforeEach(() => {
    simulated.simulator.behave()
    simulated.simulator.events.clear()
    simulated.simulator.requests.length = 0
  })
  const add = (...options: Parameters<SimulatedAccount['simulator']['add']>) => simulated.simulator.add(...options)
  const finder = (wanted: string) => new EventFinder(simulated.account, wanted)
  const find = (by: EventFinder) => by.find(Date.now(), forever())
  const id = (found: Found) => (found.found === 'event' ? found.event.id : JSON.stringify(found))

  it('by number finds a recurring one with one request', async () => {
    add({ id: 1 })
    assert.equal(id(await find(finder('1'))), '1')
    assert.deepEqual(simulated.simulator.requests, ['GET /live_events/1'])
  })

  it('by number finds a one-time one, and remembers that it is one', async () => {
    add({ id: 2, kind: 'one-time' })
    const by = finder('2')
    const found = await find(by)
    assert.ok(found.found === 'event')
    assert.equal(found.event.type, 'one-time')
    await find(by)
    assert.deepEqual(simulated.simulator.requests, ['GET /live_events/2', 'GET /videos/2', 'GET /videos/2'])
  })

  it('by number says that there is none', async () => {
    const found = await find(finder('99'))
    assert.ok(found.found === 'nothing')
    assert.match(found.what, /no live event with the number 99/)
  })

  it('takes the one that is on, before one that begins sooner', async () => {
    add({ id: 1, nextOccurrence: inHours(1) })
    add({ id: 2, phase: 'streaming' })
    assert.equal(id(await find(finder('next'))), '2')
  })

  it('takes the one that begins next where none is on, though it be some hours late', async () => {
    add({ id: 1, nextOccurrence: inHours(48) })
    add({ id: 2, nextOccurrence: inHours(3) })
    add({ id: 3, nextOccurrence: inHours(-30) })
    assert.equal(id(await find(finder('next'))), '2')
    add({ id: 4, nextOccurrence: inHours(-1) })
    assert.equal(id(await find(finder('next'))), '4')
  })

  it('stays with the one that is on, sees its end, and then looks for another', async () => {
    const first = add({ id: 1, phase: 'streaming' })
    const by = finder('next')
    assert.equal(id(await find(by)), '1')
    add({ id: 2, phase: 'streaming' })
    assert.equal(id(await find(by)), '1')
    first.set('done')
    const end = await find(by)
    assert.ok(end.found === 'event')
    assert.deepEqual([end.event.id, end.event.liveState], ['1', 'done'])
    assert.equal(id(await find(by)), '2')
  })

  it('looks through every page of the account', async () => {
    for (let number = 1; number <= 120; number += 1) add({ id: number })
    add({ id: 500, phase: 'streaming' })
    assert.equal(id(await find(finder('next'))), '500')
    assert.equal(simulated.simulator.requests.length, 2)
  })

  it('says that nothing is on or planned', async () => {
    add({ id: 1, phase: 'done' })
    assert.equal((await find(finder('next'))).found, 'nothing')
  })

  it('does not let one strange item of the list hide the others', async () => {
    add({ id: 1, phase: 'streaming' })
    add({ id: 2, phase: 'streaming' })
    simulated.simulator.order({ fault: 'wrong-type', path: 'data.0.streamable_clip.live.status', value: 5 })
    assert.equal(id(await find(finder('next'))), '2')
  })
})
