import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { STATES } from '../../src/observation/observation.ts'
import { sum } from '../../src/report/accounting.ts'
import { TEXTS } from '../../src/report/languages.ts'
import { makeReport } from '../../src/report/make-report.ts'
import type { Report } from '../../src/report/report.ts'
import type { ReportInput } from '../../src/report/report-input.ts'
import { causeSentence, verdictSentence, wholeSeconds } from '../../src/report/verdict-sentence.ts'
import { INCIDENT, SAMPLE, START, STEPS, UPLINK } from './sample.ts'

const ajv = new Ajv({ allErrors: true, strictTuples: false, allowUnionTypes: true })
addFormats.default(ajv)
const isValid = ajv.compile(
  JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8')),
)

function assertValid(report: Report): void {
  assert.ok(isValid(JSON.parse(JSON.stringify(report))), JSON.stringify(isValid.errors))
}

/** The stream's own lane, and nothing else. */
const withStates = (states: ReportInput['lanes'][number]['states'], more: Partial<ReportInput> = {}) =>
  makeReport({ ...SAMPLE, lanes: [{ kind: 'stream', target: 'main', states }], gaps: [], incidents: [], ...more })

const after = (seconds: number) => START + seconds * 1000

describe('a report', () => {
  it('says in one sentence how long it was on the air, what interrupted it, and why', () => {
    assert.equal(
      makeReport(SAMPLE).verdict.says,
      'On the air 8:44 of 9:30 (91.9 %), 2 interruptions of 46 s in all, impaired for 50 s, 30 s not measured; cause: uplink, likely.',
    )
  })

  it('is as its schema says', () => {
    assertValid(makeReport(SAMPLE))
    assertValid(makeReport({ ...SAMPLE, lanes: [], series: [], incidents: [], issues: [], past: [], expected: [] }))
  })

  it('has interruptions that add up to the time down, in milliseconds and in the whole seconds that are shown', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 600_000 }), fc.constantFrom(...STATES)), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(changes, (list) => {
        const sorted = [...list].sort(([one], [other]) => one - other)
        const states = sorted.map(([at, state], index) => ({
          ...{ from: START + at, to: START + (sorted[index + 1]?.[0] ?? 600_000), state },
        }))
        const report = withStates(states)
        const { down, expected, ...parts } = wholeSeconds(report)
        assert.ok(Math.abs(sum(report.interruptions.map(({ seconds }) => seconds)) - report.account.down) < 1e-6)
        assert.equal(sum(parts.interruptions), down)
        assert.equal(parts.up + parts.degraded + down + parts.unknown, expected)
        assert.equal(expected, 600)
        assertValid(report)
      }),
      { numRuns: 50 },
    )
  })

  it('shows whole seconds of interruptions that add up where what is down is rounded the other way', () => {
    const report = withStates([
      { from: after(0), to: after(597.7), state: 'ok' },
      { from: after(597.7), to: after(599.4), state: 'degraded' },
      { from: after(599.4), to: after(600), state: 'down' },
    ])
    const { up, degraded, down, interruptions } = wholeSeconds(report)
    assert.deepEqual([up, degraded, down, interruptions], [598, 2, 0, [0]])
  })

  it('says of each interruption what was seen, its cause, who was told when, who took care, and what ended it', () => {
    const [first, second] = makeReport(SAMPLE).interruptions
    assert.deepEqual(first?.cause, {
      ...{ location: 'uplink', confidence: 'likely', says: UPLINK.says },
      ...{ evidence: UPLINK.evidenceFor, answers: UPLINK.answersFor },
    })
    assert.deepEqual(first?.told, {
      ...{ at: '2026-03-01T10:02:04.000Z', after: 3.6, receiver: 'crew', result: 'delivered' },
    })
    assert.deepEqual(first?.acknowledged, { by: 'Anna', at: '2026-03-01T10:02:20.000Z' })
    assert.deepEqual([second?.cause, second?.told, second?.acknowledged], [null, null, null])
    assert.deepEqual(second?.seen, ['No media for 18 s (expected: at most 2 s)'])
  })

  it('names both places where what was known looked the same with either', () => {
    const orElse = { location: 'server' as const, cause: 'serverDown', says: 'The server is down' }
    const diagnosis = { ...UPLINK, confidence: 'possible' as const, orElse }
    const report = makeReport({ ...SAMPLE, incidents: [{ ...INCIDENT, diagnosis, assessments: [] }] })
    assert.match(verdictSentence(report, TEXTS.en), /cause: uplink or server, possible\.$/)
    const [cause] = report.interruptions.flatMap((each) => each.cause ?? [])
    assert.equal(
      cause && causeSentence(cause, TEXTS.de),
      'Uplink oder Server (möglich): Die Internetleitung des Veranstaltungsorts ist unterbrochen; oder: Der Server ist ausgefallen',
    )
    assertValid(report)
  })

  it('says of each interruption of one incident the cause that it had then', () => {
    const at = (seconds: number) => SAMPLE.span.from + seconds * 1000
    const server = {
      ...UPLINK,
      location: 'server' as const,
      says: 'The server is down',
      remedy: ['Restart the server.'],
    }
    const incident = {
      ...INCIDENT,
      to: at(430),
      diagnosis: server,
      assessments: [
        { at: at(125), diagnosis: UPLINK },
        { at: at(402), diagnosis: UPLINK },
        { at: at(406), diagnosis: server },
      ],
    }
    const report = makeReport({ ...SAMPLE, incidents: [incident] })
    assert.deepEqual(
      report.interruptions.map(({ cause }) => cause?.location),
      ['uplink', 'server'],
    )
    const steps = report.remedies.map(({ step }) => step)
    for (const step of [...UPLINK.remedy, ...server.remedy]) assert.ok(steps.includes(step), step)
    const late = { ...incident, assessments: [{ at: at(150), diagnosis: UPLINK }] }
    assert.equal(makeReport({ ...SAMPLE, incidents: [late] }).interruptions[0]?.cause?.location, 'uplink')
  })

  it('says what ended an interruption: media, the end of the event, or that nobody looked any more', () => {
    const endOf = (states: ReportInput['lanes'][number]['states']) => withStates(states).interruptions[0]?.endedBy
    const down = { from: after(100), to: after(200), state: 'down' } as const
    assert.equal(endOf([down, { from: after(200), to: after(600), state: 'ok' }]), 'media')
    assert.equal(endOf([down]), 'unmeasured')
    assert.equal(endOf([{ ...down, to: after(600) }]), 'end')
  })

  it('tells of every kind of event apart', () => {
    const wordOf = (state: (typeof STATES)[number] | null, more: Partial<ReportInput> = {}) =>
      withStates(state === null ? [] : [{ from: after(0), to: after(600), state }], more).verdict
    assert.deepEqual(
      [...STATES, null].map((state) => wordOf(state).word),
      ['unmeasured', 'clean', 'degraded', 'down', 'down', 'unmeasured'],
    )
    assert.equal(wordOf('ok').says, 'On the air for 10:00 without a fault.')
    assert.equal(wordOf('ok', { expected: [] }).word, 'not-expected')
  })

  it('never rounds a share up to 100 %', () => {
    const states = [
      { from: after(0), to: after(599.999), state: 'ok' },
      { from: after(599.999), to: after(600), state: 'down' },
    ] as const
    assert.match(withStates(states).verdict.says, /\(99\.999 %\)/)
  })

  it('adds up the times of an issue, counting once what overlaps, with the worst value', () => {
    const [one] = SAMPLE.issues.filter(({ issue }) => issue.type === 'bitrateLow')
    assert.ok(one)
    const issues = [one, { ...one, from: after(290), to: after(310), issue: { ...one.issue, measured: 100_000 } }]
    const [found] = makeReport({ ...SAMPLE, issues }).degradations
    assert.deepEqual([found?.times, found?.seconds, found?.longest, found?.worst], [1, 60, 60, 100_000])
  })

  it('names the moments that were furthest from what was usual, none of them in an interruption', () => {
    const { moments } = makeReport(SAMPLE)
    assert.equal(moments[0]?.at, new Date(after(250)).toISOString())
    assert.ok(moments.every(({ at }) => Date.parse(at) >= after(250) && Date.parse(at) < after(300)))
  })

  it('shows the nearest picture of a moment, and none that is of another time', () => {
    const jpeg = Buffer.from('a picture')
    const shown = (seconds: number) =>
      makeReport({ ...SAMPLE, pictures: [{ at: after(seconds), jpeg }] }).moments[0]?.picture
    assert.equal(shown(258)?.jpeg, jpeg.toString('base64'))
    assert.equal(shown(100), null)
  })

  it('says how much of their time viewers lost, and nothing where nobody knows how many there were', () => {
    const { viewers } = makeReport(SAMPLE)
    // 112 to 114 watched for 27.8 s, and 140 and 141 for 18 s.
    assert.ok(viewers && Math.abs(viewers.lost - 5668) < 1)
    assert.equal(makeReport({ ...SAMPLE, series: [] }).viewers, null)
  })

  it('compares with earlier events, and says nothing where there were none', () => {
    assert.deepEqual(
      makeReport(SAMPLE).comparison?.rows.map(({ what, word }) => [what, word]),
      [
        ['share', 'worse'],
        ['interruptions', 'worse'],
        ['down', 'worse'],
        ['videoBytesPerSecond', 'better'],
      ],
    )
    assert.equal(makeReport({ ...SAMPLE, past: [] }).comparison, null)
  })

  it('lists each step once, those against a cause first, and leaves out what a cause explains', () => {
    const steps = makeReport({ ...SAMPLE, incidents: [INCIDENT, { ...INCIDENT, id: 'i2' }] }).remedies
    assert.deepEqual(
      steps.map(({ step }) => step),
      [...UPLINK.remedy, ...STEPS.offline, ...STEPS.slow],
    )
  })

  it('thins what a chart cannot show, and keeps its least and its most', () => {
    const slices = Array.from({ length: 8640 }, (_, index) => ({
      ...{ at: START + index * 10_000, mean: 5, min: index === 4000 ? 0 : 4, max: 6, measured: 10 },
    }))
    const series = [{ kind: 'stream', target: 'main', measure: 'framesPerSecond', step: 10, slices } as const]
    const span = { from: START, to: START + 86_400_000 }
    const [charted] = makeReport({ ...SAMPLE, span, series }).series
    assert.ok(charted && charted.slices.length <= 541)
    assert.equal(Math.min(...charted.slices.map(([, , min]) => min)), 0)
  })
})
