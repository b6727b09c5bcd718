import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { Directory } from '../../src/monitor/directory.ts'
import { Newest } from '../../src/monitor/newest.ts'
import { ObserverNetwork } from '../../src/monitor/observer-network.ts'
import type { AbsenceReason, Kind } from '../../src/observation/observation.ts'
import type { Reading } from '../../src/observation/reading.ts'
import { LEVEL_HANDOVER, type Level } from './fixtures.ts'

const measurements: Level = { total: 1, level: 5, news: [] }
const absent = (reason: AbsenceReason): Reading<Level> => ({ outcome: 'absent', reason, measurements })

let seconds = 0
const clock = { wall: () => seconds * 1000, monotonic: () => seconds }
let directory: Directory
let newest: Newest
let network: ObserverNetwork
let asked: string[]

function controlHost(name: string): void {
  directory.enter('ping', name, 'node', 5)
  network.setControl(name, async () => void asked.push(name))
}

/** What the newest series of a host said. */
function ping(target: string, answered: boolean | null): void {
  const observation = { kind: 'ping' as const, target, labels: {}, time: '', sequence: 1, state: 'ok' as const }
  newest.put({ ...observation, expected: true, score: null, issues: [], measurements: { answered } })
}

const believed = (reading: Reading<Level>, kind: Kind = 'stream', name = 'main') =>
  network.believed(kind, name, reading, LEVEL_HANDOVER)

describe("the monitor's own network", () => {
  beforeEach(() => {
    seconds = 1000
    asked = []
    directory = new Directory(clock)
    newest = new Newest(directory, clock)
    network = new ObserverNetwork(directory, newest, clock)
    directory.enter('stream', 'main', 'node', 1)
  })

  for (const reason of ['unreachable', 'timeout', 'stalled'] as const) {
    it(`makes a target unknown that is ${reason} while a control host is silent`, () => {
      controlHost('gateway')
      ping('gateway', false)
      const reading = believed(absent(reason))
      assert.ok(reading.outcome === 'unknown' && reading.code === 'observer-network')
      assert.match(reading.message, /own network .* gateway does not answer/)
      assert.equal(reading.measurements.level, null)
    })
  }

  for (const reason of ['refused', 'not-found', 'ended', 'wrong-answer', 'tls-invalid'] as const) {
    it(`has nothing to do with a target that is ${reason}: that came through it`, () => {
      controlHost('gateway')
      ping('gateway', false)
      assert.equal(believed(absent(reason)).outcome, 'absent')
    })
  }

  it('has nothing to do with a target that is there or unknown for another reason', () => {
    controlHost('gateway')
    ping('gateway', false)
    assert.equal(believed({ outcome: 'present', measurements }).outcome, 'present')
    const killed = believed({ outcome: 'unknown', code: 'killed', message: 'killed', measurements })
    assert.equal(killed.outcome === 'unknown' && killed.code, 'killed')
  })

  it('works as long as the control hosts answer, or have never answered, or there is none', () => {
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
    controlHost('gateway')
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
    for (const answered of [true, null]) {
      ping('gateway', answered)
      assert.equal(believed(absent('unreachable')).outcome, 'absent')
    }
  })

  it('is cut for other hosts too, but a control host itself stays down', () => {
    controlHost('gateway')
    directory.enter('ping', 'printer', 'node', 5)
    ping('gateway', false)
    assert.equal(believed(absent('unreachable'), 'ping', 'printer').outcome, 'unknown')
    assert.equal(believed(absent('unreachable'), 'ping', 'gateway').outcome, 'absent')
  })

  it('is not judged by what is older than three intervals, by hosts that are none, or are gone', () => {
    directory.enter('ping', 'printer', 'node', 5)
    ping('printer', false)
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
    controlHost('gateway')
    ping('gateway', false)
    seconds += 15
    assert.equal(believed(absent('unreachable')).outcome, 'unknown')
    seconds += 1
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
    ping('gateway', false)
    network.setControl('gateway', null)
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
    controlHost('gateway')
    directory.leave('ping', 'gateway', 'node')
    assert.equal(believed(absent('unreachable')).outcome, 'absent')
  })

  it('is asked about at once when a target goes, and not again while it stays away', () => {
    controlHost('gateway')
    believed({ outcome: 'present', measurements })
    assert.deepEqual(asked, [])
    for (let turn = 0; turn < 10; turn++) {
      believed(absent('unreachable'))
      seconds += 5
    }
    assert.deepEqual(asked, ['gateway'])
    believed({ outcome: 'present', measurements })
    believed(absent('stalled'))
    assert.deepEqual(asked, ['gateway', 'gateway'])
  })

  it('is asked about at most every two seconds, however many targets go', () => {
    controlHost('gateway')
    for (let target = 0; target < 100; target++) believed(absent('unreachable'), 'service', `s${target}`)
    assert.deepEqual(asked, ['gateway'])
  })
})
