import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { source } from '../../scripts/generate-dashboard-flow.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Severity } from '../../src/observation/observation.ts'
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

describe('the cards of the overview', () => {
  const cards = functionNode('cards.js')

  it('begin with a monitor of the cluster that is silent, and say what others see otherwise', () => {
    const message = status([
      stream('main', {
        state: 'down',
        seenFrom: [
          { monitor: 'hall-0', state: 'ok' },
          { monitor: 'hall-2', state: 'down' },
        ],
      }),
    ])
    const members = [
      { monitor: 'hall-0', shard: 0, state: 'this', targets: 1, address: null },
      { monitor: 'hall-1', shard: 1, state: 'silent', targets: 3, address: 'http://m1:1880', fault: 'refused' },
    ]
    Object.assign(message.payload as object, { cluster: { name: 'hall', members, elsewhere: [] } })
    const { payload } = cards(message)
    assert.equal(payload.instance.name, 'hall, 2 monitors')
    const [silent, main] = payload.cards
    assert.deepEqual([silent.name, silent.look, silent.entry], ['hall-1', 'down', 'http://m1:1880'])
    assert.equal(silent.issue.summary, 'This monitor does not answer: refused. 3 targets are unknown because of it')
    assert.equal(main.otherwise, 'ok from hall-0')
    assert.equal(cards(status([stream('main')])).payload.cards[0].otherwise, null)
  })

  it('come worst first, and what is not known before what only has a problem', () => {
    const states = ['ok', 'off', 'degraded', 'down', 'unknown'] as const
    const shown = cards(status(states.map((state) => stream(state, { state }))))
    assert.deepEqual(
      shown.payload.cards.map(({ name }: { name: string }) => name),
      ['down', 'unknown', 'degraded', 'ok', 'off'],
    )
    assert.deepEqual(shown.payload.counts, {
      ...{ down: 1, unknown: 1, degraded: 1, ok: 1, off: 1 },
      ...{ never: 0, alarmsOff: 0 },
    })
  })

  it('have what is refused after what is down, in the words of the monitor, and never hundreds of them', () => {
    const entry = {
      ...{ entry: 'streams[1] "main"', title: 'main', effect: 'not-watched' },
      ...{ summary: 'Not watched: unknown key "profil", did you mean "profile"?', remedy: 'Correct it.' },
    }
    const entries = Array.from({ length: 100 }, () => entry)
    const message = status([stream('good', { state: 'ok' }), stream('lost', { state: 'down' })])
    Object.assign(message.payload as object, { rejected: { targets: 500, total: 500, entries } })
    const { payload } = cards(message)
    assert.deepEqual(payload.refused, { watched: 2, targets: 500, mistakes: 500 })
    assert.equal(payload.cards.length, 26)
    const [first, card] = payload.cards
    assert.equal(first.name, 'lost')
    assert.deepEqual(
      [card.name, card.shown, card.look, card.issue.summary, card.issue.remedy],
      ['main', 'refused', 'degraded', entry.summary, entry.remedy],
    )
  })

  for (const [type, severity] of [
    ['streamNeverSeen', 'info'],
    ['streamNeverReached', 'warning'],
  ] as const) {
    it(`are amber for what is off and was never seen (${type})`, () => {
      const { payload } = cards(
        status([stream('main', { state: 'off', expected: false, issues: [issue(type, severity)] })]),
      )
      const [card] = payload.cards
      assert.deepEqual([card.shown, card.look, card.state], ['never', 'degraded', 'off'])
      assert.deepEqual([payload.counts.never, payload.counts.off], [1, 0])
    })
  }

  it('say loudly that alarms are off while media arrives, and are not green then', () => {
    const { payload } = cards(status([stream('main', { state: 'ok', expected: false })]))
    assert.deepEqual([payload.cards[0].alarmsOff, payload.cards[0].look], [true, 'degraded'])
    assert.equal(payload.cards[0].shown, 'quiet')
    assert.deepEqual([payload.counts.alarmsOff, payload.counts.ok], [1, 0])
    const [on] = cards(status([stream('main', { state: 'ok', expected: true })])).payload.cards
    assert.deepEqual([on.alarmsOff, on.look], [false, 'ok'])
  })

  it('have the colour of the worst of their issues, as its alert has it', () => {
    const look = (state: string, ...severities: Severity[]) => {
      const issues = severities.map((severity) => issue('streamOffline', severity))
      return cards(status([stream('main', { state, issues })])).payload.cards[0].look
    }
    assert.equal(look('degraded', 'warning', 'error'), 'down')
    assert.equal(look('degraded', 'warning', 'info'), 'degraded')
    assert.equal(look('ok', 'info'), 'ok')
    assert.equal(look('unknown'), 'unknown')
    assert.equal(look('unknown', 'warning'), 'degraded')
    assert.equal(look('down', 'warning'), 'down')
    assert.equal(look('off'), 'off')
  })

  it('come in the order of their colours, the worse state first where those are equal', () => {
    const of = (severity: Severity) => ({ state: 'degraded', issues: [issue('streamOffline', severity)] })
    const shown = cards(
      status([
        stream('well'),
        stream('amber', of('warning')),
        stream('unknown', { state: 'unknown' }),
        stream('red', of('error')),
        stream('down', { state: 'down', issues: [issue('streamOffline', 'error')] }),
      ]),
    )
    assert.deepEqual(
      shown.payload.cards.map(({ name }: { name: string }) => name),
      ['down', 'red', 'unknown', 'amber', 'well'],
    )
  })

  it('say because of what they are wrong, where that is the fault of another', () => {
    const alert = { status: 'firing', severity: 'critical', kind: 'stream', target: 'main' }
    const cause = { ...alert, kind: 'encoder', target: 'encoder', effects: ['stream main'] }
    const targets = [stream('main', { state: 'down' }), { ...stream('encoder', { state: 'down' }), kind: 'encoder' }]
    const because = (alerts: object[]) =>
      cards(status(targets, 0, alerts)).payload.cards.map((card: { name: string; because: string | null }) => [
        card.name,
        card.because,
      ])
    assert.deepEqual(because([alert, cause]), [
      ['encoder', null],
      ['main', 'encoder'],
    ])
    assert.deepEqual(because([alert, { ...cause, status: 'resolved' }]), [
      ['encoder', null],
      ['main', null],
    ])
  })

  it('name the gravest issue, what to do first, and how many more there are', () => {
    const issues = [issue('streamOffline', 'error'), issue('gopSizeLong', 'warning')]
    const [card] = cards(status([stream('main', { state: 'down', issues })])).payload.cards
    assert.equal(card.issue.summary, issues[0]?.summary)
    assert.equal(card.issue.remedy, issues[0]?.remedy[0] ?? '')
    assert.equal(card.issue.more, 1)
  })

  it('say why a target is not known', () => {
    const error = { code: 'no-ffprobe', message: 'There is no ffprobe' }
    const [card] = cards(status([stream('main', { state: 'unknown', error })])).payload.cards
    assert.equal(card.issue.summary, 'There is no ffprobe')
    assert.deepEqual(card.values, [])
  })

  it('show no value of a target that is not there', () => {
    const [card] = cards(status([stream('main', { state: 'down' })])).payload.cards
    assert.deepEqual(card.values, [])
  })

  it('know of when what they show is, and whether anything was measured at all', () => {
    const [card] = cards(status([stream('main', { sequence: 0 })], 42)).payload.cards
    assert.equal(card.time, START)
    assert.equal(card.measured, false)
  })

  const valuesOf = (kind: string, values: object): unknown =>
    cards(status([{ ...stream('one', { state: 'ok' }), kind, measurements: values }])).payload.cards[0].values

  it('show what is measured, as the descriptor of its kind says, and nothing that is not known', () => {
    const last10s = { videoBytesPerSecond: 500_000, audioBytesPerSecond: 16_000, framesPerSecond: 29.97 }
    assert.deepEqual(valuesOf('stream', { last10s }), ['4.1 Mb/s', '30 fps'])
    assert.deepEqual(valuesOf('stream', { last10s: { ...last10s, framesPerSecond: null } }), ['4.1 Mb/s'])
    assert.deepEqual(valuesOf('ping', { roundTrips: { mean: 0.0123 }, loss: 0.2 }), ['12 ms', '20 % lost'])
    assert.deepEqual(valuesOf('ping', { roundTrips: null, loss: 0 }), [])
    assert.deepEqual(valuesOf('service', { durations: { dns: 0.001, connect: 0.002, tls: null } }), ['3.0 ms'])
    const idle = { deviceState: 'idle', bytesPerSecond: 750_000, cacheUsedRatio: 0.5 }
    assert.deepEqual(valuesOf('encoder', idle), ['idle', 'cache 50 %'])
    assert.deepEqual(valuesOf('platform', { liveState: 'streaming_preview', viewers: 0 }), [
      'streaming preview',
      '0 watching',
    ])
  })

  it('have no decimals from 99.5 Mb/s on, and call no time at all less than what can be measured', () => {
    assert.deepEqual(valuesOf('bandwidth', { bytesPerSecond: 99.4e6 / 8 }), ['99.4 Mb/s'])
    assert.deepEqual(valuesOf('bandwidth', { bytesPerSecond: 99.5e6 / 8 }), ['100 Mb/s'])
    assert.deepEqual(valuesOf('ping', { roundTrips: { mean: 0 } }), ['under 0.1 ms'])
  })

  it('take measurements of any shape', () => {
    const kinds = [...Object.keys(KINDS), 'another']
    const targets = kinds.map((kind) => ({ ...stream(kind), kind, state: 'ok', measurements: {} }))
    assert.equal(cards(status(targets)).payload.cards.length, kinds.length)
  })
})

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

describe('the tables of the other sources', () => {
  it('have a row for every target, whatever is known of it', () => {
    const sources = functionNode('sources.js')
    const kinds = Object.keys(KINDS).filter((kind) => kind !== 'stream')
    const targets = kinds.map((kind) => ({ ...stream(kind), kind, measurements: {} }))
    const { tables } = sources(status([...targets, stream('main')])).payload
    assert.equal(tables.length, kinds.length)
    for (const { columns, rows } of tables) assert.equal(rows[0].cells.length, columns.length)
  })

  const cellsOf = (kind: string, values: object): unknown[] =>
    functionNode('sources.js')(status([{ ...stream('one'), kind, measurements: values }])).payload.tables[0].rows[0]
      .cells

  it('have those of the encoders first, and the others in the order of the kinds', () => {
    const targets = Object.keys(KINDS).map((kind) => ({ ...stream(kind), kind, measurements: {} }))
    assert.deepEqual(
      functionNode('sources.js')(status(targets)).payload.tables.map(({ title }: { title: string }) => title),
      ['Encoders', 'Hosts', 'Services', 'Bandwidth', 'Platform'],
    )
  })

  it('have one decimal whatever the bitrate, write 0 as it is, and a dash for what is not known', () => {
    const testedAt = START / 1000 - 300
    const bandwidth = { direction: 'up', bytesPerSecond: 120e6 / 8, need: null, testedAt, postponed: 'busy' }
    assert.deepEqual(cellsOf('bandwidth', bandwidth), ['up', '120.0 Mb/s', '–', '5 min ago', 'postponed: busy'])
    assert.equal(cellsOf('bandwidth', { testedAt: null }).at(-1), '')
    const ping = { roundTrips: { mean: 0 }, jitter: 0.00005, loss: 0, recent: { received: 19, sent: 20 } }
    assert.deepEqual(cellsOf('ping', ping), ['0.0 ms', 'under 0.1 ms', '0 %', '19 of 20 received', '–'])
    const service = { durations: { response: 0.1 }, httpStatus: 200, certificate: { secondsLeft: 86_400 } }
    assert.deepEqual(cellsOf('service', service).slice(-2), ['200 in 100 ms', '1 day left'])
  })

  it('show a name as it is, and a code in words', () => {
    const encoder = cellsOf('encoder', { deviceState: 'no_signal', device: { model: 'Web_Presenter_4K' } })
    assert.equal(encoder[0], 'no signal')
    assert.equal(encoder.at(-1), 'Web_Presenter_4K')
    assert.equal(cellsOf('ping', { address: 'encoder_2.local' }).at(-1), 'encoder_2.local')
    assert.equal(cellsOf('platform', { event: { title: 'Sunday_service' } })[0], 'Sunday_service')
  })

  it('leave a time to the page, which knows the zone of who looks', () => {
    assert.deepEqual(cellsOf('platform', { nextStart: '2026-03-01T10:30:00+02:00' }).at(-1), {
      time: Date.parse('2026-03-01T08:30:00Z'),
    })
    assert.equal(cellsOf('platform', { nextStart: 'soon' }).at(-1), '–')
    assert.equal(cellsOf('platform', { nextStart: null }).at(-1), '–')
  })

  it('never show in whose place a secret was put away', () => {
    const [address] = cellsOf('ping', { address: 'rtmp://host/live/${STREAM_KEY}' }).slice(-1)
    assert.equal(address, 'rtmp://host/live/***')
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
