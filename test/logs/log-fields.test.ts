/** The fields of the log: those that are written, those that are listed, those that are described, and what ECS says of them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { EcsFlat } from '@elastic/ecs'
import { incidentRecord } from '../../src/logs/incident-record.ts'
import { type FieldType, LOG_FIELDS } from '../../src/logs/log-fields.ts'
import { logLine } from '../../src/logs/log-line.ts'
import type { LogRecord } from '../../src/logs/log-record.ts'
import { alertRecord, eventRecord, lostRecord } from '../../src/logs/records.ts'
import { root } from '../runtime.ts'
import {
  firing,
  incidentEvent,
  monitorEvent,
  OFFLINE,
  ORIGIN,
  PLACE,
  raised,
  resolved,
  TIME,
  UPLINK_CUT,
} from './fixtures.ts'

const read = (record: LogRecord) => JSON.parse(logLine(record, PLACE, (text) => text))

/** Together they have every field. */
const LINES = [
  eventRecord(monitorEvent({ duration: 1 }), ORIGIN),
  eventRecord({ ...raised(), event: 'cleared', issue: { ...OFFLINE, measured: 'h264', expected: 'h265' } }, ORIGIN),
  eventRecord(monitorEvent({ event: 'session', kind: 'encoder', to: 'ended', duration: 12 }), ORIGIN),
  alertRecord(firing({ diagnosis: UPLINK_CUT }), ORIGIN),
  alertRecord(
    {
      ...{ ...resolved(), acknowledgedBy: 'Anna', silencedUntil: TIME },
      ...{ effects: ['service relay'], supersedes: ['fedcba9876543210'] },
    },
    ORIGIN,
  ),
  incidentRecord(incidentEvent(), ORIGIN),
  incidentRecord(incidentEvent({ event: 'ended', status: 'ended', endsAt: TIME, by: 'Anna' }), ORIGIN),
  lostRecord(1, ORIGIN, TIME),
].map(read)

/** Paths of all fields with dots between the levels; labels are the user's. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || path === 'labels') return [path]
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, path === '' ? key : `${path}.${key}`))
}

const written = [...new Set(LINES.flatMap((line) => pathsOf(line)))].toSorted()

describe('the fields of the log', () => {
  it('are those that are listed, and no other', () => {
    assert.deepEqual(Object.keys(LOG_FIELDS).toSorted(), written)
  })

  it('hold what the list says of them', () => {
    const at = (line: object, path: string) =>
      path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], line)
    const holds: Record<FieldType, (value: unknown) => boolean> = {
      keyword: (value) => typeof value === 'string',
      text: (value) => typeof value === 'string',
      date: (value) => typeof value === 'string' && new Date(value).toISOString() === value,
      long: Number.isSafeInteger,
      double: Number.isFinite,
      labels: (value) => Object.values(value as object).every((label) => typeof label === 'string'),
    }
    for (const [path, type] of Object.entries(LOG_FIELDS)) {
      const values = LINES.map((line) => at(line, path)).filter((value) => value !== undefined)
      for (const value of values.flat()) assert.ok(holds[type](value), `${path}: ${JSON.stringify(value)}`)
    }
  })

  it('have the names and the types of ECS, but for what is under hmonitor', () => {
    const types = { constant_keyword: 'keyword', match_only_text: 'text', object: 'labels' } as Record<string, string>
    for (const [path, type] of Object.entries(LOG_FIELDS).filter(([path]) => !path.startsWith('hmonitor.'))) {
      const field = (EcsFlat as Record<string, { type: string }>)[path]
      assert.ok(field, `${path} is no field of ECS`)
      assert.equal(types[field.type] ?? field.type, type, path)
    }
  })

  it('have the values that ECS allows, and the types of event that it expects of each category', () => {
    const allowed = (path: 'event.kind' | 'event.outcome') => EcsFlat[path].allowed_values.map(({ name }) => `${name}`)
    for (const { event } of LINES) {
      assert.ok(allowed('event.kind').includes(event.kind), event.kind)
      assert.ok(event.outcome === undefined || allowed('event.outcome').includes(event.outcome), event.outcome)
      for (const category of event.category) {
        const known = EcsFlat['event.category'].allowed_values.find(({ name }) => name === category)
        for (const type of event.type)
          assert.ok(((known?.expected_event_types ?? []) as readonly string[]).includes(type), `${category}: ${type}`)
      }
    }
  })
})

describe('docs/logs.md', () => {
  const page = readFileSync(join(root, 'docs/logs.md'), 'utf8')

  it('describes every field, and no other', () => {
    const section = /^## Fields\n([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
    const rows = [...section.matchAll(/^\| (`[@\w.`, ]+`) \|/gm)].map(([, cell = '']) => cell)
    const described = rows.flatMap((cell) => [...cell.matchAll(/`([@\w.]+)`/g)].map(([, path = '']) => path))
    assert.deepEqual(described.toSorted(), written)
  })

  it('shows a line as it is written', () => {
    const line = /^(\{"@timestamp".*\})$/m.exec(page)?.[1] ?? ''
    const { service, observer, host, ...shown } = JSON.parse(line)
    const { service: _service, observer: _observer, host: _host, ...expected } = read(eventRecord(raised(), ORIGIN))
    assert.deepEqual(shown, expected)
    assert.deepEqual([service.name, observer.name, Object.keys(host)], ['rtmp-hmonitor', 'hall', ['name']])
  })
})
