import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { VimeoFault } from '../../app/demo/vimeo/faults.ts'
import type { SimulatedEvent } from '../../app/demo/vimeo/simulated-event.ts'
import { PLATFORM_RULES } from '../../src/health/checks/platform.ts'
import { createJudge, type Judge, type Verdict } from '../../src/health/judge.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { PlatformMeasurements } from '../../src/observation/platform.ts'
import { VimeoProbe } from '../../src/platform/vimeo-probe.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import { until } from '../fixtures/wait.ts'
import { SimulatedAccount } from './simulated.ts'

describe('the probe of a live event', () => {
  let simulated: SimulatedAccount
  let event: SimulatedEvent
  let probe: VimeoProbe
  let judge: Judge<PlatformMeasurements>
  let log: string[]
  before(async () => {
    simulated = await SimulatedAccount.start()
  })
  after(async () => {
    await probe.stop()
    await simulated.stop()
  })
  let sending = false
  const begin = async (liveEvent = '12345') => {
    await probe?.stop()
    const { clock, account } = simulated
    probe = new VimeoProbe(parseTarget(KINDS.platform, { name: 'sunday', liveEvent }), {
      ...{ clock, account, expand: (text) => text, redact: (text) => text, sending: () => sending, secondTry: 0 },
      eventBegan: () => log.push('began'),
      eventEnded: () => log.push('ended'),
    })
    judge = createJudge(PLATFORM_RULES, { dependsOn: [] })
    probe.start({ changed: () => {}, happened: () => {} })
  }
  beforeEach(async () => {
    const { simulator } = simulated
    simulator.behave()
    simulator.events.clear()
    simulator.requests.length = 0
    simulator.sessionStatus = true
    simulated.timeout = 5
    simulator.limit = 1000
    simulator.renew()
    sending = false
    event = simulator.add({ id: 12345, phase: 'streaming', viewers: 3 })
    log = []
    await begin()
    // What an earlier test was told to wait for is over.
    simulated.clock.seconds += 1000
  })
  /** Polls so many times, 15 s apart, and judges each. */
  const poll = async (times = 1): Promise<Verdict> => {
    let verdict: Verdict | null = null
    for (let count = 0; count < times; count += 1) {
      await probe.refresh()
      const at = { wall: simulated.clock.wall(), monotonic: simulated.clock.monotonic() }
      verdict = judge.judge({ reading: probe.read(), expected: true, at, interval: 15 })
      for (const { type } of verdict.raised) log.push(`raised ${type}`)
      for (const { issue } of verdict.cleared) log.push(`cleared ${issue.type}`)
      simulated.clock.seconds += 15
    }
    assert.ok(verdict)
    return verdict
  }
  const measured = () => probe.read().measurements
  const polls = () => simulated.simulator.requests.filter((request) => request === 'GET /live_events/12345').length

  it('measures the event, its session, its viewers and what is left of the allowance', async () => {
    assert.equal((await poll()).state, 'ok')
    const { liveState, ingestState, viewers, rateLimit, session, pollInterval } = measured()
    assert.deepEqual([liveState, ingestState, viewers, pollInterval], ['streaming', 'receiving', 3, 15])
    assert.equal(rateLimit?.limit, 1000)
    assert.equal(session?.height, 1080)
  })

  it('says how old the answer is', async () => {
    await poll()
    assert.equal(measured().answerAge, 15)
  })

  it('goes without session and viewers where the account is not told, and does not ask every time', async () => {
    simulated.simulator.sessionStatus = false
    event.viewers = null
    assert.equal((await poll(3)).state, 'ok')
    assert.deepEqual([measured().ingestState, measured().viewers], [null, null])
    const asked = simulated.simulator.requests.filter((request) => request.endsWith('session_status'))
    assert.equal(asked.length, 1)
  })

  const recovering: [string, VimeoFault, { polls: number; state: string; issue: string | null }][] = [
    ['hangs', { fault: 'hang' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['cuts its answers', { fault: 'cut' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['answers too slowly', { fault: 'slow', seconds: 9 }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['stops in mid-body', { fault: 'hang-in-body' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['resets', { fault: 'reset' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['fails', { fault: 'status', status: 503 }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['does not know it', { fault: 'status', status: 404 }, { polls: 1, state: 'down', issue: 'eventNotFound' }],
    ['refuses the token', { fault: 'status', status: 401 }, { polls: 1, state: 'unknown', issue: 'tokenInvalid' }],
    ['forbids it', { fault: 'status', status: 403 }, { polls: 1, state: 'unknown', issue: 'tokenInvalid' }],
    ['sends no JSON', { fault: 'malformed' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['sends nothing', { fault: 'empty' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['sends a list', { fault: 'wrong-body', body: [] }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['redirects', { fault: 'redirect', to: 'http://x/' }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    ['says 400', { fault: 'status', status: 400 }, { polls: 2, state: 'unknown', issue: 'platformUnreachable' }],
    [
      'leaves the state out',
      { fault: 'missing-field', path: 'uri' },
      { polls: 2, state: 'unknown', issue: 'platformUnreachable' },
    ],
    [
      'sends another type',
      { fault: 'wrong-type', path: 'streamable_clip.live.status', value: 4 },
      { polls: 2, state: 'unknown', issue: 'platformUnreachable' },
    ],
  ]
  for (const [what, fault, expected] of recovering) {
    it(`where Vimeo ${what}: is ${expected.state}, says ${expected.issue}, and recovers`, async () => {
      await poll()
      simulated.simulator.order(fault, { path: /^\/(live_events|videos)\/\d+$/ })
      simulated.timeout = /^(hang|slow)/.test(fault.fault) ? 0.05 : 5
      const verdict = await poll(expected.polls)
      simulated.timeout = 5
      assert.equal(verdict.state, expected.state)
      assert.deepEqual(log, [`raised ${expected.issue}`])
      simulated.simulator.behave()
      assert.equal((await poll()).state, 'ok')
      assert.deepEqual(log, [`raised ${expected.issue}`, `cleared ${expected.issue}`])
    })
  }

  it('takes one lost answer for no news, and two for unknown without an issue', async () => {
    await poll()
    simulated.simulator.order({ fault: 'reset' }, { times: 1 })
    assert.equal((await poll()).state, 'ok')
    simulated.simulator.order({ fault: 'reset' }, { times: 2 })
    assert.equal((await poll()).state, 'unknown')
    assert.equal((await poll()).state, 'ok')
    assert.deepEqual(log, [])
  })

  it('is measured all the same when only the session or the viewers cannot be had', async () => {
    for (const fault of [{ fault: 'hang' }, { fault: 'malformed' }, { fault: 'status', status: 500 }] as const) {
      simulated.simulator.behave()
      simulated.simulator.order(fault, { path: /status$|live$/ })
      simulated.timeout = fault.fault === 'hang' ? 0.2 : 5
      assert.equal((await poll()).state, 'ok', fault.fault)
      assert.equal(measured().liveState, 'streaming')
    }
  })

  for (const [headers, wait] of [
    [true, 20],
    [false, 60],
  ] as const) {
    it(`sends nothing for ${wait} s after a 429 ${headers ? 'that says so' : 'without headers'}`, async () => {
      await poll()
      simulated.simulator.order({ fault: 'too-many-requests', headers, reset: 20 }, { times: 1 })
      const before = polls()
      assert.equal((await poll()).state, 'unknown')
      assert.deepEqual(log, ['raised rateLimited'])
      simulated.clock.seconds += wait - 15 - 2
      await poll()
      assert.equal(polls(), before + 1)
      assert.equal((await poll()).state, 'degraded')
      assert.equal(polls(), before + 2)
      await poll(5)
      assert.deepEqual(log, ['raised rateLimited', 'cleared rateLimited'])
    })
  }

  it('polls less often the less is left, for all that share the token', async () => {
    await poll()
    simulated.simulator.limit = 100
    simulated.simulator.renew(80)
    await poll()
    // 17 are left, of which 10 are for others; a poll takes 3 of the 7.
    const alone = measured().pollInterval ?? 0
    assert.ok(alone > 20 && alone < 26, `${alone} s`)
    const leave = simulated.account.join(() => {})
    assert.ok(simulated.account.spacing > 1.9 * alone, `${simulated.account.spacing} s`)
    leave()
  })

  it('does not wait for a stretched interval once something sends to the event', async () => {
    event.set('idle')
    await poll()
    assert.equal(measured().pollInterval, 60)
    sending = true
    const before = polls()
    probe.read()
    // The turn that was a minute away is now an interval away, which has passed.
    await until(() => polls() > before, 5, 'it polls')
    await poll()
    assert.equal(measured().pollInterval, 5)
  })

  it('has no token when there is none, and sends nothing then', async () => {
    const { access } = simulated
    simulated.access = { lacking: 'nobody has one' }
    const verdict = await poll()
    assert.deepEqual([verdict.state, log], ['unknown', ['raised tokenInvalid']])
    simulated.access = { token: 'with a\nbreak', address: null }
    await poll()
    assert.deepEqual(simulated.simulator.requests, [])
    simulated.access = access
    assert.equal((await poll()).state, 'ok')
  })

  it('tells once that the event went public, and once that it ended', async () => {
    event.set('preview')
    await poll()
    event.set('streaming')
    await poll(2)
    event.set('starved')
    await poll(2)
    event.set('streaming')
    await poll(1)
    event.set('archiving')
    await poll(2)
    event.set('done')
    await poll(2)
    assert.deepEqual(log, ['began', 'began', 'ended'])
    assert.equal(measured().endedAge, 60)
    event.set('pending')
    await poll()
    assert.equal(measured().endedAge, null)
  })

  it('says that Vimeo has terminated the stream, until its owner ends the event', async () => {
    event.set('streamingError')
    assert.equal((await poll()).state, 'degraded')
    event.set('done')
    assert.equal((await poll()).state, 'ok')
    assert.deepEqual(log, ['raised streamingError', 'ended', 'cleared streamingError'])
  })

  it('refuses a value of a variable that is no event', async () => {
    const other = new VimeoProbe(parseTarget(KINDS.platform, { name: 'sunday', liveEvent: '${EVENT}' }), {
      ...{ clock: simulated.clock, account: simulated.account, redact: (text) => text, sending: () => false },
      expand: () => '../../me',
      eventBegan: () => {},
      eventEnded: () => {},
    })
    other.start({ changed: () => {}, happened: () => {} })
    await other.refresh()
    const reading = other.read()
    await other.stop()
    assert.ok(reading.outcome === 'absent')
    assert.match(reading.message ?? '', /\$\{EVENT\} holds something else/)
  })
})
