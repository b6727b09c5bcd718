import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { parseStatusQuery, type StatusInput, statusDocument } from '../../src/monitor/status.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { Incident } from '../../src/observation/incident.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { toRejection } from '../../src/targets/rejection.ts'
import { arrival, at, entry } from './reports.ts'

const ALL = parseStatusQuery({}, kindsOf(KINDS))

function input(seconds: number, more: Partial<StatusInput> = {}): StatusInput {
  const arrivals = [arrival('stream', 'main', 100), arrival('ping', 'main', 95)]
  return {
    name: 'hall',
    site: 'main-hall',
    version: '1.2.3',
    startedAt: at(0),
    at: at(seconds),
    shard: null,
    entries: [entry('stream', 'main'), entry('ping', 'main', 5), entry('stream', 'new')],
    alerts: [],
    incidents: null,
    rejected: [],
    lasting: [],
    arrivalOf: ({ kind, name }) =>
      arrivals.find(({ observation }) => observation.kind === kind && observation.target === name),
    ...more,
  }
}

describe('the status', () => {
  it('says which monitor it is, and its time', () => {
    assert.deepEqual(statusDocument(input(100), ALL).instance, {
      name: 'hall',
      site: 'main-hall',
      version: '1.2.3',
      startedAt: '2026-03-01T10:00:00.000Z',
      time: '2026-03-01T10:01:40.000Z',
    })
    assert.deepEqual(statusDocument(input(100), ALL).alerts, [])
  })

  it('has the newest observation of every target, as it came', () => {
    const { targets } = statusDocument(input(100), ALL)
    assert.deepEqual(targets[0], arrival('stream', 'main', 100).observation)
    assert.deepEqual(
      targets.map(({ kind, target }) => [kind, target]),
      [
        ['stream', 'main'],
        ['ping', 'main'],
        ['stream', 'new'],
      ],
    )
  })

  it('says unknown of what no observation has come of, and why when one should have', () => {
    const [fresh] = statusDocument(input(4, { entries: [entry('stream', 'new')] }), ALL).targets
    assert.deepEqual([fresh?.state, fresh?.score, fresh?.error], ['unknown', null, undefined])
    const [old] = statusDocument(input(60, { entries: [entry('stream', 'new')] }), ALL).targets
    assert.deepEqual([old?.state, old?.error?.code], ['unknown', 'stale'])
    assert.match(old?.error?.message ?? '', /for 60 s, expected is one every 1 s.*\/health/)
  })

  it('never shows an old observation as healthy', () => {
    const states = (seconds: number) => statusDocument(input(seconds), ALL).targets.map(({ state }) => state)
    assert.deepEqual(states(105).slice(0, 2), ['ok', 'ok'])
    assert.deepEqual(states(106).slice(0, 2), ['unknown', 'ok'])
    assert.deepEqual(states(111).slice(0, 2), ['unknown', 'unknown'])
    const [stale] = statusDocument(input(111), ALL).targets
    assert.deepEqual([stale?.score, stale?.labels], [null, { hall: 'east' }])
  })

  it('can be asked for some kinds and targets', () => {
    const names = (query: unknown) =>
      statusDocument(input(100), parseStatusQuery(query, kindsOf(KINDS))).targets.map(
        ({ kind, target }) => `${kind}/${target}`,
      )
    assert.deepEqual(names({ kind: 'ping' }), ['ping/main'])
    assert.deepEqual(names({ target: 'main' }), ['stream/main', 'ping/main'])
    assert.deepEqual(names({ kind: 'stream', target: ['new', 'other'] }), ['stream/new'])
    assert.deepEqual(names({ kind: ['stream', 'ping'] }), ['stream/main', 'ping/main', 'stream/new'])
    assert.deepEqual(names({ target: 'nobody' }), [])
    assert.deepEqual(names({ unrelated: '1' }).length, 3)
    assert.deepEqual(names(undefined).length, 3)
  })

  it('refuses a question that it does not understand', () => {
    for (const query of [{ kind: 'streams' }, { kind: '' }, { kind: { a: 'b' } }, { target: { a: 'b' } }]) {
      assert.throws(() => parseStatusQuery(query, kindsOf(KINDS)), { code: 'invalid-message' })
    }
  })

  it('has what is said to be watched and is not, of the targets that are asked for, and bounded', () => {
    const refused = (name: string | null, kind: Kind = 'stream') =>
      toRejection(`entry ${name}`, new MonitorError('unknown-key', 'unknown key "profil"', { suggestion: 'profile' }), {
        ...{ kind, name },
      })
    const some = input(100, { rejected: [refused('bad'), refused(null), refused('host', 'ping')] })
    const { rejected } = statusDocument(some, ALL)
    assert.deepEqual([rejected.targets, rejected.total], [3, 3])
    const { entry, code, suggestion, title, summary, remedy } = rejected.entries[0] ?? assert.fail('no entry')
    assert.deepEqual(
      [entry, code, suggestion, title, summary],
      ['entry bad', 'unknown-key', 'profile', 'bad', 'Not watched: unknown key "profil"'],
    )
    assert.match(remedy, /^Correct the targets: /)
    assert.equal(statusDocument(some, parseStatusQuery({ target: 'bad' }, kindsOf(KINDS))).rejected.total, 1)
    assert.equal(statusDocument(some, parseStatusQuery({ kind: 'ping' }, kindsOf(KINDS))).rejected.total, 1)
    const many = statusDocument(input(100, { rejected: Array.from({ length: 5000 }, () => refused('x')) }), ALL)
    assert.deepEqual([many.rejected.entries.length, many.rejected.total, many.rejected.targets], [100, 5000, 5000])
  })

  it('has the incidents of what is asked for, the open ones first, and says where nothing groups what fires', () => {
    const incident = (id: string, target: string, status: Incident['status']) =>
      ({ id, status, members: [{ kind: 'stream', target }] }) as Incident
    const incidents = [incident('a', 'main', 'ended'), incident('b', 'main', 'open'), incident('c', 'other', 'open')]
    const of = (query: object) =>
      statusDocument(input(100, { incidents }), parseStatusQuery(query, kindsOf(KINDS))).incidents?.map(({ id }) => id)
    assert.deepEqual(of({}), ['b', 'c', 'a'])
    assert.deepEqual(of({ target: 'main' }), ['b', 'a'])
    assert.deepEqual(of({ kind: 'ping' }), [])
    assert.equal(statusDocument(input(100), ALL).incidents, null)
  })
})
