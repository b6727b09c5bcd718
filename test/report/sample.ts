/** An event of ten minutes with three faults, as the store would have it. */
import { CAUSES } from '../../src/diagnosis/causes.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import type { State } from '../../src/observation/observation.ts'
import type { IncidentInput, IssueInput, ReportInput, Slice } from '../../src/report/report-input.ts'

export const START = Date.parse('2026-03-01T10:00:00Z')

const at = (seconds: number) => START + seconds * 1000

export const UPLINK: Diagnosis = {
  ...{ location: 'uplink', cause: 'uplinkCut', probability: 0.7, confidence: 'likely' },
  says: CAUSES.uplinkCut.says,
  evidenceFor: ['the encoder presenter cannot connect to its server', 'the gateway answers'],
  answersFor: [
    { question: 'encoderConnected', verdict: 'bad' },
    { question: 'gatewayAnswers', verdict: 'good' },
  ],
  ...{ evidenceAgainst: [], wouldDecide: null },
  remedy: CAUSES.uplinkCut.remedy.slice(0, 2),
}

export const STEPS = {
  offline: ['Stop the stream on the encoder and start it again.'],
  slow: ['Lower the bitrate of the encoder, by a quarter to begin with.'],
}

function states(...changes: [seconds: number, state: State][]): ReportInput['lanes'][number]['states'] {
  return changes.flatMap(([from, state], index) => {
    const to = changes[index + 1]?.[0]
    return to === undefined ? [] : [{ from: at(from), to: at(to), state }]
  })
}

function slices(value: (second: number) => number | null): Slice[] {
  return Array.from({ length: 60 }, (_, index) => index * 10).flatMap((second) => {
    const mean = value(second)
    return mean === null ? [] : [{ at: at(second), mean, min: mean * 0.95, max: mean * 1.05, measured: 10 }]
  })
}

const isDown = (second: number) => (second >= 120 && second < 150) || (second >= 400 && second < 420)

function issue(from: number, to: number | null, type: string, says: string, more: Partial<IssueInput['issue']> = {}) {
  const own = { type, severity: 'error', since: new Date(at(from)).toISOString(), summary: says, remedy: [], ...more }
  return { kind: 'stream', target: 'main', from: at(from), to: to === null ? null : at(to), issue: own } as IssueInput
}

export const INCIDENT: IncidentInput = {
  ...{ id: 'i1', severity: 'critical', from: at(122), to: at(172) },
  members: [
    { kind: 'stream', target: 'main' },
    { kind: 'encoder', target: 'presenter' },
  ],
  ...{ diagnosis: UPLINK, assessments: [], acknowledgedBy: 'Anna', acknowledgedAt: at(140) },
}

/** Down from 120.4 s to 148.2 s and from 400 s to 418 s, slow from 250 s to 300 s, the monitor away for 30 s from 500 s. */
export const SAMPLE: ReportInput = {
  ...{ target: 'main', kind: 'stream', profile: 'youtube', monitor: 'hall', site: 'Main hall' },
  ...{ timezone: 'Europe/Berlin', version: '0.1.0', madeAt: at(605) },
  span: { from: at(0), to: at(600) },
  planned: { from: at(0), to: at(600) },
  expected: [{ from: at(0), to: at(600) }],
  gaps: [{ from: at(500), to: at(530) }],
  clockSteps: [],
  lanes: [
    {
      ...{ kind: 'stream', target: 'main' },
      states: states(
        ...([
          [0, 'ok'],
          [120.4, 'down'],
          [148.2, 'ok'],
          [250, 'degraded'],
          [300, 'ok'],
          [400, 'down'],
          [418, 'ok'],
          [600, 'ok'],
        ] as [number, State][]),
      ),
    },
    { kind: 'encoder', target: 'presenter', states: states([0, 'ok'], [125, 'degraded'], [160, 'ok'], [600, 'ok']) },
  ],
  series: [
    {
      ...{ kind: 'stream', target: 'main', measure: 'videoBytesPerSecond', step: 10 },
      slices: slices((second) => (isDown(second) ? 0 : second >= 250 && second < 300 ? 200_000 : 560_000)),
    },
    {
      ...{ kind: 'stream', target: 'main', measure: 'drift', step: 10 },
      slices: slices((second) => (isDown(second) ? null : second === 290 ? 4 : 0.1)),
    },
    {
      ...{ kind: 'platform', target: 'event', measure: 'viewers', step: 10 },
      slices: slices((second) => 100 + second / 10),
    },
    { kind: 'ping', target: 'gateway', measure: 'roundTrip', step: 10, slices: slices(() => 0.0123) },
  ],
  issues: [
    issue(122, 148, 'streamOffline', 'No media for 2 s (expected: at most 2 s)', { remedy: STEPS.offline }),
    issue(250, 300, 'bitrateLow', 'Video has 1.6 Mb/s (expected: at least 3 Mb/s)', {
      ...{ severity: 'warning', measured: 200_000, expected: 375_000, unit: 'B/s' },
      remedy: STEPS.slow,
    }),
    issue(402, 418, 'streamOffline', 'No media for 18 s (expected: at most 2 s)', { remedy: STEPS.offline }),
  ],
  incidents: [INCIDENT],
  messages: [
    {
      ...{ at: at(124), receiver: 'crew', subject: 'Critical: stream main', result: 'delivered' },
      about: [{ kind: 'stream', target: 'main' }],
    },
  ],
  events: [
    {
      at: at(120.4),
      kind: 'stream',
      target: 'main',
      says: 'stream main is down; before, it was ok',
      happened: { event: 'state', from: 'ok', to: 'down' },
    },
    {
      at: at(148.2),
      kind: 'stream',
      target: 'main',
      says: 'stream main is ok; before, it was down',
      happened: { event: 'state', from: 'down', to: 'ok' },
    },
  ],
  usual: [{ kind: 'stream', target: 'main', measure: 'videoBytesPerSecond', low: 500_000, high: 580_000 }],
  plan: { objective: 0.995, planned: 600 },
  pictures: [],
  past: [
    {
      ...{ from: at(-600_000), expected: 600_000, up: 590_000, degraded: 0, down: 10_000, unknown: 0 },
      ...{ interruptions: 1, videoBytesPerSecond: 550_000 },
    },
  ],
}
