import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEvent } from '../../src/logs/parse-event.ts'
import { monitorEvent, OFFLINE, raised } from './fixtures.ts'

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

  const faults: [fault: RegExp, payload: object][] = [
    [/event must be one of/, { ...monitorEvent(), event: 'party' }],
    [/kind must be one of/, { ...monitorEvent(), kind: 'weather' }],
    [/target must be a name/, { ...monitorEvent(), target: '' }],
    [/labels must be/, { ...monitorEvent(), labels: { room: 1 } }],
    [/labels must be/, { ...monitorEvent(), labels: undefined }],
    [/time must be/, { ...monitorEvent(), time: 'noon' }],
    [/from must be text/, { ...monitorEvent(), from: 1 }],
    [/to must be text/, { ...monitorEvent(), to: {} }],
    [/must say to what/, { ...monitorEvent(), to: undefined }],
    [/duration must be/, { ...monitorEvent(), duration: -1 }],
    [/duration must be/, { ...monitorEvent(), duration: Number.POSITIVE_INFINITY }],
    [/issue must be an issue/, { ...raised(), issue: undefined }],
    [/must have a type and a summary/, { ...raised(), issue: { ...OFFLINE, summary: 7 } }],
    [/severity must be one of/, { ...raised(), issue: { ...OFFLINE, severity: 'bad' } }],
    [/since when/, { ...raised(), issue: { ...OFFLINE, since: 'yesterday' } }],
    [/remedy/, { ...raised(), issue: { ...OFFLINE, remedy: 'Run' } }],
    [/unit of the issue/, { ...raised(), issue: { ...OFFLINE, unit: 7 } }],
    [/lists of types/, { ...raised(), issue: { ...OFFLINE, supersedes: 'streamStalled' } }],
    [/lists of types/, { ...raised(), issue: { ...OFFLINE, explains: [{}] } }],
    [/measured and expected/, { ...raised(), issue: { ...OFFLINE, measured: {} } }],
  ]
  for (const [fault, payload] of faults) {
    it(`is refused where ${fault.source}: ${JSON.stringify(payload).slice(0, 40)}`, () => {
      assert.throws(() => parseEvent(payload), { code: 'invalid-message', message: fault })
    })
  }
})
