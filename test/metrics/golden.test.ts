/** What `/metrics` says of each kind of target, and of the monitor itself, line by line: one golden file for each. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { registerOwnMetrics } from '../../src/monitor/own-metrics.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import type { Kind, MeasurementsOf, Observation } from '../../src/observation/observation.ts'
import { NO_EVENT } from '../../src/observation/platform.ts'
import { noDurations, type ServiceFaultKind } from '../../src/observation/service.ts'
import type { ShippingState } from '../../src/shipping/metrics.ts'
import { expositionOf } from '../exposition.ts'
import { content, issue, measurements, nothingMeasured, observation } from './observations.ts'

const FORMATS = [
  ['txt', 'text/plain'],
  ['openmetrics.txt', 'application/openmetrics-text;version=1.0.0'],
] as const

function of<K extends Kind>(kind: K, measured: MeasurementsOf[K], changes: Partial<Observation> = {}): Observation {
  return {
    ...{ kind, target: 'main', labels: {}, time: '2026-01-02T03:04:05.000Z', sequence: 1 },
    ...{ state: 'ok', expected: true, score: 100, issues: [], measurements: measured, ...changes },
  }
}

const unknown = (code: string) => {
  const known = { target: 'spare', state: 'unknown', score: null } as const
  return { ...known, error: { code, message: 'Nothing is known.' } }
}

const CERTIFICATE = {
  expires: 1_800_000_000,
  secondsLeft: 32_676_955,
  subject: 'church.example',
  issuer: 'A',
  protocol: 'TLSv1.3',
}

/** A log node that ships, and whose lines are not taken just now. */
const SHIPPING: ShippingState = {
  ...{ way: 'logstash', waiting: 12, bytes: 12_500_000, limit: 50_000_000, inMemory: 0, problem: null },
  ...{ error: 'no answer', failingSince: 1_767_323_040_000, lastSuccess: 1_767_323_030_000 },
  ...{ isLosing: false, lost: 0, rejected: null, certificateEnds: 1_800_000_000_000 },
}

/** Of each kind one that is well, and one of which nothing is known; names and labels that need escaping. */
const OBSERVED: { readonly [K in Kind]: readonly Observation[] } = {
  stream: [
    observation({ target: 'main', labels: { programme: 'sunday' } }),
    observation({
      ...{ target: 'Saal "B"\\2', issues: [issue('videoBlack', 'warning')], state: 'degraded', score: 80 },
      measurements: measurements({ content: content({ black: true, loudness: -31.5 }), newConnectSeconds: [0.4, 7] }),
    }),
    observation({ ...unknown('no-ffprobe'), measurements: nothingMeasured(), expected: false }),
  ],
  ping: [
    of('ping', {
      ...{ up: true, answered: true, address: '192.0.2.1', loss: 0.2, jitter: 0.001, silentSeries: 0 },
      ...{ total: { sent: 10, received: 9 }, series: { sent: 5, received: 4 }, recent: { sent: 10, received: 9 } },
      ...{ roundTrips: { last: 0.012, minimum: 0.01, mean: 0.011, maximum: 0.012 }, lastAnswerAge: 0.4 },
      newRoundTrips: [0.01, 0.012],
    }),
  ],
  service: [
    of(
      'service',
      {
        ...{ up: false, total: { checks: 7, faults: { ...noFaults(), timeout: 2 } }, address: '192.0.2.1' },
        ...{ durations: { ...noDurations(), dns: 0.01, connect: 0.02, tls: 0.05, response: 0.2 }, httpStatus: 503 },
        ...{ certificate: CERTIFICATE, rtmpCode: null, fault: null },
      },
      { state: 'down', score: 0 },
    ),
  ],
  bandwidth: [
    of('bandwidth', {
      ...{ up: true, direction: 'up', bytesPerSecond: 1_250_000, testedAt: 1_767_323_045, postponed: null },
      ...{ total: { tests: 3, bytes: 30_000_000 }, need: { bytesPerSecond: 500_000, streams: ['main'] } },
    }),
  ],
  encoder: [
    of('encoder', {
      ...{ ...NO_ENCODER, up: true, deviceState: 'streaming', bytesPerSecond: 750_000, cacheUsedRatio: 0.03 },
      ...{ duration: 95, videoFormat: '1080p30', protocol: 'rest', total: { broadcasts: 1 } },
      device: { model: 'Blackmagic Streaming Encoder HD', label: 'Main "hall"', software: '3.5' },
    }),
    of('encoder', NO_ENCODER, unknown('timeout')),
  ],
  platform: [
    of('platform', {
      ...{ ...NO_EVENT, up: true, event: { id: '12345', title: 'Sunday', type: 'recurring' }, liveState: 'streaming' },
      ...{ ingestState: 'receiving', viewers: 42, rateLimit: { limit: 100, remaining: 73, resetAt: null } },
    }),
    of('platform', NO_EVENT, unknown('no-token')),
  ],
}

function noFaults(): Record<ServiceFaultKind, number> {
  return { 'name-not-found': 0, unreachable: 0, refused: 0, timeout: 0, 'tls-invalid': 0, 'wrong-answer': 0 }
}

/** The families of an exposition whose name is as asked, up to the metrics of the process. */
function families(body: string, isAsked: (name: string) => boolean): string {
  return body
    .slice(0, body.indexOf('# HELP process_'))
    .replace(/(hmonitor_build_info\{version=)"[^"]+",node_version="[^"]+"/, '$1"VERSION",node_version="NODE"')
    .split(/^(?=# HELP )/m)
    .filter((family) => isAsked(family.split(' ', 3)[2] ?? ''))
    .join('')
}

const isOf = (kind: string) => (name: string) => name.startsWith(`hmonitor_${kind}_`)
const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')

describe('the golden file', () => {
  for (const [extension, accept] of FORMATS) {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      it(`${kind}.${extension} is what is said of a ${kind}`, async () => {
        const registry = new MetricsRegistry(KINDS)
        for (const each of OBSERVED[kind]) registry.record(each, null)
        const { body } = await expositionOf(registry, accept)
        assert.equal(families(body, isOf(kind)), golden(`${kind}.${extension}`))
      })
    }

    it(`monitor.${extension} is what the monitor says of itself`, async () => {
      const registry = new MetricsRegistry(KINDS)
      registerOwnMetrics(registry, {
        kinds: kindsOf(KINDS),
        targets: () => 3,
        stale: () => 0,
        rejected: () => ({}),
        oldestWaiting: () => null,
        openIncidents: () => [],
        shipping: () => [SHIPPING],
      })
      for (const each of Object.values(OBSERVED).flat()) registry.record(each, null)
      const { body } = await expositionOf(registry, accept)
      const isOwn = (name: string) => !Object.keys(KINDS).some((kind) => isOf(kind)(name))
      assert.equal(families(body, isOwn), golden(`monitor.${extension}`))
    })
  }
})
