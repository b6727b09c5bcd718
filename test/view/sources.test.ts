import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Language } from '../../src/observation/language.ts'
import type { Kind } from '../../src/observation/observation.ts'
import type { SeenStatus, ShownKind } from '../../src/view/seen.ts'
import { sourcesOf } from '../../src/view/sources.ts'
import { WORDS } from '../../src/view/words.ts'
import { START, status, stream } from './statuses.ts'

const sources = (of: SeenStatus, language: Language = 'en') => sourcesOf(of, KINDS, language)

describe('the tables of the other sources', () => {
  it('have a row for every target, whatever is known of it', () => {
    const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== 'stream')
    const targets = kinds.map((kind) => ({ ...stream(kind), kind, measurements: {} }))
    const { tables } = sources(status([...targets, stream('main')]))
    assert.equal(tables.length, kinds.length)
    for (const { columns, rows } of tables) assert.equal(rows[0]?.cells.length, columns.length)
  })

  const cellsOf = (kind: Kind, values: object): unknown[] =>
    sources(status([{ ...stream('one'), kind, measurements: values }])).tables[0]?.rows[0]?.cells ?? []

  it('have those of the encoders first, and the others in the order of the kinds', () => {
    const targets = (Object.keys(KINDS) as Kind[]).map((kind) => ({ ...stream(kind), kind, measurements: {} }))
    assert.deepEqual(
      sources(status(targets)).tables.map(({ title }) => title),
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

  it('are in German where the site is: headings, codes and values', () => {
    const device = { deviceState: 'interrupted', bytesPerSecond: 562_500, duration: 9000 }
    const [table] = sources(status([{ ...stream('one'), kind: 'encoder', measurements: device }]), 'de').tables
    assert.deepEqual(table?.columns, ['Status', 'Bitrate', 'Puffer', 'Sendezeit', 'Video', 'Modell'])
    assert.deepEqual(table?.rows[0]?.cells.slice(0, 4), ['unterbrochen', '4,5 Mb/s', '–', '2,5 h'])
  })

  it('have a German heading for every English one', () => {
    const headings = Object.values<ShownKind>(KINDS).flatMap(({ columns }) => Object.keys(columns ?? {}))
    const SAME = ['', 'Bitrate', 'DNS', 'Handshake', 'Ingest', 'Jitter', 'Live', 'TLS', 'Video']
    const missing = headings.filter((heading) => !SAME.includes(heading) && !Object.hasOwn(WORDS.de.headings, heading))
    assert.deepEqual(missing, [])
  })
})
