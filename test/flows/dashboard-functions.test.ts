import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { source } from '../../scripts/generate-dashboard-flow.ts'
import { issue, measurements, observation } from '../metrics/observations.ts'

type Message = Record<string, unknown> & { payload?: unknown }

const reading = new Function('msg', 'flow', 'context', source('status.js'))
const isStatus = ({ payload }: Message) => typeof payload === 'object' && payload !== null && 'targets' in payload

/** A function node of the dashboard, with the memory that Node-RED would give it. */
function functionNode(file: string) {
  const run = new Function('msg', 'flow', 'context', source(file))
  const memory = new Map<string, unknown>()
  const store = { get: (key: string) => memory.get(key), set: (key: string, value: unknown) => memory.set(key, value) }
  // What a page gets went through JSON, too.
  const given = (msg: Message) => JSON.parse(JSON.stringify(run(structuredClone(msg), store, store)))
  return (msg: Message) => {
    if (!isStatus(msg)) return given(msg)
    reading(structuredClone(msg), store, store)
    return given({ topic: 'status', isLookedAt: true })
  }
}

const START = Date.parse('2026-03-01T10:00:00Z')

describe('what the dashboard makes while nobody looks', () => {
  /** The function nodes that share the flow's memory; what one gets is copied, as of another realm. */
  const tab = () => {
    const memory = new Map<string, unknown>()
    const storeOf = (own: Map<string, unknown>) => ({
      get: (key: string) => own.get(key),
      set: (key: string, value: unknown) => own.set(key, value),
    })
    const node = (file: string) => {
      const run = new Function('msg', 'flow', 'context', source(file))
      const context = storeOf(new Map())
      return (msg: Message) => run(structuredClone(msg), storeOf(memory), context)
    }
    return { reading: node('status.js'), opened: node('viewers.js'), alerts: node('alerts.js'), memory }
  }
  const client = { socketId: 'one' }
  const asked = (times: number, read: (msg: Message) => [unknown, unknown]) =>
    Array.from({ length: times }, (_, second) => read(status([stream('main')], second))).filter(([, pages]) => pages)

  it('is for the pages every ten seconds, and each second from when one opens until it closes', () => {
    const { reading, opened, alerts, memory } = tab()
    assert.equal(asked(21, reading).length, 3)
    assert.deepEqual(opened({ payload: 'connect', _client: client }), { topic: 'again', isLookedAt: true })
    assert.equal(asked(5, reading).length, 5)
    assert.equal(opened({ payload: 'lost', _client: client }), null)
    assert.equal(asked(5, reading).length, 0)
    assert.equal(alerts({ topic: 'status', isLookedAt: false }), null)
    assert.equal(alerts({ topic: 'status', isLookedAt: true }).length, 2)
    assert.ok(memory.get('status'))
  })

  it('goes on each second where the dashboard does not say which page it is that closes', () => {
    const { reading, opened } = tab()
    opened({ payload: 'connect' })
    opened({ payload: 'lost' })
    assert.equal(asked(5, reading).length, 5)
  })

  it('shows no secret by its name, and takes nothing that is no status', () => {
    const { reading, memory } = tab()
    const error = { code: 'x', message: 'rtmp://host/live/${KEY_1} is $5 or ${' }
    reading(status([stream('main', { error })]))
    const shown = memory.get('status') as { targets: { error: { message: string } }[] }
    assert.equal(shown.targets[0]?.error.message, 'rtmp://host/live/*** is $5 or ${')
    assert.equal(reading({ payload: '{"error":{"code":"internal"}}' }), null)
    assert.equal(memory.get('status'), shown)
  })
})

function status(targets: object[], second = 0, alerts: object[] = []): Message {
  const time = new Date(START + second * 1000).toISOString()
  return { payload: { instance: { name: 'hall', site: 'north', time }, targets, alerts } }
}

const stream = (target: string, changes: object = {}) =>
  observation({ target, issues: [], time: new Date(START).toISOString(), ...changes })

describe('the memory of the page of one stream', () => {
  const client = { socketId: 'one' }
  const show = (target: string): Message => ({ _client: client, payload: { action: 'show', target } })

  it('gives a viewer the whole of it when he comes, and then one sample a second, to him alone', () => {
    const history = functionNode('history.js')
    for (let second = 0; second < 5; second += 1) history(status([stream('main')], second))
    const [first] = history(show('main'))
    assert.equal(first.payload.samples.length, 5)
    assert.deepEqual(first._client, client)
    const [messages] = history(status([stream('main')], 5))
    assert.equal(messages.length, 1)
    assert.deepEqual(messages[0]._client, client)
    assert.equal(messages[0].payload.samples.length, 1)
  })

  it('is ten minutes long, however long the monitor runs', () => {
    const history = functionNode('history.js')
    for (let second = 0; second < 700; second += 1) history(status([stream('main')], second))
    assert.equal(history(show('main'))[0].payload.samples.length, 600)
  })

  it('marks from when until when a fault lasted', () => {
    const history = functionNode('history.js')
    const fault = { ...issue('frameRateLow', 'warning'), since: new Date(START + 1000).toISOString() }
    history(status([stream('main')], 0))
    history(status([stream('main', { state: 'degraded', issues: [fault] })], 2))
    history(status([stream('main', { state: 'degraded', issues: [fault] })], 3))
    history(status([stream('main')], 9))
    const { events } = history(show('main'))[0].payload
    const marks = events.filter(({ what }: { what: string }) => what === 'issue')
    assert.equal(marks.length, 1)
    assert.deepEqual([marks[0].time, marks[0].until], [START + 1000, START + 9000])
    const changes = events.filter(({ what }: { what: string }) => what === 'state')
    assert.deepEqual(
      changes.map(({ from, to }: { from: string; to: string }) => `${from} ${to}`),
      ['degraded ok', 'ok degraded'],
    )
  })

  it('says of a fault that goes on what is known of it now, and puts the newest first', () => {
    const history = functionNode('history.js')
    const fault = (second: number, summary: string) => ({
      ...{ ...issue('streamOffline', 'error'), summary },
      since: new Date(START + second * 1000).toISOString(),
    })
    history(status([stream('main')], 0))
    history(status([stream('main', { state: 'down' })], 3))
    history(status([stream('main', { state: 'down', issues: [fault(1, 'off for 6 s')] })], 7))
    history(status([stream('main', { state: 'down', issues: [fault(1, 'off for 44 s')] })], 45))
    const { events } = history(show('main'))[0].payload
    assert.deepEqual(
      events.map(({ what, summary }: { what: string; summary?: string }) => summary ?? what),
      ['state', 'off for 44 s'],
    )
  })

  it('has a gap where nothing was measured', () => {
    const history = functionNode('history.js')
    history(status([stream('main', { state: 'unknown', measurements: measurements() })]))
    const [sample] = history(show('main'))[0].payload.samples
    assert.deepEqual(sample.slice(1), [null, null, null, null, null, null, null])
  })

  it('shows the worst stream to who asks for none, and says so where there is none at all', () => {
    const history = functionNode('history.js')
    history(status([stream('well'), stream('bad', { state: 'down' })]))
    assert.equal(history(show(''))[0].payload.target, 'bad')
    history(status([]))
    assert.equal(history(show('well'))[0].payload.target, null)
  })

  it('forgets a stream that is not watched any more', () => {
    const history = functionNode('history.js')
    history(status([stream('main')]))
    history(status([], 1))
    history(status([stream('main')], 2))
    assert.equal(history(show('main'))[0].payload.samples.length, 1)
  })

  it('passes the word that an event is over on, and keeps what nobody understands', () => {
    const history = functionNode('history.js')
    const word = { payload: { action: 'expect', kind: 'stream', name: 'main', expected: false } }
    assert.deepEqual(history(word), [null, word, null])
    assert.equal(history({ payload: { action: 'dance' } }), null)
    assert.equal(history({}), null)
  })

  it('has a picture made of the stream that a viewer looks at, and of none else', () => {
    const history = functionNode('history.js')
    const asked = { _client: client, payload: { action: 'picture', target: 'main' } }
    assert.deepEqual(history(asked), [null, null, { ...asked, topic: 'main' }])
    history(status([stream('main')]))
    assert.equal(history(status([stream('main')], 1))[2], null)
  })
})

describe('a picture on its way to who asked', () => {
  const run = new Function('msg', source('picture.js'))
  const asked = { _client: { socketId: 'one' }, topic: 'main' }

  it('goes by the connection that has logged in, with the time at which it was so', () => {
    const headers = {
      'content-type': 'image/jpeg',
      'last-modified': 'Sun, 01 Mar 2026 10:00:00 GMT',
    }
    const { _client, payload } = run({ ...asked, statusCode: 200, headers, payload: Buffer.from('jpeg') })
    assert.deepEqual(_client, asked._client)
    assert.deepEqual(payload.picture, {
      ...{ target: 'main', src: 'data:image/jpeg;base64,anBlZw==', at: Date.parse('2026-03-01T10:00:00Z') },
    })
  })

  it('is the reason where there is none', () => {
    const said = JSON.stringify({ error: { code: 'no-picture', message: 'It is off.' } })
    const { payload } = run({ ...asked, statusCode: 409, headers: {}, payload: said })
    assert.deepEqual(payload.picture, { target: 'main', none: 'It is off.', code: 'no-picture' })
  })
})

describe('the page of alerts', () => {
  const alert = (changes: object = {}) => ({
    ...{ id: 'a', alertname: 'HmonitorStreamOffline', severity: 'critical', status: 'firing', kind: 'stream' },
    ...{ target: 'main', startsAt: new Date(START).toISOString(), issue: issue('streamOffline', 'error'), effects: [] },
    ...changes,
  })

  it('shows what fires, the gravest first, and afterwards how long it did', () => {
    const alerts = functionNode('alerts.js')
    const warning = alert({ id: 'b', severity: 'warning' })
    const { firing } = alerts(status([], 0, [warning, alert()]))[0].payload
    assert.deepEqual(
      firing.map(({ id }: { id: string }) => id),
      ['a', 'b'],
    )
    const after = alerts(status([], 30, [warning]))[0].payload
    assert.equal(after.firing.length, 1)
    assert.equal(after.past[0].id, 'a')
    assert.equal(after.past[0].endedAt, START + 30_000)
  })

  const diagnosis = {
    ...{ location: 'uplink', cause: 'uplinkCut', probability: 0.95, confidence: 'certain', says: 'The line is cut' },
    ...{ evidenceFor: ['a', 'b', 'c', 'd'], evidenceAgainst: [], wouldDecide: null, remedy: ['Call the provider.'] },
  }

  it('says where the fault is, how sure that is and why, with what helps against it', () => {
    const known = alert({ diagnosis })
    const [shown] = functionNode('alerts.js')(status([], 0, [known]))[0].payload.firing
    assert.deepEqual(shown.cause, {
      ...{ says: 'The line is cut', orElse: null, confidence: 'certain', why: ['a', 'b', 'c'], wouldDecide: null },
    })
    assert.deepEqual(shown.remedy, ['Call the provider.'])
  })

  it('names the other place where it may as well be, and what helps against both', () => {
    const orElse = { location: 'server', cause: 'serverDown', says: 'The server is down' }
    const known = alert({ diagnosis: { ...diagnosis, confidence: 'possible', orElse } })
    const [shown] = functionNode('alerts.js')(status([], 0, [known]))[0].payload.firing
    assert.equal(shown.cause.orElse, 'The server is down')
    assert.deepEqual(shown.remedy, ['Call the provider.'])
  })

  it('keeps to what helps against what is seen where the place is only possible or not known', () => {
    const alerts = functionNode('alerts.js')
    for (const given of [
      { ...diagnosis, confidence: 'possible' },
      { ...diagnosis, confidence: null, remedy: [] },
    ]) {
      const [shown] = alerts(status([], 0, [alert({ diagnosis: given })]))[0].payload.firing
      assert.deepEqual(shown.remedy, alert().issue.remedy)
    }
  })

  it('puts behind what follows from another alert, and names that one', () => {
    const effect = alert({ id: 'effect', target: 'main' })
    const cause = alert({ id: 'cause', kind: 'encoder', target: 'encoder', effects: ['stream main'] })
    const power = alert({ id: 'power', kind: 'ping', target: 'ups', effects: ['encoder encoder', 'stream main'] })
    const { firing } = functionNode('alerts.js')(status([], 0, [effect, cause, power]))[0].payload
    assert.deepEqual(
      firing.map(({ id, follows }: { id: string; follows: string | null }) => [id, follows]),
      [
        ['power', null],
        ['effect', 'ups'],
        ['cause', 'ups'],
      ],
    )
  })

  it('lets nothing follow from a warning, nor from itself in a circle', () => {
    const effect = alert({ id: 'effect', target: 'main', effects: ['encoder encoder'] })
    const warning = alert({
      id: 'cause',
      kind: 'encoder',
      target: 'encoder',
      severity: 'warning',
      effects: ['stream main'],
    })
    const circle = { ...warning, severity: 'critical' }
    for (const other of [warning, circle]) {
      const { firing } = functionNode('alerts.js')(status([], 0, [effect, other]))[0].payload
      assert.equal(firing.find(({ id }: { id: string }) => id === 'effect').follows, null)
    }
  })

  it('tells every page what the alarm needs, and whom it need not wake', () => {
    const given = [
      alert({ id: 'new' }),
      alert({ id: 'seen', acknowledgedBy: 'Ada' }),
      alert({ id: 'silenced', silencedUntil: new Date(START + 60_000).toISOString() }),
      alert({ id: 'cause', kind: 'encoder', target: 'encoder', effects: ['stream effect'] }),
      alert({ id: 'effect', target: 'effect' }),
    ]
    const [, alarm] = functionNode('alerts.js')(status([], 0, given))
    const quiet = alarm.payload.firing.map(({ key, isQuiet }: { key: string; isQuiet: boolean }) => [
      key.split(' ')[0],
      isQuiet,
    ])
    assert.deepEqual(Object.fromEntries(quiet), {
      ...{ new: false, cause: false },
      ...{ seen: true, silenced: true, effect: true },
    })
  })

  it('keeps a hundred of them', () => {
    const alerts = functionNode('alerts.js')
    for (let at = 0; at < 150; at += 1) {
      alerts(status([], at, [alert({ id: String(at) })]))
    }
    assert.equal(alerts(status([], 200))[0].payload.past.length, 100)
  })
})

describe('the streams to choose from for a preflight', () => {
  it('are told when they change', () => {
    const streams = functionNode('streams.js')
    assert.deepEqual(streams(status([stream('b'), stream('a')])).payload.streams, ['a', 'b'])
    assert.equal(streams(status([stream('a'), stream('b')])), null)
    assert.deepEqual(streams(status([])).payload.streams, [])
  })
})

describe('the incidents of the dashboard', () => {
  const shown = (incidents: unknown) => {
    const { payload } = functionNode('incidents.js')({
      payload: { instance: { time: new Date(START).toISOString() }, targets: [], incidents },
    })
    return payload as { open: Record<string, unknown>[]; ended: Record<string, unknown>[]; isGrouped: boolean }
  }
  const incident = (id: string, changes: Record<string, unknown> = {}) => ({
    ...{ id, severity: 'critical', site: 'hall', status: 'open', startsAt: new Date(START - 60_000).toISOString() },
    members: [{ kind: 'stream', target: 'main', status: 'firing', summary: 'No media for 12 s' }],
    diagnosis: {
      ...{
        location: 'server',
        confidence: 'likely',
        says: 'The server is down',
        evidenceFor: ['others are down, too'],
      },
      ...{ evidenceAgainst: [], wouldDecide: 'add the computer of the server as a host' },
    },
    ...{ remedy: ['Restart the server.'], timeline: [], ...changes },
  })

  it('begin with the cause where it is sure enough, and else with what is worst, and say where and why', () => {
    const { open } = shown([incident('a', { diagnosis: null }), incident('b')])
    assert.deepEqual(
      open.map(({ headline, place, why }) => [headline, place, why]),
      [
        ['stream main: No media for 12 s', 'Nobody can say yet where the fault is', []],
        ['The server is down', 'Probably the server', ['others are down, too']],
      ],
    )
  })

  it('name the other place where it may as well be', () => {
    const orElse = { location: 'uplink', cause: 'uplinkCut', says: 'The line is cut' }
    const both = { ...incident('a').diagnosis, confidence: 'possible', orElse }
    assert.equal(
      shown([incident('a', { diagnosis: both })]).open[0]?.place,
      'Probably the server, or the line from the venue to the server',
    )
  })

  it('stand with the gravest first, what somebody is on last, and apart from what is over', () => {
    const { open, ended } = shown([
      incident('warning', { severity: 'warning' }),
      incident('known', { acknowledgedBy: 'crew' }),
      incident('new'),
      incident('over', { status: 'ended', endsAt: new Date(START).toISOString() }),
      incident('merged', { status: 'ended', endsAt: new Date(START).toISOString(), mergedInto: 'new' }),
    ])
    assert.deepEqual(
      open.map(({ id }) => id),
      ['new', 'warning', 'known'],
    )
    assert.deepEqual(
      ended.map(({ id }) => id),
      ['over'],
    )
  })

  it('are not said to be none where nothing is grouped', () => {
    assert.equal(shown(undefined).isGrouped, false)
    assert.equal(shown([]).isGrouped, true)
  })
})
