import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Links } from '../../src/monitor/directory.ts'
import { othersOf } from '../../src/monitor/others.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { arrival } from './reports.ts'

const state = new MonitorState('others', KINDS)

function watched(kind: Kind, name: string, links: Partial<Links> = {}, observed = true): void {
  state.directory.enter(kind, name, 'node', 1, { dependsOn: [], platform: null, backupOf: null, ...links })
  if (observed) state.newest.put(arrival(kind, name, 0).observation)
}

watched('stream', 'main', { dependsOn: ['encoder', 'uplink'], platform: 'service' })
watched('stream', 'backup', { dependsOn: ['uplink'] }, false)
watched('stream', 'uplink', { dependsOn: ['uplink'] })
watched('bandwidth', 'uplink')
watched('encoder', 'encoder')

const names = (dependents: readonly { name: string }[]) => dependents.map(({ name }) => name)

describe('the other targets of a monitor', () => {
  it('are known by kind and name, with what was observed last', () => {
    const others = othersOf(state, 'bandwidth', 'uplink')
    assert.equal(others.get('encoder', 'encoder')?.interval, 1)
    assert.equal(others.get('ping', 'encoder'), null)
    assert.equal(others.get('stream', 'nobody'), null)
  })

  it('that depend on a target are those whose settings name it, observed or not', () => {
    const dependents = othersOf(state, 'bandwidth', 'uplink').dependents('stream')
    assert.deepEqual(names(dependents), ['main', 'backup', 'uplink'])
    assert.deepEqual(dependents[0]?.dependsOn, ['encoder', 'uplink'])
    assert.equal(dependents[1]?.newest, null)
  })

  it('do not depend on themselves', () => {
    assert.deepEqual(names(othersOf(state, 'stream', 'uplink').dependents('stream')), ['main', 'backup'])
  })

  it('depend on a platform that shows them', () => {
    assert.deepEqual(names(othersOf(state, 'platform', 'service').dependents('stream')), ['main'])
    assert.deepEqual(names(othersOf(state, 'encoder', 'service').dependents('stream')), [])
  })
})
