import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { WebPresenter } from '../../app/demo/web-presenter/web-presenter.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { EncoderMeasurements } from '../../src/observation/encoder.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

type EncoderObservation = Observation<'encoder', EncoderMeasurements>

describe('the web-presenter node', () => {
  let runtime: TestRuntime
  let simulator: WebPresenter
  beforeEach(async () => {
    simulator = await WebPresenter.start({ connectSeconds: 0 })
  })
  afterEach(async () => {
    await runtime.stop()
    await simulator.switchOff()
  })

  const encoder = (more: object = {}): FlowNode => ({
    id: 'encoder',
    type: 'hmonitor-web-presenter',
    name: 'main encoder',
    address: simulator.restAddress,
    ...more,
  })
  const start = async (...nodes: FlowNode[]) => {
    runtime = await TestRuntime.start(flowOf(...nodes))
  }
  const newest = () => runtime.sent('encoder').at(-1)?.payload as EncoderObservation | undefined
  const untilSeen = (seen: (observation: EncoderObservation) => boolean, seconds = 5) =>
    until(
      () => {
        const observation = newest()
        return observation !== undefined && seen(observation)
      },
      seconds,
      () => JSON.stringify(newest()),
    )
  const untilStatus = (text: string | RegExp) =>
    until(
      () => new RegExp(text).test(runtime.status('encoder').text ?? ''),
      5,
      () => `${text}, not ${runtime.status('encoder').text}`,
    )
  const open = () => simulator.device.start()

  it('watches the encoder of its dialog: an address is enough', async () => {
    open()
    await start(encoder())
    await untilSeen(({ state }) => state === 'ok')
    assert.deepEqual(newest()?.measurements.device, {
      model: 'Blackmagic Streaming Encoder HD',
      label: 'Main hall',
      software: '3.5',
    })
    await untilStatus(/^ok 6\.0 Mb\/s$/)
    assert.equal(runtime.sent('encoder').at(-1)?.topic, 'main encoder')
    assert.equal(runtime.status('encoder').fill, 'green')
  })

  it('is well while the encoder is idle, and says that it is', async () => {
    await start(encoder({ protocol: 'ethernet', address: simulator.textAddress }))
    await untilStatus('^ok, idle$')
    assert.equal(newest()?.measurements.protocol, 'ethernet')
  })

  it('says at once that an encoder does not answer, and then what to do', async () => {
    open()
    await start(encoder({ address: '' }))
    const limits = { encoderUnreachable: { enter: 1, clearHold: 0 } }
    const target = { name: 'left', address: simulator.restAddress, limits }
    runtime.receive('encoder', { payload: { action: 'watch', kind: 'encoder', target } })
    await untilSeen(({ state }) => state === 'ok')
    await simulator.switchOff()
    await untilSeen(({ state }) => state === 'down')
    await untilStatus('^down$')
    await untilSeen(({ issues }) => issues.some(({ type }) => type === 'encoderUnreachable'))
    assert.match(newest()?.issues[0]?.summary ?? '', /No answer from the encoder for \d.* nothing listens there/)
    await simulator.switchOn()
    await untilSeen(({ state, issues }) => state === 'ok' && issues.length === 0)
  })

  it('does not know of an encoder whose answer makes no sense', async () => {
    open()
    await start(encoder({ protocol: 'rest' }))
    await untilSeen(({ state }) => state === 'ok')
    simulator.fail({ fault: 'status', code: 404 })
    await untilStatus('^no-livestreams$')
    assert.equal(newest()?.state, 'unknown')
    assert.match(newest()?.error?.message ?? '', /Try the protocol "ethernet"/)
    simulator.fail({ fault: 'none' })
    await untilSeen(({ state }) => state === 'ok')
  })

  it('never says the key that the encoder reveals', async () => {
    open()
    await start(encoder({ protocol: 'ethernet', address: simulator.textAddress }), {
      id: 'record',
      type: 'hmonitor-record',
    })
    await untilSeen(({ state }) => state === 'ok')
    const { streamKey, passphrase } = simulator.device.options
    const { body } = await expositionOf(monitorState('default').metrics)
    const said = JSON.stringify([0, 1, 2].map((port) => runtime.sent('encoder', port))) + body
    assert.ok(!said.includes(streamKey))
    assert.ok(!said.includes(passphrase))
  })

  it('watches any number of encoders by message, and answers when asked', async () => {
    await start(encoder({ name: '', address: '' }))
    const target = { name: 'left', address: simulator.restAddress, labels: { hall: 'left' } }
    runtime.receive('encoder', { payload: { action: 'watch', kind: 'encoder', target } })
    await untilSeen(({ target, state }) => target === 'left' && state === 'ok')
    const asked = simulator.questions.length
    runtime.receive('encoder', { topic: 'left', payload: 'now', _msgid: 'question' })
    await until(() => runtime.sent('encoder', 2).length === 1, 3, 'the answer')
    const [answer = {}] = runtime.sent('encoder', 2)
    assert.equal((answer.payload as EncoderObservation).target, 'left')
    assert.ok(simulator.questions.length > asked)
    runtime.receive('encoder', { payload: { action: 'unwatch', kind: 'encoder', name: 'left' } })
    await untilStatus('^no targets$')
  })

  it('refuses an address that is none, naming neither node nor secret', async () => {
    await start(encoder({ address: 'http://encoder/' }))
    await untilStatus('^refused: see log$')
    runtime.receive('encoder', {
      payload: { action: 'watch', kind: 'encoder', target: { name: 'x', address: 'a:99999' } },
    })
    await until(() => runtime.caught().some(({ code }) => code === 'invalid-target'), 3, 'the error')
  })

  it('keeps its connection over a deploy that changes something else', async () => {
    open()
    const flow = (name: string) =>
      flowOf(encoder({ protocol: 'ethernet', address: simulator.textAddress }), { id: 'other', type: 'helper', name })
    runtime = await TestRuntime.start(flow('one'))
    await untilSeen(({ state }) => state === 'ok')
    const greeted = simulator.connections
    await runtime.deploy(flow('two'))
    const { sequence } = newest() as EncoderObservation
    await untilSeen((observation) => observation.sequence > sequence + 1)
    assert.equal(simulator.connections, greeted)
  })

  it('leaves no connection open when it is removed', async () => {
    await start(encoder({ protocol: 'ethernet', address: simulator.textAddress }))
    await untilSeen(({ state }) => state === 'ok')
    assert.equal(simulator.connections, 1)
    await runtime.deploy(flowOf())
    await until(() => simulator.connections === 0, 3, 'it is closed')
  })

  it('ends the event of a stream that depends on it, when it is stopped', async () => {
    open()
    await start(encoder())
    const state = monitorState('default')
    await untilSeen(({ measurements }) => measurements.deviceState === 'streaming')
    const { followEvents } = await import('../../src/monitor/event-end.ts')
    const heard: string[] = []
    state.directory.enter('stream', 'main', 'test', 1, { dependsOn: ['main encoder'], platform: null, backupOf: null })
    const stop = followEvents(state, {
      name: 'main',
      isOver: () => false,
      endEvent: () => heard.push('ended'),
      beginEvent: () => heard.push('began'),
    })
    simulator.device.stop()
    await until(() => heard.includes('ended'), 3, 'the end')
    simulator.device.start()
    await until(() => heard.includes('began'), 3, 'the beginning')
    stop()
    state.directory.leave('stream', 'main', 'test')
  })
})
