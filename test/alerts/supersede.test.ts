import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAlert } from '../../src/observation/messages.ts'
import type { Issue } from '../../src/observation/observation.ts'
import { issue, START, World } from './world.ts'

const stalled = (since = START): Issue => issue('streamStalled', 'warning', since)
const offline = (since = START): Issue => ({ ...issue('streamOffline', 'error', since), supersedes: ['streamStalled'] })
const fault = (type: string, supersedes: string[]): Issue => ({ ...issue(type, 'error', START), supersedes })

function watched(): World {
  const world = new World()
  world.watch('stream', 'main')
  return world
}

const firing = ({ book }: World) => Object.values(book.records).map(({ labels }) => labels.alertname)

describe('an alert that says more of the same fact', () => {
  it('is the only one that people are told of, and so is its end', () => {
    const world = watched()
    world.observe('stream', 'main', 'down', [stalled()])
    world.pass(4)
    world.observe('stream', 'main', 'down', [offline()])
    assert.deepEqual(firing(world), ['HmonitorStreamOffline'])
    world.pass(60)
    world.observe('stream', 'main', 'ok')
    world.pass(60)
    assert.deepEqual(world.said, ['firing StreamOffline main', 'resolved StreamOffline main'])
  })

  it('is told where it is graver than what people know, and the end of that is not', () => {
    const world = watched()
    world.observe('stream', 'main', 'down', [stalled()])
    world.pass(30)
    world.observe('stream', 'main', 'down', [offline()])
    world.pass(30)
    world.observe('stream', 'main', 'ok')
    world.pass(30)
    assert.deepEqual(world.said, [
      ...['firing StreamStalled main', 'firing StreamOffline main', 'resolved StreamOffline main'],
    ])
    const [first, second] = world.sent
    assert.deepEqual([second?.supersedes, second?.startsAt], [[first?.id], first?.startsAt])
    // What a webhook and the log take from the message says it too.
    assert.deepEqual(parseAlert(second)?.supersedes, [first?.id])
  })

  it('says that it is over where people know of the lesser one alone', () => {
    const world = watched()
    world.timing = { ...world.timing, criticalHold: 60_000 }
    world.observe('stream', 'main', 'down', [stalled()])
    world.pass(30)
    world.observe('stream', 'main', 'down', [offline()])
    world.pass(5)
    world.observe('stream', 'main', 'ok')
    assert.deepEqual(world.said, ['firing StreamStalled main', 'resolved StreamOffline main'])
  })

  it('is told although somebody is on the lesser one', () => {
    const world = watched()
    world.observe('stream', 'main', 'down', [stalled()])
    world.pass(30)
    const [record] = Object.values(world.book.records)
    assert.ok(record)
    const acknowledged = { by: 'Ada', at: world.at }
    world.book = { ...world.book, records: { [record.id]: { ...record, acknowledged } } }
    world.observe('stream', 'main', 'down', [offline()])
    assert.equal(world.said.at(-1), 'firing StreamOffline main')
  })

  it('is no news where it is as grave, and keeps who is on it', () => {
    const world = watched()
    world.watch('service', 'ingest')
    world.observe('service', 'ingest', 'down', [fault('refused', ['timeout'])])
    const [record] = Object.values(world.book.records)
    assert.ok(record)
    const acknowledged = { by: 'Ada', at: world.at }
    world.book = { ...world.book, records: { [record.id]: { ...record, acknowledged } } }
    world.pass(10)
    world.observe('service', 'ingest', 'down', [fault('timeout', ['refused'])])
    assert.deepEqual(firing(world), ['HmonitorTimeout'])
    assert.equal(Object.values(world.book.records)[0]?.acknowledged?.by, 'Ada')
    world.pass(30)
    world.observe('service', 'ingest', 'ok')
    world.pass(30)
    assert.deepEqual(world.said, ['firing Refused ingest', 'resolved Timeout ingest'])
  })

  it('takes over what a restart brought back, even while nothing is measured', () => {
    const world = watched()
    world.observe('stream', 'main', 'down', [stalled()])
    world.pass(30)
    world.restart()
    world.observe('stream', 'main', 'unknown', [offline()])
    assert.deepEqual(firing(world), ['HmonitorStreamOffline'])
  })

  it('leaves other targets alone, and stays one where a flow sends both', () => {
    const world = watched()
    world.watch('stream', 'backup')
    world.observe('stream', 'backup', 'down', [stalled()])
    for (let second = 0; second < 3; second += 1) world.observe('stream', 'main', 'down', [stalled(), offline()])
    assert.deepEqual(firing(world).sort(), ['HmonitorStreamOffline', 'HmonitorStreamStalled'])
    assert.deepEqual(world.said, ['firing StreamOffline main'])
  })
})
