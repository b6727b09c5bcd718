import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Diagnosis, Location } from '../../src/observation/diagnosis.ts'
import { issue, World } from './world.ts'

function foundAt(location: Location | null): Diagnosis {
  const isKnown = location !== null
  return {
    ...{ location, cause: isKnown ? 'some' : null, probability: isKnown ? 0.95 : 0.3 },
    ...{ confidence: isKnown ? 'certain' : null, says: isKnown ? `It is the ${location}` : '' },
    ...{ evidenceFor: [], evidenceAgainst: [], wouldDecide: null, remedy: [] },
  }
}

describe('an alert whose fault is located', () => {
  let world: World
  let location: Location | null
  const offline = () => [issue('streamOffline', 'error', world.at - 6000)]
  beforeEach(() => {
    world = new World()
    world.diagnose = () => foundAt(location)
    location = null
    world.watch('stream', 'main')
    world.observe('stream', 'main', 'ok')
  })
  const changes = () => world.sent.map(({ change, diagnosis }) => [change, diagnosis?.location ?? null])

  it('says where the fault is when it fires', () => {
    location = 'encoder'
    world.observe('stream', 'main', 'down', offline())
    world.pass(10)
    assert.deepEqual(changes(), [['firing', 'encoder']])
  })

  it('is updated, and told to nobody again, when the fault turns out to be somewhere else', () => {
    world.observe('stream', 'main', 'down', offline())
    world.pass(10)
    location = 'uplink'
    world.pass(10)
    assert.deepEqual(changes(), [
      ['firing', null],
      ['updated', 'uplink'],
    ])
  })

  it('knows over a restart what it said last', () => {
    location = 'server'
    world.observe('stream', 'main', 'down', offline())
    world.pass(10)
    world.restart()
    world.observe('stream', 'main', 'down', offline())
    world.pass(30)
    assert.deepEqual(changes(), [['firing', 'server']])
  })

  it('keeps what was known while nothing can be asked', () => {
    location = 'server'
    world.observe('stream', 'main', 'down', offline())
    world.pass(10)
    world.diagnose = () => null
    world.pass(10)
    world.observe('stream', 'main', 'ok')
    world.pass(60)
    assert.deepEqual(changes(), [
      ['firing', 'server'],
      ['resolved', 'server'],
    ])
  })
})
