import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, afterEach, before, describe, it } from 'node:test'
import { STREAM_KEY } from '../../app/demo/vimeo/simulated-event.ts'
import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { followEvents } from '../../src/monitor/event-end.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { Observation } from '../../src/observation/observation.ts'
import type { PlatformMeasurements } from '../../src/observation/platform.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

type PlatformObservation = Observation<'platform', PlatformMeasurements>

const TOKEN = 'the-token-of-the-account-4711'
const ENVIRONMENT_TOKEN = 'the-token-of-the-environment'
const VARIABLES = ['VIMEO_ACCESS_TOKEN', 'VIMEO_ACCESS_TOKEN_FILE', 'VIMEO_API_URL']

const account: FlowNode = { id: 'account', type: 'hmonitor-vimeo-account', name: 'ours' }
const event = (more: object = {}): FlowNode => ({
  id: 'event',
  type: 'hmonitor-vimeo',
  name: 'sunday-service',
  liveEvent: '12345',
  account: 'account',
  interval: '5',
  ...more,
})
const withToken = (token = TOKEN) => ({ account: { token } })

describe('the vimeo node', () => {
  let runtime: TestRuntime
  let simulator: VimeoSimulator
  const { request_defaults: defaults } = (
    createRequire(import.meta.url)('@vimeo/vimeo') as {
      vimeo_module: { request_defaults: Record<string, unknown> }
    }
  ).vimeo_module
  const real = { ...defaults }

  before(async () => {
    for (const name of VARIABLES) delete process.env[name]
    simulator = new VimeoSimulator({ token: TOKEN })
    await simulator.start()
    simulator.add({ id: 12345, phase: 'streaming', viewers: 12 })
    simulator.add({ id: 777, kind: 'one-time', title: 'Concert', phase: 'ready' })
    // A dialog's token goes to Vimeo alone: here Vimeo itself is elsewhere.
    const { hostname, port } = new URL(simulator.url)
    Object.assign(defaults, { protocol: 'http:', hostname, port })
  })
  after(async () => {
    Object.assign(defaults, real)
    await simulator.stop()
  })
  afterEach(async () => {
    await runtime.stop()
    simulator.behave()
    simulator.token = TOKEN
    for (const name of VARIABLES) delete process.env[name]
  })
  const observed = (id = 'event') => runtime.sent(id).map(({ payload }) => payload as PlatformObservation)
  const untilState = (state: string, id = 'event') =>
    until(() => observed(id).at(-1)?.state === state, 5, `${id} is ${state}: ${JSON.stringify(observed(id).at(-1))}`)

  it('watches the event of its dialog with the token of its account', async () => {
    runtime = await TestRuntime.start(flowOf(account, event({ labels: { hall: 'main' } })), withToken())
    await untilState('ok')
    const newest = observed().at(-1)
    assert.equal(newest?.target, 'sunday-service')
    assert.deepEqual(newest?.labels, { hall: 'main' })
    const { event: found, liveState, ingestState, viewers, session } = newest.measurements
    assert.deepEqual(found, { id: '12345', title: 'Sunday service', type: 'recurring' })
    assert.deepEqual([liveState, ingestState, viewers], ['streaming', 'receiving', 12])
    assert.equal(session?.height, 1080)
    await until(() => runtime.status('event').text === 'live, 12 viewers', 5, 'the status')
    assert.equal(runtime.status('event').fill, 'green')
  })

  it('watches events that messages name, and answers at once about one or all', async () => {
    runtime = await TestRuntime.start(flowOf(account, event({ name: '', liveEvent: '' })), withToken())
    assert.equal(runtime.status('event').text, 'no targets')
    for (const [name, liveEvent] of [
      ['a', '12345'],
      ['b', '777'],
    ]) {
      runtime.receive('event', { payload: { action: 'watch', kind: 'platform', target: { name, liveEvent } } })
    }
    await until(() => new Set(observed().map(({ target }) => target)).size === 2, 5, 'both are watched')
    runtime.receive('event', { topic: 'b', payload: 'now', request: 1 })
    await until(() => runtime.sent('event', 2).length === 1, 5, 'the answer')
    const answers = () => runtime.sent('event', 2).map(({ payload }) => payload)
    assert.equal(runtime.sent('event', 2)[0]?.request, 1)
    assert.equal((answers() as PlatformObservation[])[0]?.measurements.event?.title, 'Concert')
    runtime.receive('event', { payload: '' })
    await until(() => runtime.sent('event', 2).length === 2, 5, 'the answer about all')
    assert.equal((answers() as unknown[][])[1]?.length, 2)
  })

  it('says on its status that there is no token, and watches as soon as a deploy gives it one', async () => {
    const flow = flowOf(account, event())
    runtime = await TestRuntime.start(flow)
    await until(() => runtime.status('event').text === 'no token: see help', 5, 'no token')
    assert.equal(runtime.status('event').fill, 'red')
    assert.deepEqual(
      observed()
        .at(-1)
        ?.issues.map(({ type }) => type),
      ['tokenInvalid'],
    )
    assert.equal(observed().at(-1)?.state, 'unknown')
    await runtime.deploy(flow, 'full', withToken())
    await untilState('ok')
  })

  it('says which variable of the account is not set, and sends nothing', async () => {
    const asked = simulator.requests.length
    runtime = await TestRuntime.start(flowOf(account, event()), withToken('${NOT_SET_ANYWHERE}'))
    await until(() => runtime.status('event').text === 'no token: see help', 5, 'no token')
    assert.match(observed().at(-1)?.error?.message ?? '', /variable NOT_SET_ANYWHERE, which is not set/)
    assert.equal(simulator.requests.length, asked)
  })

  it('tells that Vimeo refuses the token, and never shows it', async () => {
    simulator.token = 'another'
    runtime = await TestRuntime.start(flowOf(account, event()), withToken())
    await until(() => runtime.status('event').text === 'token refused', 5, 'refused')
    const [issue] = observed().at(-1)?.issues ?? []
    assert.match(issue?.summary ?? '', /does not accept the access token: HTTP 401/)
    assert.doesNotMatch(JSON.stringify([observed(), runtime.statuses('event'), runtime.caught()]), /4711/)
  })

  it('puts neither the token nor the keys that Vimeo sends into anything that leaves', async () => {
    const record = { id: 'record', type: 'hmonitor-record' }
    runtime = await TestRuntime.start(flowOf(account, event({ wires: [['record'], [], []] }), record), withToken())
    await untilState('ok')
    const isRecorded = () => runtime.sent('record').some(({ payload }) => (payload as { state: string }).state === 'ok')
    await until(isRecorded, 5, 'it is recorded')
    const { metrics, secrets } = monitorState('default')
    const { body } = await expositionOf(metrics)
    assert.match(body, /^hmonitor_platform_live_state\{target="sunday-service",state="streaming"\} 1$/m)
    assert.match(body, /^hmonitor_platform_ingest_state\{target="sunday-service",state="receiving"\} 1$/m)
    assert.match(body, /^hmonitor_platform_viewers\{target="sunday-service"\} 12$/m)
    assert.match(body, /^hmonitor_platform_rate_limit_remaining\{target="sunday-service"\} 9\d\d$/m)
    const everything = JSON.stringify([observed(), runtime.sent('event', 1), runtime.statuses('event'), body])
    for (const secret of [TOKEN, STREAM_KEY, 'hunter1', 'srt-passphrase']) assert.ok(!everything.includes(secret))
    assert.equal(secrets.redact(`Bearer ${TOKEN}`), 'Bearer ${node.account.token}')
  })

  it('takes the token of the environment where no account is chosen, and only then its address', async () => {
    const elsewhere = new VimeoSimulator({ token: ENVIRONMENT_TOKEN })
    process.env.VIMEO_API_URL = await elsewhere.start()
    process.env.VIMEO_ACCESS_TOKEN = ENVIRONMENT_TOKEN
    elsewhere.add({ id: 12345, title: 'From the environment', phase: 'ready' })
    try {
      const other = event({ id: 'other', name: 'other', account: '' })
      runtime = await TestRuntime.start(flowOf(account, event(), other), withToken())
      await untilState('ok')
      await untilState('ok', 'other')
      assert.equal(observed('other').at(-1)?.measurements.event?.title, 'From the environment')
      assert.equal(observed().at(-1)?.measurements.event?.title, 'Sunday service')
      assert.ok(elsewhere.requests.every((request) => !request.includes('/videos')))
    } finally {
      await elsewhere.stop()
    }
  })

  it('refuses a live event that is none, and an account that is not there', async () => {
    const lost = event({ id: 'lost', name: 'lost', account: 'gone' })
    runtime = await TestRuntime.start(flowOf(account, event({ liveEvent: 'sunday' }), lost), withToken())
    await until(() => runtime.status('event').text === 'refused: see log', 5, 'refused')
    await until(() => runtime.status('lost').text === 'no token: see help', 5, 'no token')
    assert.match(observed('lost').at(-1)?.error?.message ?? '', /account that the node names does not exist/)
  })

  it("ends the manual event of the stream that it shows, when Vimeo's event ends", async () => {
    const live = simulator.add({ id: 888, phase: 'streaming' })
    runtime = await TestRuntime.start(flowOf(account, event({ liveEvent: '888' })), withToken())
    await untilState('ok')
    const state = monitorState('default')
    let ended = 0
    const follower = { name: 'main', isOver: () => false, endEvent: () => (ended += 1), beginEvent: () => {} }
    const stop = followEvents(state, follower)
    state.directory.enter('stream', 'main', 'test', 1, { dependsOn: [], platform: 'sunday-service', backupOf: null })
    try {
      live.set('done')
      runtime.receive('event', { payload: 'now' })
      await until(() => observed().at(-1)?.measurements.liveState === 'done', 5, 'its end is seen')
      assert.equal(ended, 1)
    } finally {
      stop()
      state.directory.leave('stream', 'main', 'test')
    }
  })

  it('keeps its watch over a deploy that changes nothing, and lets go of it with the node', async () => {
    const flow = flowOf(account, event())
    runtime = await TestRuntime.start(flow, withToken())
    await untilState('ok')
    const { sequence } = observed().at(-1) ?? { sequence: 0 }
    await runtime.deploy(flow, 'full', withToken())
    runtime.receive('event', { payload: 'now' })
    await until(() => (observed().at(-1)?.sequence ?? 0) > sequence, 5, 'it goes on counting')
    const { secrets, directory } = monitorState('default')
    await runtime.deploy(flowOf(), 'full')
    await until(() => !directory.has('platform', 'sunday-service'), 5, 'it is let go of')
    await until(() => secrets.valueOf('node.account.token') === undefined, 5, 'the token is let go of')
  })
})
