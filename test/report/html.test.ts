/**
 * The golden files were looked at by a person. After a change that is meant: `UPDATE=1 node --test` on this file, and look
 * at them again.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { LANGUAGES } from '../../src/observation/language.ts'
import { interruptionsCsv } from '../../src/report/csv.ts'
import { reportHtml } from '../../src/report/html.ts'
import { TEXTS } from '../../src/report/languages.ts'
import { makeReport } from '../../src/report/make-report.ts'
import type { Report } from '../../src/report/report.ts'
import type { ReportInput } from '../../src/report/report-input.ts'
import { lengthOf, localIso, writingOf } from '../../src/report/writing.ts'
import { SAMPLE, START } from './sample.ts'

const golden = (name: string) => new URL(`../fixtures/reports/${name}`, import.meta.url)

function assertGolden(name: string, text: string): void {
  if (process.env.UPDATE === '1') writeFileSync(golden(name), text)
  assert.equal(text, readFileSync(golden(name), 'utf8'))
}

const HOSTILE = `"><script>alert(1)</script>' onload=alert(1) &amp; \u202egnp.\u0000 {{x}} </style></title></svg><!--`

/** The sample with every text that somebody else may have written replaced. */
function hostile(): ReportInput {
  const replaced = JSON.parse(
    JSON.stringify(SAMPLE, (key, value) =>
      typeof value === 'string' && !/^(kind|timezone|measure|state|severity|confidence|location|result)$/.test(key)
        ? HOSTILE
        : value,
    ),
  ) as ReportInput
  return { ...replaced, pictures: [{ at: START + 255_000, jpeg: Buffer.from('picture') }] }
}

describe('the report as HTML', () => {
  it('is, of a report that is kept, the file that is kept', () => {
    assertGolden('event.json', `${JSON.stringify(makeReport(SAMPLE), null, 2)}\n`)
    const report = JSON.parse(readFileSync(golden('event.json'), 'utf8')) as Report
    assertGolden('event.en.html', reportHtml(report, 'en'))
    assertGolden('event.de.html', reportHtml(report, 'de'))
    assertGolden('event.csv', interruptionsCsv(report))
  })

  it('fetches nothing and runs nothing', () => {
    const html = reportHtml(
      makeReport({ ...SAMPLE, pictures: [{ at: START + 255_000, jpeg: Buffer.from('x') }] }),
      'en',
    )
    assert.match(html, /<img src="data:image\/jpeg;base64,/)
    assert.doesNotMatch(html, /<script|<link|<iframe|<object|@import|url\((?!#)|\son\w+=/)
    const addresses = [...html.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, address = '']) => address)
    assert.ok(addresses.every((address) => address.startsWith('data:image/jpeg;base64,')))
    assert.match(html, /default-src 'none'/)
  })

  it('escapes all that came from outside, in every language', () => {
    for (const language of LANGUAGES) {
      const html = reportHtml(makeReport(hostile()), language)
      assert.doesNotMatch(html, /<script|<!--|\u202e|[^\P{Cc}\n]/u)
      assert.ok(html.includes('&quot;&gt;&lt;script&gt;'))
      assert.equal(html.split('</style>').length, 2)
      assert.equal(html.split('</title></svg>').length, 1)
    }
  })

  it('says in each table what it is, and never says a state by its colour alone', () => {
    const html = reportHtml(makeReport(SAMPLE), 'de')
    assert.equal(html.match(/<table>/g)?.length, html.match(/<table><caption><span class="heard">[^<]+</g)?.length)
    for (const state of ['down', 'degraded', 'unknown']) assert.ok(html.includes(`fill="url(#p-${state})"`), state)
    for (const state of ['down', 'degraded', 'unknown', 'up'] as const) assert.ok(html.includes(TEXTS.de.state[state]))
    assert.match(html, /<html lang="de">/)
  })

  it('stays below 2 MB when a channel of a week had a bad one', () => {
    const step = 10
    const slices = Array.from({ length: 60_480 }, (_, index) => ({
      ...{ at: START + index * 10_000, mean: index % 97, min: 0, max: 100.123456, measured: step },
    }))
    const span = { from: START, to: START + 7 * 86_400_000 }
    const measures = ['videoBytesPerSecond', 'framesPerSecond', 'drift']
    const html = reportHtml(
      makeReport({
        ...{ ...SAMPLE, span, expected: [span], gaps: [] },
        lanes: ['a', 'b', 'c', 'd', 'e', 'f'].map((target, lane) => ({
          kind: 'stream',
          target: lane === 0 ? 'main' : target,
          states: Array.from({ length: 5000 }, (_, index) => ({
            ...{ from: START + index * 120_000, to: START + (index + 1) * 120_000 },
            state: index % 2 === 0 ? 'ok' : 'down',
          })),
        })),
        series: measures.map((measure) => ({ kind: 'stream', target: 'main', measure, step, slices })),
        events: Array.from({ length: 20_000 }, () => ({
          at: START,
          kind: 'stream',
          target: 'main',
          says: 'x'.repeat(200),
          happened: { event: 'restart' as const },
        })),
        pictures: Array.from({ length: 24 }, (_, index) => ({
          at: START + index * 10_000,
          jpeg: Buffer.alloc(50_000),
        })),
      }),
      'en',
    )
    assert.ok(html.length < 2_000_000, `${html.length}`)
  })
})

describe('the table of interruptions', () => {
  it('has the time in UTC and locally, on both sides of the change of clocks', () => {
    assert.equal(localIso('2026-10-25T00:30:00.000Z', 'Europe/Berlin'), '2026-10-25T02:30:00+02:00')
    assert.equal(localIso('2026-10-25T01:30:00.000Z', 'Europe/Berlin'), '2026-10-25T02:30:00+01:00')
    assert.equal(localIso('2026-10-25T01:30:00.000Z', 'UTC'), '2026-10-25T01:30:00+00:00')
  })

  it('holds nothing that a spreadsheet would run, and quotes what needs it', () => {
    const report = makeReport({
      ...SAMPLE,
      target: '=cmd|"/c calc"!A1',
      lanes: [
        { ...SAMPLE.lanes[0], kind: 'stream', target: '=cmd|"/c calc"!A1', states: SAMPLE.lanes[0]?.states ?? [] },
      ],
    })
    assert.match(interruptionsCsv(report), /\r\n"'=cmd\|""\/c calc""!A1",2026/)
  })
})

describe('times in a report', () => {
  const written = (from: string, to: string, at: string, timezone = 'Europe/Berlin') =>
    writingOf(TEXTS.en, timezone, { from, to }).time(at)

  it('are those of the place, without a date where there is one day', () => {
    assert.equal(written('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', '2026-03-01T10:02:00Z'), '11:02:00')
  })

  it('have their date where midnight lies between, by the clock of the place', () => {
    assert.match(written('2026-03-01T22:30:00Z', '2026-03-01T23:30:00Z', '2026-03-01T23:10:00Z'), /^02\/03,? 00:10:00$/)
  })

  it('say which of two hours of the same name is meant, when the clocks change', () => {
    const at = (time: string) => written('2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z', time)
    assert.match(at('2026-10-25T00:30:00Z'), /02:30:00.*\+2/)
    assert.match(at('2026-10-25T01:30:00Z'), /02:30:00.*\+1/)
  })

  it('write lengths that do not care for the change: an hour is an hour', () => {
    assert.deepEqual([0, 26.4, 59.6, 245, 5464].map(lengthOf), ['0 s', '26 s', '1:00', '4:05', '1:31:04'])
  })
})
