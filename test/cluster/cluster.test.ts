import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { Commands } from '../../src/monitor/commands.ts'
import type { AnswerName } from '../../src/nodes/serve/answer.ts'
import { answerAny } from '../../src/nodes/serve/answer-any.ts'
import { at, startMonitors, type TestMonitor } from './monitors.ts'

describe('a cluster of monitors', () => {
  let stop: () => Promise<unknown> = async () => {}
  afterEach(() => stop())

  async function three(token?: (index: number) => string): Promise<[TestMonitor, TestMonitor, TestMonitor]> {
    const started = await startMonitors(3, token)
    stop = started.stop
    const [a, b, c] = [0, 1, 2].map((index) => at(started.monitors, index))
    if (!a || !b || !c) throw new Error('There are not three')
    return [a, b, c]
  }

  const ask = async (monitor: TestMonitor, name: AnswerName, query: object, path = `/api/v1/${name}`) => {
    const request = { path, query, headers: { host: 'm0:1880' } }
    const asked = { request, payload: undefined, isStarted: true, signal: new AbortController().signal }
    const { statusCode, payload } = await answerAny(name, monitor.state, asked)
    return { statusCode, body: JSON.parse(String(payload)) }
  }
  const command = async (monitor: TestMonitor, payload: object) => {
    const asked = { request: null, payload, isStarted: true, signal: new AbortController().signal }
    const answer = await answerAny('command', monitor.state, asked)
    return { statusCode: answer.statusCode, body: JSON.parse(String(answer.payload)) }
  }

  it('is seen whole from each of them', async () => {
    const monitors = await three()
    for (const [index, monitor] of monitors.entries()) monitor.watch('stream', `s${index}`, 'ok')
    for (const monitor of monitors) {
      await monitor.cluster.status(0)
      const { statusCode, body } = await ask(monitor, 'status', { scope: 'cluster' })
      assert.equal(statusCode, 200)
      assert.deepEqual(body.targets.map(({ target }: { target: string }) => target).sort(), ['s0', 's1', 's2'])
      assert.deepEqual(body.cluster.members.map(({ state }: { state: string }) => state).sort(), [
        'answers',
        'answers',
        'this',
      ])
      assert.deepEqual(body.cluster.elsewhere, [])
    }
    assert.equal((await ask(monitors[0], 'status', {})).body.targets.length, 1)
    const chosen = await ask(monitors[0], 'status', { scope: 'cluster', target: 's2' })
    assert.equal(chosen.body.targets[0].monitor, 'hall-2')
    assert.equal((await ask(monitors[0], 'status', { scope: 'cluster', target: 'none' })).statusCode, 404)
    assert.equal((await ask(monitors[0], 'status', { scope: 'world' })).statusCode, 400)
  })

  it('shows the targets of one that has died as unknown, and why', async () => {
    const [first, second, third] = await three()
    second.watch('stream', 's1', 'ok')
    third.watch('stream', 's2', 'ok')
    await first.cluster.status(0)
    await second.stop()
    const { targets, cluster } = await first.cluster.status(0)
    const of = (name: string) => targets.find(({ target }) => target === name)
    assert.equal(of('s1')?.state, 'unknown')
    assert.match(of('s1')?.error?.message ?? '', /^hall-1, which watches it, does not answer: /)
    assert.equal(of('s2')?.state, 'ok')
    assert.equal(cluster.members[1]?.state, 'silent')
    assert.equal(cluster.members[1]?.address, second.url)
  })

  it('waits a second for one that hangs, shows what it said last, and then that it is silent', async () => {
    const [first, second, third] = await three()
    second.watch('stream', 's1', 'ok')
    await first.cluster.status(0)
    second.hang()
    const began = performance.now()
    const { targets } = await first.cluster.status(0)
    assert.ok(performance.now() - began < 2500)
    assert.equal(targets.find(({ target }) => target === 's1')?.state, 'ok')
    for (let times = 0; times < 3; times++) await first.cluster.status(0)
    const late = await first.cluster.status(0)
    assert.equal(late.targets.find(({ target }) => target === 's1')?.state, 'unknown')
    assert.equal(late.cluster.members[2]?.state, 'answers')
    assert.ok(third.asked() > 0)
  })

  it('asks nobody in turn, however many ask at once, and itself only once', async () => {
    const monitors = await three()
    await Promise.all(monitors.map((monitor) => monitor.cluster.status(0)))
    const before = monitors.map((monitor) => monitor.asked())
    await Promise.all([1, 2, 3, 4, 5].map(() => at(monitors, 0).cluster.status(0)))
    assert.deepEqual(
      monitors.map((monitor, index) => monitor.asked() - at(before, index)),
      [0, 1, 1],
    )
    await at(monitors, 0).cluster.status(60)
    assert.equal(at(monitors, 1).asked() - at(before, 1), 1)
  })

  it('says where the token is another', async () => {
    const [first] = await three((index) => (index === 1 ? 'another' : 'one'))
    const { cluster } = await first.cluster.status(0)
    assert.equal(cluster.members[1]?.state, 'silent')
    assert.match(cluster.elsewhere[0]?.fault ?? '', /PEER_TOKEN must be the same on all/)
  })

  it('passes a command on to whom it concerns, and says where nobody takes it or somebody is silent', async () => {
    const [first, second, third] = await three()
    const given: unknown[] = []
    third.state.part(Commands).offer((payload) => given.push(payload) > 0)
    const acknowledge = { action: 'acknowledge', id: '0123456789abcdef', by: 'Ada' }
    assert.deepEqual(await command(first, acknowledge), { statusCode: 200, body: { done: true } })
    assert.deepEqual(given, [acknowledge])
    await third.stop()
    const lost = await command(first, acknowledge)
    assert.equal(lost.statusCode, 503)
    assert.match(lost.body.error.message, /1 monitor of the cluster does not answer/)
    assert.equal(second.asked() > 0, true)
  })

  it('keeps to itself what is set up or tried here, with the passwords in it', async () => {
    const [first, , third] = await three()
    const given: unknown[] = []
    third.state.part(Commands).offer((payload) => given.push(payload) > 0)
    for (const action of ['set-target', 'try-target', 'remove-target', 'set-receiver', 'try-receiver']) {
      assert.equal((await command(first, { action, channel: 'email' })).statusCode, 400, action)
    }
    assert.deepEqual(given, [])
  })

  it('says what is wrong with a command that nobody takes', async () => {
    const [first] = await three()
    const { statusCode, body } = await command(first, { action: 'acknowledge', id: 'x' })
    assert.equal(statusCode, 400)
    assert.equal(body.error.code, 'invalid-message')
  })

  it('has what one of them answers of a target, and says that it is silent where it is', async () => {
    const [first, second] = await three()
    second.watch('stream', 's1', 'ok')
    await first.cluster.status(0)
    const inspected = await ask(first, 'inspect', { scope: 'cluster', target: 's1' })
    // Its node is not there: this is the word of the second monitor.
    assert.deepEqual([inspected.statusCode, inspected.body.error.code], [503, 'busy'])
    assert.equal((await ask(first, 'inspect', { target: 's1' })).statusCode, 404)
    assert.equal((await ask(first, 'inspect', { scope: 'cluster', target: 'none' })).statusCode, 404)
    await second.stop()
    const lost = await ask(first, 'inspect', { scope: 'cluster', target: 's1' })
    assert.deepEqual([lost.statusCode, lost.body.error.code], [503, 'silent-peer'])
    assert.match(lost.body.error.message, /^hall-1, which watches it, does not answer/)
  })

  it('lists the incidents of all, and who is silent', async () => {
    const [first, second, third] = await three()
    const known = { list: [], open: [], judged: [] }
    for (const { state } of [first, second, third]) state.incidents.show('test', known)
    assert.deepEqual((await ask(first, 'incidents', { scope: 'cluster' })).body, {
      ...{ incidents: [], omitted: 0, silent: [] },
    })
    await third.stop()
    assert.deepEqual((await ask(first, 'incidents', { scope: 'cluster' })).body.silent, [2])
    assert.equal((await ask(first, 'incidents', { scope: 'cluster' }, '/api/v1/incidents/abc')).statusCode, 404)
  })

  it('is found by Prometheus from each of them, with the one that is silent', async () => {
    const [first, second] = await three()
    first.state.site = 'main'
    await first.cluster.status(0)
    await second.stop()
    const { body } = await ask(first, 'sd', {})
    assert.deepEqual(
      body.map(({ labels }: { labels: object }) => labels),
      [
        { monitor: 'hall-0', cluster: 'hall', shard: '0', site: 'main' },
        { monitor: 'hall-1', cluster: 'hall', shard: '1' },
        { monitor: 'hall-2', cluster: 'hall', shard: '2' },
      ],
    )
    assert.deepEqual(body[1].targets, [new URL(second.url).host])
  })
})
