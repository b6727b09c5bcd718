import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { Alerting } from '../../src/alerts/alerting.ts'
import { Delivery } from '../../src/alerts/delivery.ts'
import { readMode } from '../../src/alerts/mode.ts'
import { DEFAULT_TIMING } from '../../src/alerts/timing.ts'
import type { Alert } from '../../src/observation/alert.ts'
import { ClockSteps } from '../../src/observation/clock.ts'
import type { Issue, Observation, State } from '../../src/observation/observation.ts'
import { JsonFile } from '../../src/storage/json-file.ts'
import { iso, issue, ORIGIN, START, targetsOf } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const STEPS: [what: string, by: number][] = [
  ['an hour back', -HOUR],
  ['a day back', -DAY],
  ['an hour forward', HOUR],
  ['two days forward', 2 * DAY],
]

/** Both clocks, in milliseconds since the start; `set` is by how much the wall clock was set. */
let passed = 0
let set = 0
const clock = { wall: () => START + passed + set, monotonic: () => passed / 1000 }
beforeEach(() => {
  passed = 0
  set = 0
})

describe('a clock that is set', () => {
  it('is known from one that goes on, whatever time passes', () => {
    const steps = new ClockSteps(clock)
    passed += DAY
    assert.equal(steps.taken(0), 0)
    set -= HOUR
    assert.equal(steps.taken(0), -HOUR)
    assert.equal(steps.taken(0), 0)
    set += 1500
    assert.equal(steps.taken(0), 0)
  })

  it('is known by what it noted itself, where both clocks were set, or the process is another', () => {
    const steps = new ClockSteps(clock)
    assert.equal(steps.taken(START + HOUR), -HOUR)
    assert.equal(new ClockSteps({ wall: clock.wall }).taken(START + HOUR), -HOUR)
    assert.equal(new ClockSteps({ wall: clock.wall }).taken(START), 0)
  })
})

describe('messages that wait while the clock is set', () => {
  let isUp = false
  let tries = 0
  let told: string[] = []
  let givenUp = 0
  let delivery: Delivery
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] })
    isUp = false
    tries = 0
    told = []
    givenUp = 0
    delivery = new Delivery({
      receiver: 'phone',
      counters: { count() {} },
      file: new JsonFile(null),
      notifier: () => ({
        send: async (message) => {
          tries += 1
          if (!isUp) throw new Error('refused')
          told.push(...message.alerts.map(({ target }) => target))
        },
        close() {},
      }),
      perHour: 100,
      dashboardUrl: () => null,
      language: () => 'en',
      timezone: () => 'UTC',
      pictures: async () => [],
      clock,
      listener: {
        delivered() {},
        failed() {},
        givenUp: ({ length }) => {
          givenUp += length
        },
      },
    })
  })
  afterEach(() => {
    delivery.close()
    mock.timers.reset()
  })
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      passed += 1000
      mock.timers.tick(1000)
      await new Promise((resolve) => process.nextTick(resolve))
      await Promise.resolve()
      await Promise.resolve()
    }
  }

  for (const [what, by] of STEPS) {
    it(`${what}: nothing is held back longer than without it, and nothing is lost`, async () => {
      delivery.take(alert('main'))
      await pass(20)
      assert.ok(tries >= 2, `${tries} tries`)
      const { failingSince } = delivery.state
      set = by
      isUp = true
      const since = delivery.state.failingSince ?? 0
      assert.equal(since - (failingSince ?? 0), by)
      await pass(60)
      assert.deepEqual(told, ['main'])
      assert.equal(givenUp, 0)
    })
  }
})

describe('alerts while the clock is set', () => {
  let alerting: Alerting
  let sent: Alert[] = []
  beforeEach(() => {
    sent = []
    alerting = new Alerting({
      mode: readMode({}),
      file: new JsonFile(null),
      book: null,
      timing: DEFAULT_TIMING,
      origin: () => ORIGIN,
      diagnose: () => null,
      judges: () => false,
      targets: () =>
        targetsOf([{ kind: 'stream', name: 'main', interval: 1, state: 'down', measuredAt: clock.wall() }]),
      dashboardUrl: () => null,
      clock,
      send: (one) => void sent.push(one),
      counters: { count() {} },
      postNow() {},
    })
    alerting.start()
  })
  const observe = (state: State, issues: Issue[]) =>
    alerting.observe({
      ...{ kind: 'stream', target: 'main', labels: {}, time: iso(clock.wall()), sequence: passed, state },
      ...{ expected: true, score: null, measurements: {}, issues },
    } satisfies Observation)
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      passed += 1000
      alerting.tick()
    }
  }
  const changes = () => sent.map(({ change }) => change)

  for (const [what, by] of STEPS) {
    it(`${what}: a warning is told after its hold, a reminder comes when it is due, and a silence ends when it should`, () => {
      observe('degraded', [issue('lowBitrate', 'warning', clock.wall())])
      pass(3)
      set = by
      pass(8)
      assert.deepEqual(changes(), ['firing'])
      pass(60)
      assert.deepEqual(changes(), ['firing'])
      const [first] = sent
      alerting.command({ action: 'silence', id: first?.id ?? '', by: '', until: clock.wall() + HOUR })
      set = 0
      pass(HOUR / 1000 - 60)
      assert.ok(alerting.firing[0]?.silencedUntil)
      assert.ok(Date.parse(alerting.firing[0]?.silencedUntil ?? '') - clock.wall() <= 60_000)
      pass((DEFAULT_TIMING.repeatAfter - HOUR) / 1000 + 60)
      assert.deepEqual(changes(), ['firing', 'silenced', 'repeated'])
    })
  }
})

function alert(target: string): Alert {
  return {
    ...{ id: target, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target },
    ...{ monitor: 'hall', site: '', status: 'firing', change: 'firing', startsAt: iso(START), time: iso(START) },
    ...{ labels: {}, effects: [], via: 'notify', issue: issue('streamOffline', 'error', START) },
  }
}
