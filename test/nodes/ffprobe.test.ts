import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { type InspectionAnswer, Inspections } from '../../src/inspection/inspections.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { FakeFfprobe } from './fake-ffprobe.ts'
import { flowOf, TestRuntime } from './node-red.ts'

describe('the ffprobe node', () => {
  let fake: FakeFfprobe
  let runtime: TestRuntime
  before(async () => {
    fake = await FakeFfprobe.start()
  })
  after(() => fake.stop())
  afterEach(async () => {
    await runtime.stop()
    await untilRunning(0)
  })

  const probe = (more: object = {}): FlowNode => ({
    id: 'probe',
    type: 'hmonitor-ffprobe',
    name: 'main',
    url: fake.server,
    ffprobePath: fake.path,
    ...more,
  })
  const byMessage = (more: object = {}) => probe({ name: '', url: '', ...more })
  const start = async (node: FlowNode, credentials = {}) => {
    runtime = await TestRuntime.start(flowOf(node), credentials)
  }
  const send = (payload: unknown, id = 'probe') => runtime.receive(id, { payload })
  const watch = (name: string, more: object = {}) =>
    send({ action: 'watch', kind: 'stream', target: { name, url: `${fake.server}/${name}` }, ...more })
  const observations = (id = 'probe') => runtime.sent(id).map(({ payload }) => payload as Observation)
  const untilRunning = (count: number) =>
    until(
      () => fake.running().length === count,
      10,
      () => `${count} sessions run, not ${fake.running().length}`,
    )
  const untilOk = (name = 'main', id = 'probe') =>
    until(
      () => observations(id).some(({ target, state }) => target === name && state === 'ok'),
      15,
      () => `${name} is ok, not ${JSON.stringify(observations(id).at(-1))?.slice(0, 600)}`,
    )
  const untilCaught = (code: string) =>
    until(
      () => runtime.caught().some((error) => error.code === code),
      5,
      () => `${code}, not ${JSON.stringify(runtime.caught())}`,
    )
  const untilInspected = () =>
    until(() => monitorState('default').part(Inspections).running === 0, 5, 'no inspection runs')
  const untilAnswered = async () => {
    await until(() => runtime.sent('probe', 2).length === 1, 21, 'the answer')
    const [message = {}] = runtime.sent('probe', 2)
    return { message, answer: message.payload as InspectionAnswer }
  }
  const watched = () =>
    monitorState('default')
      .directory.list('stream')
      .map(({ name }) => name)

  it('watches the stream of its dialog, with its key, and never says the key', async () => {
    await start(probe(), { probe: { streamKey: 'sesame-open' } })
    await untilOk()
    assert.equal(fake.running()[0]?.url, `${fake.server}/sesame-open`)
    const figures = /^ok \d+\.\d Mb\/s \d+ fps$/
    await until(
      () => figures.test(runtime.status('probe').text ?? ''),
      5,
      () => `${runtime.status('probe').text}`,
    )
    assert.equal(runtime.status('probe').fill, 'green')
    const [first] = runtime.sent('probe')
    assert.equal(first?.topic, 'main')
    assert.doesNotMatch(JSON.stringify([runtime.sent('probe'), runtime.sent('probe', 1)]), /sesame/)
  })

  it('says what happened on its second output', async () => {
    await start(probe())
    await untilOk()
    const events = runtime.sent('probe', 1).map(({ payload }) => payload as { event: string; to?: string })
    assert.ok(events.some(({ event, to }) => event === 'state' && to === 'ok'))
  })

  it('names a stream without a name after its server', async () => {
    await start(probe({ name: '' }))
    await untilOk('127.0.0.1')
  })

  it('gives a second stream of one server a number, which it keeps over deploys', async () => {
    const first = probe({ name: '', url: `${fake.server}/first` })
    const second = { ...first, id: 'second', url: `${fake.server}/second` }
    runtime = await TestRuntime.start(flowOf(first, second))
    await untilOk('127.0.0.1')
    await untilOk('127.0.0.1 2', 'second')
    for (const type of ['nodes', 'full'] as const) {
      await runtime.deploy(flowOf(first, { ...second, interval: '2' }), type)
      assert.deepEqual(watched(), ['127.0.0.1', '127.0.0.1 2'])
    }
  })

  it('fills a variable of the flow into its address', async () => {
    process.env.TEST_STREAM_PATH = 'from-environment'
    await start(probe({ url: `${fake.server}/\${TEST_STREAM_PATH}` }))
    await untilOk()
    assert.match(fake.running()[0]?.url ?? '', /\/from-environment$/)
    delete process.env.TEST_STREAM_PATH
  })

  it('watches any number of streams by message, and counts them', async () => {
    await start(byMessage())
    assert.deepEqual(runtime.status('probe'), { fill: 'grey', shape: 'ring', text: 'no targets' })
    watch('one')
    watch('two')
    await untilOk('one')
    await untilOk('two')
    await until(
      () => runtime.status('probe').text === '2 ok',
      5,
      () => `2 ok, not ${runtime.status('probe').text}`,
    )
    send({ action: 'unwatch', kind: 'stream', name: 'one' })
    await untilRunning(1)
    assert.deepEqual(watched(), ['two'])
  })

  it('ends what its sender does not keep', async () => {
    await start(byMessage())
    watch('one', { owner: 'stage plan' })
    watch('two', { owner: 'stage plan' })
    await untilRunning(2)
    send({ action: 'keep', kind: 'stream', owner: 'stage plan', names: ['two'] })
    await untilRunning(1)
    assert.deepEqual(watched(), ['two'])
  })

  it('takes word that a stream is not expected', async () => {
    await start(probe({ expected: 'always' }))
    await untilOk()
    send({ action: 'expect', kind: 'stream', name: 'main', expected: false })
    await until(() => observations().at(-1)?.expected === false, 5, 'it is not expected')
  })

  it('passes over what is for another kind of probe', async () => {
    await start(byMessage())
    send({ action: 'watch', kind: 'ping', target: { name: 'gateway', address: '192.0.2.1' } })
    send({ action: 'unwatch', kind: 'stream', name: 'nobody' })
    await untilCaught('unknown-target')
    assert.equal(runtime.caught().length, 1)
  })

  const wrong: [what: string, payload: unknown, code: string][] = [
    ['no payload', undefined, 'invalid-message'],
    ['text', 'watch', 'invalid-message'],
    ['an unknown action', { action: 'explode' }, 'invalid-message'],
    ['a target without an address', { action: 'watch', kind: 'stream', target: { name: 'x' } }, 'invalid-target'],
    [
      'a file',
      { action: 'watch', kind: 'stream', target: { name: 'x', url: 'file:///etc/passwd' } },
      'forbidden-protocol',
    ],
    ['an option', { action: 'watch', kind: 'stream', target: { name: 'x', url: '-i' } }, 'invalid-target'],
  ]
  for (const [what, payload, code] of wrong) {
    it(`hands ${what} to Catch nodes as ${code}`, async () => {
      await start(byMessage())
      send(payload)
      await untilCaught(code)
      assert.deepEqual(watched(), [])
    })
  }

  it('answers an inspection by a verdict on its third output, on the message that asked', async () => {
    await start(byMessage())
    const url = `${fake.server}/sesame-open`
    runtime.receive('probe', { payload: { action: 'inspect', url, profile: 'custom' }, res: 'kept' })
    const { message, answer } = await untilAnswered()
    assert.equal(message.res, 'kept')
    assert.equal(message.statusCode, 200)
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
    assert.equal(answer.profile, 'custom')
    assert.equal(answer.parameters?.video[0]?.codec, 'h264')
    assert.equal(answer.measurements?.keyframeInterval, 1)
    assert.equal(answer.error, null)
    assert.match(answer.subject, /^rtmpt:/)
    assert.doesNotMatch(JSON.stringify(answer), /sesame/)
    await untilRunning(0)
  })

  it('judges what it watches by name from what it has measured, without a second viewer', async () => {
    const before = fake.sessions().length
    await start(probe(), { probe: { streamKey: 'sesame-open' } })
    await untilOk()
    send({ action: 'inspect', name: 'main', profile: 'youtube' })
    const { answer } = await untilAnswered()
    assert.equal(answer.subject, 'main')
    assert.equal(answer.parameters?.audio[0]?.codec, 'aac')
    assert.equal(answer.profile, 'youtube')
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer.issues))
    assert.equal(fake.sessions().length, before + 1)
  })

  it('runs no more than four inspections at once, and says so to the fifth', async () => {
    await start(byMessage())
    for (let count = 0; count < 5; count += 1) send({ action: 'inspect', url: `${fake.server}/${count}` })
    const { message, answer } = await untilAnswered()
    assert.equal(answer.error?.code, 'busy')
    assert.equal(answer.verdict, 'unknown')
    assert.equal(message.statusCode, 503)
    await runtime.deploy(flowOf())
    await untilInspected()
  })

  it('ends an inspection with the node', async () => {
    await start(byMessage())
    send({ action: 'inspect', url: fake.server })
    await untilRunning(1)
    await runtime.deploy(flowOf())
    await untilRunning(0)
    await untilInspected()
    assert.deepEqual(runtime.caught(), [])
  })

  const failing: [what: string, command: object, code: string, statusCode: number][] = [
    ['a name that it does not watch', { name: 'nobody' }, 'unknown-target', 404],
    ['a file', { url: 'file:///etc/passwd' }, 'forbidden-protocol', 400],
    ['a profile that there is not', { url: 'rtmp://127.0.0.1:1/live/x', profile: 'nobody' }, 'unknown-profile', 400],
    ['an address with a name to fill in', { url: 'rtmp://127.0.0.1:1/live/${KEY}' }, 'missing-variable', 400],
  ]
  for (const [what, command, code, statusCode] of failing) {
    it(`answers an inspection of ${what} with ${code}`, async () => {
      await start(byMessage())
      send({ action: 'inspect', ...command })
      const { message, answer } = await untilAnswered()
      assert.equal(answer.error?.code, code)
      assert.equal(answer.verdict, 'unknown')
      assert.equal(message.statusCode, statusCode)
    })
  }

  it('answers an inspection without an ffprobe that it could not be told', async () => {
    await start(byMessage({ ffprobePath: '/no/such/ffprobe' }))
    send({ action: 'inspect', url: fake.server })
    const { message, answer } = await untilAnswered()
    assert.equal(answer.error?.code, 'no-ffprobe')
    assert.equal(answer.verdict, 'unknown')
    assert.equal(message.statusCode, 503)
  })

  it('is red and says so where there is no ffprobe, and calls no stream well', async () => {
    await start(probe({ ffprobePath: '/no/such/ffprobe' }))
    await until(() => runtime.status('probe').fill === 'red', 5, 'the node is red')
    assert.equal(runtime.status('probe').text, 'no ffprobe: see help')
    assert.equal(observations().at(-1)?.state, 'unknown')
    assert.match(observations().at(-1)?.error?.message ?? '', /apt-get install ffmpeg/)
  })

  const refused: [what: string, more: object, text: RegExp][] = [
    ['an address that can only be published to', { url: 'rtmp://a.rtmp.youtube.com/live2' }, /^refused/],
    ['an interval that is no number', { interval: 'often' }, /^refused/],
    ['a variable that is not set', { url: '${NOT_SET_ANYWHERE}' }, /^NOT_SET/],
    ['a variable within the address that is not set', { url: 'rtmp://127.0.0.1/${NOT_SET_ANYWHERE}/x' }, /^refused/],
    ['a label that cannot be one', { labels: { 'not a label': 'x' } }, /^refused/],
  ]
  for (const [what, more, text] of refused) {
    it(`is red with ${what}, and watches nothing`, async () => {
      await start(probe(more))
      assert.equal(runtime.status('probe').fill, 'red')
      assert.match(runtime.status('probe').text ?? '', text)
      assert.deepEqual(watched(), [])
    })
  }

  it('has no name that another node has, until that node goes', async () => {
    const second = { ...probe({ url: `${fake.server}/second` }), id: 'second' }
    runtime = await TestRuntime.start(flowOf(probe(), second))
    await untilOk()
    assert.deepEqual(runtime.status('second'), { fill: 'red', shape: 'ring', text: 'name already used' })
    const reasons = () => runtime.errors('second').filter((text) => text.includes('another node already'))
    assert.equal(reasons().length, 1)
    const third = { ...probe({ name: 'third' }), id: 'third' }
    await runtime.deploy(flowOf(probe(), second, third), 'nodes')
    assert.equal(reasons().length, 1, 'the same reason is no news')
    await runtime.deploy(flowOf(second), 'nodes')
    await untilOk('main', 'second')
    assert.match(
      fake
        .running()
        .map(({ url }) => url)
        .join(),
      /\/second$/,
    )
  })
})
