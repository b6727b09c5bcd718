import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { messageEntry } from '../../src/history/entries.ts'
import type { HistoryEntry, StateInterval } from '../../src/history/records.ts'
import type { Incident } from '../../src/observation/incident.ts'
import type { State } from '../../src/observation/observation.ts'
import { expectedIn, gapsIn, happenedIn, seriesOf, stepFor } from '../../src/report/recorded.ts'
import { firing } from '../logs/fixtures.ts'

const own = { kind: 'stream', target: 'main' } as const
const state = (from: number, to: number, is: State = 'ok', expected = true): StateInterval => ({
  ...{ ...own, from: from * 1000, to: to * 1000, state: is, expected },
})
const seconds = (list: readonly { from: number; to: number }[]) => list.map(({ from, to }) => [from / 1000, to / 1000])

describe('what was recorded', () => {
  it('has a gap where nothing was, and none between two observations', () => {
    assert.deepEqual(seconds(gapsIn([state(0, 10), state(10.5, 20), state(60, 90)])), [[20, 60]])
    assert.deepEqual(gapsIn([]), [])
  })

  it('goes on being expected over a gap, if it was expected before and after', () => {
    assert.deepEqual(seconds(expectedIn([state(0, 20), state(60, 90)])), [[0, 90]])
    assert.deepEqual(seconds(expectedIn([state(0, 20), state(60, 90, 'off', false)])), [[0, 20]])
    assert.deepEqual(seconds(expectedIn([state(0, 20, 'off', false), state(60, 90)])), [[60, 90]])
  })

  it('becomes a series for each measure, as long as it was measured', () => {
    const value = { mean: 5, min: 4, max: 6, count: 10, measured: 8 }
    const [first, second] = seriesOf(
      [
        { ...own, from: 0, values: { drift: value } },
        { ...own, from: 10_000, values: { drift: value, framesPerSecond: value } },
      ],
      10_000,
    )
    assert.deepEqual([first?.measure, first?.step, first?.slices.length], ['drift', 10, 2])
    assert.deepEqual(second?.slices, [{ at: 10_000, mean: 5, min: 4, max: 6, measured: 8 }])
  })

  it('is joined so that a month has no more slices than some hours', () => {
    assert.equal(stepFor({ from: 0, to: 6 * 3_600_000 }), 10_000)
    assert.ok((31 * 86_400_000) / stepFor({ from: 0, to: 31 * 86_400_000 }) <= 2160)
  })
})

describe('what happened', () => {
  const span = { from: Date.parse('2026-03-01T10:00:00Z'), to: Date.parse('2026-03-01T11:00:00Z') }
  const timezone = 'UTC'
  const event = (time: string, what: 'raised' | 'cleared', measured: number, more: object = {}): HistoryEntry => ({
    ...{ type: 'event', of: own, time: Date.parse(time), ended: null, key: null },
    content: {
      ...{ event: what, ...own, labels: {}, time, ...more },
      issue: {
        type: 'bitrateLow',
        severity: 'warning',
        since: time,
        measured,
        expected: 10,
        summary: `${measured}`,
        remedy: ['x'],
      },
    },
  })

  it('is an issue from when it was raised until it was cleared, with the worst of both values', () => {
    const { issues } = happenedIn(
      [event('2026-03-01T10:10:00Z', 'raised', 8), event('2026-03-01T10:11:00Z', 'cleared', 3, { duration: 60 })],
      span,
      timezone,
    )
    assert.deepEqual(
      issues.map(({ from, to, issue }) => [to === null ? null : (to - from) / 1000, issue.measured]),
      [[60, 3]],
    )
  })

  it('knows when an issue began whose beginning is not there any more', () => {
    const { issues } = happenedIn([event('2026-03-01T10:00:10Z', 'cleared', 3, { duration: 30 })], span, timezone)
    assert.equal(issues[0]?.from, Date.parse('2026-03-01T09:59:40Z'))
  })

  it('ends an issue that the monitor did not see end when it is raised again', () => {
    const { issues } = happenedIn(
      [event('2026-03-01T10:10:00Z', 'raised', 8), event('2026-03-01T10:30:00Z', 'raised', 8)],
      span,
      timezone,
    )
    assert.deepEqual(
      issues.map(({ to }) => to),
      [Date.parse('2026-03-01T10:30:00Z'), null],
    )
  })

  it('ends an issue when another says more of the same fact, and when its target is well', () => {
    const raised = (time: string, type: string, more: object): HistoryEntry => {
      const { content, ...entry } = event(time, 'raised', 8)
      const { issue, ...rest } = content as { issue: object }
      return { ...entry, content: { ...rest, issue: { ...issue, type, ...more } } }
    }
    const well = { event: 'state', ...own, labels: {}, time: '2026-03-01T10:12:00Z', from: 'down', to: 'ok' }
    const { issues } = happenedIn(
      [
        raised('2026-03-01T10:10:00Z', 'streamStalled', {}),
        raised('2026-03-01T10:11:00Z', 'streamOffline', { supersedes: ['streamStalled'] }),
        { type: 'event', of: own, time: 0, ended: null, key: null, content: well },
      ],
      span,
      timezone,
    )
    assert.deepEqual(
      issues.map(({ from, to }) => (to ?? 0) - from),
      [60_000, 60_000],
    )
  })

  it('is one issue until another says more, where that is said', () => {
    const { content, ...entry } = event('2026-03-01T10:11:00Z', 'raised', 8)
    const superseded = { ...entry, content: { ...(content as object), event: 'superseded', to: 'less', duration: 60 } }
    const { issues, events } = happenedIn([event('2026-03-01T10:10:00Z', 'raised', 8), superseded], span, timezone)
    assert.deepEqual(
      issues.map(({ from, to }) => (to ?? 0) - from),
      [60_000],
    )
    assert.match(events[1]?.says ?? '', /bitrateLow is less now, after 1 min/)
  })

  it('leaves out what was over before', () => {
    const { issues } = happenedIn(
      [event('2026-03-01T09:10:00Z', 'raised', 8), event('2026-03-01T09:11:00Z', 'cleared', 3, { duration: 60 })],
      span,
      timezone,
    )
    assert.deepEqual(issues, [])
  })

  it('takes each alert for an incident where there are none, and says who was told', () => {
    const alert = firing()
    const at = Date.parse(alert.time)
    const entries: HistoryEntry[] = [
      { type: 'alert', of: own, time: at, ended: null, key: 'a', content: alert },
      messageEntry('crew', { subject: 'Critical', tone: 'critical', alerts: [alert] }, at + 1000),
    ]
    const { incidents, messages } = happenedIn(entries, span, timezone)
    assert.deepEqual(
      incidents.map(({ members }) => members),
      [[{ kind: alert.kind, target: alert.target }]],
    )
    assert.deepEqual(
      messages.map(({ receiver, about: [about] }) => [receiver, about?.target]),
      [['crew', alert.target]],
    )
  })

  it('says who was told of an incident that a target was in', () => {
    const at = span.from
    const incident = { id: 'i1', members: [{ ...own, alerts: [] }] } as unknown as Incident
    const told = { subject: 'Critical', tone: 'critical', alerts: [], incidents: [incident] } as const
    const { messages } = happenedIn([messageEntry('crew', told, at)], span, timezone)
    assert.deepEqual(messages[0]?.about, [own])
  })

  it('passes over what it cannot read', () => {
    const broken = ['event', 'alert', 'incident', 'message'] as const
    const entries = broken.flatMap((type) =>
      [null, 5, 'x', {}, [], { receiver: 1 }].map(
        (content): HistoryEntry => ({
          ...{ type, of: null, time: 0, ended: null, key: null, content },
        }),
      ),
    )
    assert.deepEqual(happenedIn(entries, span, timezone), { issues: [], incidents: [], messages: [], events: [] })
  })
})
