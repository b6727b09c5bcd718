import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAlert, parseEvent, parseObservation } from '../../src/observation/messages.ts'
import { firing, monitorEvent, OFFLINE, raised } from '../logs/fixtures.ts'

describe('an event in a message', () => {
  for (const event of [
    monitorEvent(),
    raised(),
    monitorEvent({ event: 'session', to: 'refused', duration: 12.5 }),
    { ...raised(), event: 'cleared', duration: 3 },
    { ...raised(), issue: { ...OFFLINE, measured: 'h264', expected: undefined } },
  ]) {
    it(`is taken as it is: ${JSON.stringify(event).slice(0, 60)}`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(parseEvent(event))), JSON.parse(JSON.stringify(event)))
    })
  }

  it('is a copy, because the flow may change the message', () => {
    const event = structuredClone(raised())
    const taken = parseEvent(event)
    event.labels.programme = 'monday'
    event.issue?.remedy.push('Something else.')
    assert.equal(taken?.labels.programme, 'sunday')
    assert.equal(taken?.issue?.remedy.includes('Something else.'), false)
  })

  it('brings nothing along that an event does not have', () => {
    assert.deepEqual(Object.keys(parseEvent({ ...monitorEvent(), req: {}, more: 1 }) ?? {}), [
      ...['event', 'kind', 'target', 'labels', 'time', 'from', 'to'],
    ])
  })

  it('is none where nothing says so', () => {
    for (const payload of [
      undefined,
      null,
      'text',
      7,
      [],
      {},
      { kind: 'stream', measurements: {} },
      { alertname: 'x' },
    ])
      assert.equal(parseEvent(payload), null)
  })

  const faults: [fault: string, payload: object][] = [
    ['"event" must be one of "state", "raised"', { ...monitorEvent(), event: 'party' }],
    ['"kind" must be one of "stream", "ping"', { ...monitorEvent(), kind: 'weather' }],
    ['"target" must not be empty', { ...monitorEvent(), target: '' }],
    ['"labels.room" must be text', { ...monitorEvent(), labels: { room: 1 } }],
    ['"labels" is missing', { ...monitorEvent(), labels: undefined }],
    ['"time" must be a time such as', { ...monitorEvent(), time: 'noon' }],
    ['"from" must be text', { ...monitorEvent(), from: 1 }],
    ['"to" must be text', { ...monitorEvent(), to: {} }],
    ['"to" is missing', { ...monitorEvent(), to: undefined }],
    ['"duration" must be at least 0, not -1', { ...monitorEvent(), duration: -1 }],
    ['"duration" must be a number', { ...monitorEvent(), duration: Number.POSITIVE_INFINITY }],
    ['"issue" is missing', { ...raised(), issue: undefined }],
    ['"issue" lacks "type"', { ...raised(), issue: { ...OFFLINE, type: undefined } }],
    ['"issue.summary" must be text', { ...raised(), issue: { ...OFFLINE, summary: 7 } }],
    ['"issue.severity" must be one of', { ...raised(), issue: { ...OFFLINE, severity: 'bad' } }],
    ['"issue.since" must be a time such as', { ...raised(), issue: { ...OFFLINE, since: 'yesterday' } }],
    ['"issue.remedy" must be a list', { ...raised(), issue: { ...OFFLINE, remedy: 'Run' } }],
    ['"issue.unit" must be text', { ...raised(), issue: { ...OFFLINE, unit: 7 } }],
    ['"issue.supersedes" must be a list', { ...raised(), issue: { ...OFFLINE, supersedes: 'streamStalled' } }],
    ['"issue.explains.0" must be text', { ...raised(), issue: { ...OFFLINE, explains: [{}] } }],
    ['"issue.measured" must be a number or text', { ...raised(), issue: { ...OFFLINE, measured: {} } }],
  ]
  for (const [fault, payload] of faults) {
    it(`is refused where ${fault}`, () => {
      assert.throws(
        () => parseEvent(payload),
        ({ code, message }: Error & { code?: string }) =>
          code === 'invalid-message' && message.startsWith(`event: ${fault}`),
      )
    })
  }
})

const OBSERVATION = {
  ...{ kind: 'stream', target: 'main', labels: {}, time: '2026-03-01T10:00:00.000Z', sequence: 1, state: 'down' },
  ...{ expected: true, score: 0, measurements: { up: false }, issues: [OFFLINE] },
}

describe('an issue that a flow has made', () => {
  it('needs nothing but its type, in an observation, an event and an alert alike', () => {
    const issue = { type: 'roomTooHot' }
    const whole = { type: 'roomTooHot', severity: 'info', summary: 'roomTooHot', remedy: [] }
    const { time } = OBSERVATION
    assert.deepEqual(parseObservation({ ...OBSERVATION, issues: [issue] })?.issues, [{ ...whole, since: time }])
    assert.deepEqual(parseEvent({ ...raised(), issue })?.issue, { ...whole, since: raised().time })
    assert.deepEqual(parseAlert({ ...firing(), issue })?.issue, { ...whole, since: firing().startsAt })
  })

  it('is refused in all of them where it says what cannot be', () => {
    const issue = { ...OFFLINE, since: 'yesterday' }
    assert.throws(() => parseObservation({ ...OBSERVATION, issues: [OFFLINE, issue] }), {
      message: /^observation: "issues\.1\.since" must be a time/,
    })
    assert.throws(() => parseEvent({ ...raised(), issue }), { message: /^event: "issue\.since" must be a time/ })
    assert.throws(() => parseAlert({ ...firing(), issue }), { message: /^alert: "issue\.since" must be a time/ })
  })
})

describe('what comes from a flow', () => {
  it('may have more keys, and brings none of them along', () => {
    const observation = parseObservation({ ...OBSERVATION, req: { socket: () => {} }, more: 1 })
    assert.deepEqual(observation, OBSERVATION)
    assert.deepEqual(parseAlert({ ...firing(), res: () => {} }), firing())
  })

  it('is for notify where it does not say who tells people, and lacks nothing that a flow may leave out', () => {
    const { via, labels, effects, ...least } = firing()
    assert.deepEqual(parseAlert(least), { ...firing(), labels: {}, effects: [], via: 'notify' })
    assert.equal(parseAlert({ ...least, via: 'alertmanager' })?.via, 'alertmanager')
    assert.throws(() => parseAlert({ ...least, via: 'pigeon' }), { message: /^alert: "via" must be one of/ })
  })

  it('changes nothing that every object has', () => {
    const labels = JSON.parse('{ "__proto__": "x", "constructor": "y" }')
    const taken = parseEvent({ ...monitorEvent(), labels })?.labels
    assert.deepEqual(Object.entries(taken ?? {}), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    assert.equal(Object.getPrototypeOf(taken), Object.prototype)
    assert.throws(() => parseEvent(JSON.parse('{ "event": "restart", "__proto__": { "kind": "stream" } }')), {
      message: 'event: "kind" is missing',
    })
  })

  it('is refused with an error of ours where it holds what is no data', () => {
    const measurements = { up: () => true }
    assert.throws(() => parseObservation({ ...OBSERVATION, measurements }), { code: 'invalid-message' })
  })

  it('has bounds', () => {
    const issues = Array.from({ length: 501 }, () => OFFLINE)
    assert.throws(() => parseObservation({ ...OBSERVATION, issues }), {
      message: 'observation: "issues" must not have more than 500 entries',
    })
    assert.throws(() => parseEvent({ ...raised(), issue: { ...OFFLINE, summary: 'x'.repeat(8193) } }), {
      message: 'event: "issue.summary" must not be longer than 8192 characters',
    })
  })
})
