import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { incidentRecord } from '../../src/logs/incident-record.ts'
import { isAtLeast } from '../../src/logs/level.ts'
import { alertRecord, eventRecord, lostRecord } from '../../src/logs/records.ts'
import type { AlertChange } from '../../src/observation/alert.ts'
import type { Issue, LogLevel, MonitorEvent, Severity } from '../../src/observation/observation.ts'
import { firing, incidentEvent, monitorEvent, OFFLINE, ORIGIN, raised, resolved, TIME, UPLINK_CUT } from './fixtures.ts'

const recordOf = (event: MonitorEvent) => eventRecord(event, ORIGIN)
const cleared = (): MonitorEvent => ({ ...raised(), event: 'cleared', duration: 252 })

describe('the record of an event', () => {
  it('has the fields of ECS, nested, and its own under hmonitor', () => {
    assert.deepEqual(recordOf(raised()), {
      '@timestamp': TIME,
      log: { level: 'error' },
      message: 'stream main: No data from the stream for 3 s: the server has ended it (since 2026-03-01 09:59:57 UTC)',
      ecs: { version: '8.11.0' },
      service: { name: 'rtmp-hmonitor', version: '1.2.3', node: { name: 'main-hall' } },
      observer: { type: 'sensor', name: 'hall', version: '1.2.3' },
      host: { name: 'watcher' },
      event: {
        kind: 'event',
        category: ['network'],
        type: ['start'],
        action: 'issue-raised',
        dataset: 'rtmp_hmonitor.events',
        provider: 'probe',
        start: OFFLINE.since,
      },
      labels: { programme: 'sunday' },
      hmonitor: { kind: 'stream', target: 'main', monitor: 'hall', issue: OFFLINE },
    })
  })

  it('says how long it lasted, in nanoseconds and in words', () => {
    const { event, message } = recordOf(cleared())
    assert.equal(event.duration, 252_000_000_000)
    assert.match(message, /^stream main: streamOffline is over, it lasted 4 min 12 s\. It was: No data from/)
  })

  it('says from what to what, and how it went', () => {
    const { hmonitor, event, message } = recordOf(monitorEvent())
    assert.deepEqual([hmonitor.from, hmonitor.to, event.outcome], ['ok', 'down', 'failure'])
    assert.equal(message, 'stream main is down; before, it was ok')
    assert.equal(recordOf(monitorEvent({ to: 'ok' })).event.outcome, 'success')
    assert.equal(recordOf(monitorEvent({ to: 'unknown' })).event.outcome, 'unknown')
    assert.equal('outcome' in recordOf(monitorEvent({ to: 'off' })).event, false)
  })

  it('tells of sessions and restarts', () => {
    const session = recordOf(monitorEvent({ event: 'session', to: 'refused', duration: 12 }))
    assert.equal(session.message, 'stream main: a session ended after 12 s: refused')
    assert.equal(session.event.outcome, 'failure')
    assert.equal(recordOf(monitorEvent({ event: 'session', to: 'ended' })).event.outcome, 'success')
    assert.equal(recordOf(monitorEvent({ event: 'restart' })).message, 'stream main: the publisher restarted')
  })

  it('keeps a number and a text apart, because an index has one type per field', () => {
    const issue = { ...OFFLINE, measured: 'h264', expected: 30 }
    const { hmonitor } = recordOf({ ...raised(), issue })
    assert.equal(hmonitor.issue?.measuredText, 'h264')
    assert.equal(hmonitor.issue?.expected, 30)
    assert.equal(hmonitor.issue !== undefined && 'measured' in hmonitor.issue, false)
  })

  it('has no site where the monitor has none', () => {
    assert.equal('node' in eventRecord(monitorEvent(), { ...ORIGIN, site: '' }).service, false)
  })
})

describe('the span of a record', () => {
  const spanOf = ({ event: { start, end, duration } }: ReturnType<typeof recordOf>) => [start, end, duration]

  it('begins with what is raised, and ends with what is cleared, a session or an alert that is over', () => {
    const since = OFFLINE.since
    assert.deepEqual(spanOf(recordOf(raised())), [since, undefined, undefined])
    assert.deepEqual(spanOf(recordOf({ ...cleared(), time: '2026-03-01T10:04:09.000Z' })), [
      since,
      '2026-03-01T10:04:09.000Z',
      252e9,
    ])
    const session = recordOf(monitorEvent({ event: 'session', to: 'ended', duration: 12.5 }))
    assert.deepEqual(spanOf(session), ['2026-03-01T09:59:47.500Z', TIME, 12.5e9])
    assert.deepEqual(spanOf(alertRecord(firing(), ORIGIN)), [since, undefined, undefined])
    assert.deepEqual(spanOf(alertRecord(resolved(), ORIGIN)), [since, '2026-03-01T10:04:09.000Z', 252e9])
    assert.deepEqual(spanOf(recordOf(monitorEvent())), [undefined, undefined, undefined])
  })

  it('leaves out a time that is none, because an index would refuse the whole line', () => {
    const { hmonitor, event } = recordOf({ ...raised(), issue: { ...OFFLINE, since: 'yesterday' } })
    assert.equal('start' in event || 'since' in (hmonitor.issue ?? {}), false)
    const { hmonitor: ofAlert } = alertRecord(firing({ silencedUntil: 'it ends' }), ORIGIN)
    assert.equal('silencedUntil' in (ofAlert.alert ?? {}), false)
  })
})

describe('the record of an incident', () => {
  it('has its members, where the fault is and why, and how sure that is', () => {
    const { event, hmonitor, message, log } = incidentRecord(incidentEvent(), ORIGIN)
    assert.equal(message, 'Incident of stream main and 1 more: The line of the venue is cut')
    assert.deepEqual([event.action, event.reason, log.level], ['cause-assessed', 'uplinkCut', 'info'])
    const { members, location, cause, confidence } = hmonitor.incident ?? {}
    assert.deepEqual(members, ['stream main', 'ping gateway'])
    assert.deepEqual([location, cause, confidence], ['uplink', 'uplinkCut', 'certain'])
  })

  it('is an error where a critical one opens, and has its span where it has ended', () => {
    assert.equal(incidentRecord(incidentEvent({ event: 'opened' }), ORIGIN).log.level, 'error')
    const ended = incidentRecord(incidentEvent({ event: 'ended', status: 'ended', endsAt: TIME }), ORIGIN)
    assert.deepEqual([ended.event.type, ended.event.start, ended.event.end], [['end'], OFFLINE.since, TIME])
    assert.equal(ended.event.duration, 3e9)
  })
})

describe('the record of an alert', () => {
  it('has the alert, its issue and its labels', () => {
    const { event, hmonitor, labels, service, message } = alertRecord(firing(), ORIGIN)
    assert.equal(event.kind, 'alert')
    assert.equal(event.action, 'alert-firing')
    assert.equal(event.dataset, 'rtmp_hmonitor.alerts')
    assert.deepEqual(labels, { programme: 'sunday' })
    assert.deepEqual(service.node, { name: 'main-hall' })
    assert.deepEqual(hmonitor.alert, {
      ...{ id: '0123456789abcdef', alertname: 'HmonitorStreamOffline', severity: 'critical' },
      ...{ status: 'firing', change: 'firing', startsAt: OFFLINE.since },
    })
    assert.deepEqual(hmonitor.issue, OFFLINE)
    assert.match(
      message,
      /^Critical alert HmonitorStreamOffline of stream main fires: No data from the stream for 3 s: .* \(since 2026-03-01/,
    )
  })

  it('has where the fault is, where that is known', () => {
    const { location, cause, confidence } = alertRecord(firing({ diagnosis: UPLINK_CUT }), ORIGIN).hmonitor.alert ?? {}
    assert.deepEqual([location, cause, confidence], ['uplink', 'uplinkCut', 'certain'])
    const unknown = { ...UPLINK_CUT, location: null, cause: null, confidence: null }
    assert.equal('location' in (alertRecord(firing({ diagnosis: unknown }), ORIGIN).hmonitor.alert ?? {}), false)
  })

  it('names the alerts that ended for it', () => {
    const { hmonitor } = alertRecord(firing({ supersedes: ['fedcba9876543210'] }), ORIGIN)
    assert.deepEqual(hmonitor.alert?.supersedes, ['fedcba9876543210'])
  })

  it('says at the end how long it lasted', () => {
    const { event, message } = alertRecord(resolved(), ORIGIN)
    assert.equal(event.duration, 252_000_000_000)
    assert.deepEqual(event.type, ['end'])
    assert.match(message, /is over, it lasted 4 min 12 s\. It was: /)
  })

  const words: [change: AlertChange, words: RegExp][] = [
    ['repeated', /still fires/],
    ['updated', /has changed/],
    ['acknowledged', /was acknowledged by Anna$/],
    ['silenced', /is silenced until 2026-03-01 12:00:00 UTC$/],
    ['unsilenced', /is no longer silenced$/],
  ]
  for (const [change, said] of words) {
    it(`says what has happened: ${change}`, () => {
      const alert = firing({ change, acknowledgedBy: 'Anna', silencedUntil: '2026-03-01T12:00:00Z' })
      const { message, hmonitor } = alertRecord(alert, ORIGIN)
      assert.match(message, said)
      assert.equal(hmonitor.alert?.acknowledgedBy, 'Anna')
      assert.equal(hmonitor.alert?.silencedUntil, '2026-03-01T12:00:00.000Z')
    })
  }

  it('survives what only looks like an alert', () => {
    const odd = firing({ change: 'toString' as AlertChange, issue: { summary: 'x', remedy: [] } as unknown as Issue })
    assert.match(alertRecord(odd, ORIGIN).message, /of stream main toString$/)
  })
})

describe('levels', () => {
  const ofStates: Record<string, LogLevel> = {
    ok: 'info',
    off: 'info',
    unknown: 'warn',
    degraded: 'warn',
    down: 'error',
  }
  for (const [to, level] of Object.entries(ofStates)) {
    it(`of a target that is ${to}: ${level}`, () => assert.equal(recordOf(monitorEvent({ to })).log.level, level))
  }

  const ofSeverities: Record<Severity, LogLevel> = { info: 'info', warning: 'warn', error: 'error' }
  for (const [severity, level] of Object.entries(ofSeverities) as [Severity, LogLevel][]) {
    it(`of an issue of severity ${severity}: ${level}`, () => {
      assert.equal(recordOf({ ...raised(), issue: { ...OFFLINE, severity } }).log.level, level)
    })
  }

  it('of what is over: info; of sessions: debug; of restarts: info', () => {
    assert.equal(recordOf(cleared()).log.level, 'info')
    assert.equal(recordOf(monitorEvent({ event: 'session', to: 'refused' })).log.level, 'debug')
    assert.equal(recordOf(monitorEvent({ event: 'restart' })).log.level, 'info')
  })

  it('of alerts: by severity while they fire, else info', () => {
    const levels = (more: Parameters<typeof firing>[0]) => alertRecord(firing(more), ORIGIN).log.level
    assert.equal(levels({}), 'error')
    assert.equal(levels({ change: 'repeated', severity: 'warning' }), 'warn')
    for (const change of ['updated', 'acknowledged', 'silenced', 'unsilenced', 'resolved'] as const)
      assert.equal(levels({ change }), 'info', change)
  })

  it('are in their order', () => {
    assert.equal(isAtLeast('warn', 'info'), true)
    assert.equal(isAtLeast('info', 'info'), true)
    assert.equal(isAtLeast('debug', 'info'), false)
  })
})

describe('the record of what is lost', () => {
  it('says how many events are missing', () => {
    const { message, hmonitor, log } = lostRecord(17, ORIGIN, TIME)
    assert.match(message, /^17 events were not written here/)
    assert.equal(hmonitor.lost, 17)
    assert.equal(log.level, 'warn')
    assert.match(lostRecord(1, ORIGIN, TIME).message, /^1 event was not/)
  })
})
