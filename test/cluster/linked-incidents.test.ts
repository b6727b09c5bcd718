import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOnce, linkedIncidents, type OpenIncidents } from '../../src/cluster/linked-incidents.ts'
import type { Incident } from '../../src/observation/incident.ts'
import { kinshipOf, START, target } from '../incidents/world.ts'

const TIME = new Date(START).toISOString()

interface Given {
  members: string[]
  isTold?: boolean
  isOver?: boolean
  status?: Incident['status']
}

/** A monitor with one incident. */
function monitor(index: number, { members, isTold = false, isOver = false, status = 'open' }: Given): OpenIncidents {
  const event = isTold ? ('notified' as const) : ('opened' as const)
  const incident: Incident = {
    ...{ id: `${index}`.repeat(16), monitor: `hall-${index}`, site: '', severity: 'critical', status },
    ...{ change: 'updated', startsAt: TIME, diagnosis: null, labels: {}, remedy: [], via: 'notify', time: TIME },
    timeline: [{ time: TIME, event, says: 'x' }],
    members: members.map((key) => {
      const [kind = '', name = ''] = key.split(' ')
      const state = isOver ? ('over' as const) : ('firing' as const)
      return { kind, target: name, severity: 'critical', status: state, since: TIME, alerts: [], summary: 'down' }
    }),
  }
  return { index, monitor: `hall-${index}`, incidents: [incident] }
}

const streams = ['a', 'b', 'c'].map((name) => target('stream', name, { dependsOn: ['gateway'] }))
const gateway = kinshipOf([target('ping', 'gateway'), ...streams, ...['x', 'y', 'z', 'v', 'w'].map(of)])

function of(name: string) {
  return target('stream', name)
}

const across = (own: OpenIncidents, others: OpenIncidents[], kinship = gateway) =>
  linkedIncidents(own, others, kinship).get(own.incidents[0]?.id ?? '')

describe('one fault that several monitors see', () => {
  const three = [0, 1, 2].map((index) =>
    monitor(index, { members: ['ping gateway', `stream ${['a', 'b', 'c'][index]}`] }),
  )
  const [first, second, third] = three as [OpenIncidents, OpenIncidents, OpenIncidents]

  it('is told by the first of them, with what is affected elsewhere, and by nobody else', () => {
    assert.equal(across(first, [second, third])?.role, 'leads')
    assert.deepEqual(
      across(first, [second, third])?.members.map(({ target }) => target),
      ['b', 'c'],
    )
    for (const own of [second, third]) {
      const others = three.filter((one) => one !== own)
      assert.deepEqual([across(own, others)?.role, across(own, others)?.toldBy], ['followed', 'hall-0'])
    }
    assert.equal(across(second, [third])?.role, 'leads')
  })

  it('goes on being told by who has begun to', () => {
    const told = monitor(2, { members: ['ping gateway'], isTold: true })
    assert.equal(across(first, [second, told])?.toldBy, 'hall-2')
    assert.equal(across(told, [first, second])?.role, 'leads')
    const both = monitor(1, { members: ['ping gateway'], isTold: true })
    assert.equal(across(told, [first, both])?.toldBy, 'hall-1')
  })

  it('is found where the gateway itself is seen by one of them only', () => {
    const blind = monitor(1, { members: ['stream b'] })
    assert.equal(across(blind, [first])?.role, 'followed')
  })

  it('is found where they share a server, of which enough is affected', () => {
    const names = ['a', 'b', 'c', 'd']
    const server = kinshipOf([...names.map((name) => target('stream', name, { host: 'relay' })), of('x'), of('y')])
    const one = monitor(0, { members: ['stream a', 'stream b'] })
    const other = monitor(1, { members: ['stream c'] })
    assert.equal(across(other, [one], server)?.role, 'followed')
    assert.equal(across(other, [monitor(0, { members: ['stream a'] })], server), undefined)
  })

  it('is none where nothing is shared, or the other is over', () => {
    assert.equal(across(monitor(1, { members: ['stream x'] }), [first]), undefined)
    assert.equal(across(second, [monitor(0, { members: ['ping gateway'], status: 'ended' })]), undefined)
  })

  it('goes on while it fires anywhere', () => {
    assert.equal(across(first, [second])?.firesElsewhere, true)
    assert.equal(across(first, [monitor(1, { members: ['ping gateway'], isOver: true })])?.firesElsewhere, false)
  })

  it('is shown once, with all that is affected', () => {
    const apart = monitor(3, { members: ['stream x'] })
    const shown = faultsOnce([third, apart, second, first], gateway)
    assert.deepEqual(
      shown.map(({ monitor, members }) => [monitor, members.map(({ target }) => target).sort()]),
      [
        ['hall-3', ['x']],
        ['hall-0', ['a', 'b', 'c', 'gateway']],
      ],
    )
  })
})
