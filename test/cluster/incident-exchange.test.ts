import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { IncidentExchange } from '../../src/cluster/incident-exchange.ts'
import type { Incident } from '../../src/observation/incident.ts'
import type { Target } from '../../src/targets/target.ts'
import { until } from '../fixtures/wait.ts'
import { at, startMonitors, type TestMonitor } from './monitors.ts'

const TIME = new Date().toISOString()

function incidentOn(index: number, isTold = false): Incident {
  const member = { severity: 'critical' as const, status: 'firing' as const, since: TIME, alerts: [], summary: 'down' }
  return {
    ...{ id: `${index}`.repeat(16), monitor: `hall-${index}`, site: '', severity: 'critical', status: 'open' },
    ...{ change: 'updated', startsAt: TIME, diagnosis: null, labels: {}, remedy: [], via: 'notify', time: TIME },
    members: [
      { ...member, kind: 'ping', target: 'gateway' },
      { ...member, kind: 'stream', target: `s${index}` },
    ],
    timeline: [{ time: TIME, event: isTold ? 'notified' : 'opened', says: 'x' }],
  }
}

/** A gateway and three streams, of which each monitor watches one. */
function read({ state }: TestMonitor): void {
  const names = ['gateway', 's0', 's1', 's2']
  const placed = names.map((name, index) => ({
    ...{
      kind: index === 0 ? ('ping' as const) : ('stream' as const),
      name,
      shards: index === 0 ? [0, 1, 2] : [index - 1],
    },
    target: { name, dependsOn: index === 0 ? [] : ['gateway'], expected: 'always' } as unknown as Target,
  }))
  state.targetsMemory('targets').sharedFile = { targets: {}, hash: 1, placed }
}

describe('what monitors tell each other of a fault', () => {
  let end: () => unknown = () => {}
  afterEach(() => end())

  async function three(isTold: (index: number) => boolean = () => false) {
    const { monitors, stop } = await startMonitors(3)
    const each = monitors.map((monitor, index) => {
      read(monitor)
      const own = { open: [incidentOn(index, isTold(index))] }
      const takeDown = monitor.state.incidents.show('test', {
        get list() {
          return own.open
        },
        get open() {
          return own.open
        },
        get judged() {
          return own.open
        },
      })
      let heard = 0
      const exchange = new IncidentExchange(
        monitor.state,
        () => own.open,
        () => {
          heard += 1
        },
      )
      const ask = async () => {
        const before = heard
        const isHeard = () => {
          exchange.tick()
          return heard > before
        }
        await until(isHeard, 10, 'an answer')
      }
      const across = () => exchange.of(`${index}`.repeat(16), 0)
      return { monitor, own, exchange, ask, across, takeDown }
    })
    end = () => {
      for (const { exchange } of each) exchange.close()
      return stop()
    }
    return each
  }

  it('makes the first of them tell people, and the others follow', async () => {
    const each = await three()
    assert.deepEqual(
      each.map(({ across }) => across().role),
      ['waits', 'waits', 'waits'],
    )
    for (const { ask } of each) await ask()
    assert.deepEqual(
      each.map(({ across }) => [across().role, across().toldBy]),
      [
        ['leads', 'hall-0'],
        ['followed', 'hall-0'],
        ['followed', 'hall-0'],
      ],
    )
    assert.deepEqual(
      at(each, 0)
        .across()
        .members.map(({ target }) => target),
      ['s1', 's2'],
    )
  })

  it('lets the next one go on where the first has told people and dies, who are not told again', async () => {
    const each = await three((index) => index === 0)
    for (const { ask } of each) await ask()
    await at(each, 0).monitor.stop()
    const [, second, third] = each
    await second?.ask()
    assert.deepEqual([second?.across().role, second?.across().toldBy], ['leads', 'hall-1'])
    assert.equal(second?.across().isTakenOver, true)
    await third?.ask()
    assert.equal(third?.across().role, 'followed')
  })

  it('asks nobody while nothing is open', async () => {
    const [first, second] = await three()
    if (!first || !second) throw new Error('There are not two')
    first.own.open = []
    const before = second.monitor.asked()
    for (let times = 0; times < 3; times++) first.exchange.tick()
    await second.monitor.cluster.status(0)
    assert.equal(second.monitor.asked(), before)
  })
})
