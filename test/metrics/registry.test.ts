import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Sample } from '../../src/metrics/definition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import type { Observation } from '../../src/observation/observation.ts'
import type { OwnCounter } from '../../src/observation/own-metric.ts'
import { expositionOf, parseExposition, valuesOf } from '../exposition.ts'
import { content, issue, measurements, next, nothingMeasured, observation } from './observations.ts'
import { openMetricsFaults } from './openmetrics.ts'
import { promtoolComplaints } from './promtool.ts'

const OWN = { type: 'counter', help: 'Of a test.' } as const
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0'
const samplesOf = async (registry: MetricsRegistry) => parseExposition((await expositionOf(registry)).body)

/** A monitor with a healthy, a faulty and an unknown stream, and names and labels that need escaping. */
function threeStreams(): MetricsRegistry {
  const registry = new MetricsRegistry(KINDS)
  registry.record(observation({ target: 'main', labels: { programme: 'sunday' } }), null)
  const faulty = { issues: [issue('videoBlack', 'warning')], state: 'degraded' as const, score: 80 }
  registry.record(
    observation({
      target: 'Saal "B"\\2',
      ...faulty,
      measurements: measurements({ content: content({ black: true, loudness: -31.5 }), newConnectSeconds: [0.4, 7] }),
    }),
    null,
  )
  const error = { code: 'no-ffprobe', message: 'There is no ffprobe.' }
  const unknown = { state: 'unknown', score: null, measurements: nothingMeasured() } as const
  registry.record(observation({ target: 'spare', ...unknown, expected: false, error }), null)
  return registry
}

describe('the exposition', () => {
  it('is clean to promtool, the metrics of the process and the user included', async () => {
    const registry = threeStreams()
    registry.userMetric({ name: 'visitors_total', type: 'counter' }).apply(1)
    registry.userMetric({ name: 'applause_seconds', type: 'histogram' }).apply(0.7)
    registry.userMetric({ name: 'loudness', type: 'summary' }).apply(0.7)
    const { body, contentType } = await expositionOf(registry, 'text/plain')
    assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(promtoolComplaints(body), '')
    assert.match(body, /^process_cpu_seconds_total /m)
    assert.match(body, /^nodejs_eventloop_lag_seconds /m)
  })

  it('is well-formed OpenMetrics when asked for it', async () => {
    const registry = threeStreams()
    registry.userMetric({ name: 'visitors', type: 'counter', help: 'With a "quote".' }).apply(1)
    registry.userMetric({ name: 'applause_seconds', type: 'histogram', buckets: [1, 2.5] }).apply(0.7)
    const { body, contentType } = await expositionOf(registry, OPENMETRICS)
    assert.equal(contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    assert.deepEqual(openMetricsFaults(body), [])
  })

  it('answers both formats in turn, each as before', async () => {
    const registry = threeStreams()
    const families = async (accept: string) => (await expositionOf(registry, accept)).body.match(/^# TYPE .*$/gm)
    const before = await families('text/plain')
    const openMetrics = await families(OPENMETRICS)
    assert.deepEqual(await families('text/plain'), before)
    assert.deepEqual(await families(OPENMETRICS), openMetrics)
  })

  it('shows the monitor itself before any target is watched', async () => {
    const samples = await samplesOf(new MetricsRegistry(KINDS))
    const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
    assert.deepEqual(valuesOf(samples, 'hmonitor_build_info', { version, node_version: process.versions.node }), [1])
    assert.deepEqual(valuesOf(samples, 'hmonitor_probe_failures_total', { kind: 'stream', code: 'crashed' }), [0])
    assert.deepEqual(valuesOf(samples, 'hmonitor_stream_connect_duration_seconds_count'), [0])
    assert.deepEqual(valuesOf(samples, 'hmonitor_stream_up'), [])
  })
})

describe('what a registry records', () => {
  it('asks a gauge of its own for its values at every scrape, and shows none that is gone', async () => {
    const registry = new MetricsRegistry(KINDS)
    let samples: Sample[] = [{ labels: { kind: 'stream' }, value: 1 }]
    registry.registerGauge({ ...OWN, name: 'hmonitor_things', type: 'gauge', labels: ['kind'] }, () => samples)
    let oldest: Sample[] = []
    registry.registerGauge({ ...OWN, name: 'hmonitor_oldest', type: 'gauge', labels: [] }, () => oldest)
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_things', { kind: 'stream' }), [1])
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_oldest'), [])
    samples = [{ labels: { kind: 'ping' }, value: 250 }]
    oldest = [{ labels: {}, value: 7 }]
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_things'), [250])
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_oldest'), [7])
    samples = []
    oldest = []
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_things'), [])
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_oldest'), [])
  })

  it('has what a subsystem counts stand at 0 from the start, and counts it', async () => {
    const registry = new MetricsRegistry(KINDS)
    const counter: OwnCounter<'level'> = {
      ...OWN,
      name: 'hmonitor_lines_total',
      labels: ['level'],
      zeros: [{ level: 'a' }],
    }
    registry.registerCounter(counter)
    assert.deepEqual(valuesOf(await samplesOf(registry), counter.name), [0])
    registry.count(counter, { level: 'a' })
    registry.count(counter, { level: 'b' }, 3)
    const samples = await samplesOf(registry)
    assert.deepEqual(valuesOf(samples, counter.name, { level: 'a' }), [1])
    assert.deepEqual(valuesOf(samples, counter.name, { level: 'b' }), [3])
  })

  it('counts what is beyond the bound of a label as other', async () => {
    const registry = new MetricsRegistry(KINDS)
    const bounded = { label: 'receiver', values: 2 } as const
    const counter: OwnCounter<'receiver'> = {
      ...OWN,
      name: 'hmonitor_sent_total',
      labels: ['receiver'],
      zeros: [],
      bounded,
    }
    registry.registerCounter(counter)
    for (const receiver of ['a', 'b', 'c', 'd', 'a']) registry.count(counter, { receiver })
    const samples = await samplesOf(registry)
    const counts = ['a', 'b', 'other', 'c'].map((receiver) => valuesOf(samples, counter.name, { receiver }))
    assert.deepEqual(counts, [[2], [1], [2], []])
  })

  it('does not count what nobody has registered', () => {
    const counter: OwnCounter = { ...OWN, name: 'hmonitor_forgotten_total', labels: [], zeros: [] }
    assert.throws(() => new MetricsRegistry(KINDS).count(counter, {}), /hmonitor_forgotten_total is not registered/)
  })

  it('forgets every series of a target that is gone, at once, and no other', async () => {
    const registry = threeStreams()
    registry.forget('stream', 'main')
    const samples = await samplesOf(registry)
    assert.deepEqual(
      samples.filter(({ labels }) => labels.target === 'main'),
      [],
    )
    assert.equal(valuesOf(samples, 'hmonitor_stream_up', { target: 'Saal \\"B\\"\\\\2' }).length, 1)
  })

  it('shows no family, not even its help, when its last target is gone', async () => {
    const registry = threeStreams()
    for (const target of ['main', 'Saal "B"\\2', 'spare']) registry.forget('stream', target)
    const { body } = await expositionOf(registry)
    assert.doesNotMatch(body, /hmonitor_stream_(?!connect)/)
  })

  it('begins a target anew that went and came back', async () => {
    const registry = threeStreams()
    registry.forget('stream', 'main')
    registry.record(observation({ state: 'unknown', measurements: nothingMeasured() }), null)
    const samples = await samplesOf(registry)
    assert.deepEqual(valuesOf(samples, 'hmonitor_stream_packets_total', { target: 'main', media: 'video' }), [0])
  })

  it('takes a gauge away while its value is unknown and brings it back', async () => {
    const registry = new MetricsRegistry(KINDS)
    const first = observation()
    const ups = async () => valuesOf(await samplesOf(registry), 'hmonitor_stream_up')
    registry.record(first, null)
    assert.deepEqual(await ups(), [1])
    registry.record(next(first, { state: 'unknown' }), null)
    assert.deepEqual(await ups(), [])
    registry.record(next(next(first)), null)
    assert.deepEqual(await ups(), [1])
  })

  it('keeps an issue that has cleared at 0, each severity by itself', async () => {
    const registry = new MetricsRegistry(KINDS)
    const first = observation({ issues: [issue('videoIngestionStarved', 'warning')] })
    const issues = async (severity: string) =>
      valuesOf(await samplesOf(registry), 'hmonitor_stream_issue', { issue: 'videoIngestionStarved', severity })
    registry.record(first, null)
    assert.deepEqual([await issues('warning'), await issues('error')], [[1], []])
    const worse = next(first, { issues: [issue('videoIngestionStarved', 'error')] })
    registry.record(worse, null)
    assert.deepEqual([await issues('warning'), await issues('error')], [[0], [1]])
    registry.record(next(worse, { issues: [] }), null)
    assert.deepEqual([await issues('warning'), await issues('error')], [[0], [0]])
  })

  it('shows one _info, the newest', async () => {
    const registry = new MetricsRegistry(KINDS)
    const first = observation()
    registry.record(first, null)
    registry.record(next(first, { labels: { programme: 'monday' } }), null)
    const infos = (await samplesOf(registry)).filter(({ name }) => name === 'hmonitor_stream_info')
    assert.deepEqual(
      infos.map(({ labels }) => labels.programme),
      ['monday'],
    )
  })

  it('counts observations in which the probe failed, by a bounded number of codes', async () => {
    const registry = new MetricsRegistry(KINDS)
    let last = observation({ error: { code: 'crashed', message: 'It crashed.' } })
    registry.record(last, null)
    for (let index = 0; index < 200; index++) {
      last = next(last, { error: { code: `code-${index}`, message: 'Something.' } })
      registry.record(last, null)
    }
    const samples = await samplesOf(registry)
    assert.deepEqual(valuesOf(samples, 'hmonitor_probe_failures_total', { code: 'crashed' }), [1])
    const failures = valuesOf(samples, 'hmonitor_probe_failures_total', { kind: 'stream' })
    assert.ok(failures.length < 40)
    const total = failures.reduce((sum, value) => sum + value, 0)
    assert.equal(total, 201)
  })

  it('counts an observation that two record nodes pass on once', async () => {
    const registry = new MetricsRegistry(KINDS)
    const once = observation({
      measurements: measurements({ newConnectSeconds: [0.4] }),
      error: { code: 'killed', message: '' },
    })
    registry.record(once, null)
    registry.record(structuredClone(once), null)
    const samples = await samplesOf(registry)
    assert.deepEqual(valuesOf(samples, 'hmonitor_stream_connect_duration_seconds_count'), [1])
    assert.deepEqual(valuesOf(samples, 'hmonitor_probe_failures_total', { kind: 'stream', code: 'killed' }), [1])
  })

  it('passes over an observation that a newer one has overtaken', async () => {
    const registry = new MetricsRegistry(KINDS)
    const early = observation({ state: 'ok' })
    registry.record(next(early, { state: 'down', measurements: measurements({ up: false }) }), null)
    registry.record(early, null)
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_stream_up'), [0])
  })

  it('takes over a new watch, whose sequence begins again', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.record(observation({ sequence: 900 }), null)
    const anew = { sequence: 1, time: '2026-01-02T03:04:06.000Z', measurements: measurements({ up: false }) }
    registry.record(observation(anew), null)
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_stream_up'), [0])
  })

  it('passes over a kind that has no metrics', async () => {
    const registry = new MetricsRegistry(KINDS)
    // From a newer version, or forged.
    const other = { ...observation(), kind: 'weather' } as unknown as Observation
    assert.deepEqual(registry.record(other, null), [])
    assert.deepEqual(valuesOf(await samplesOf(registry), 'hmonitor_weather_up'), [])
  })

  it('refuses what is no observation and records nothing of it', async () => {
    const registry = new MetricsRegistry(KINDS)
    const first = observation()
    registry.record(first, null)
    const before = await expositionOf(registry)
    const broken = [
      { ...next(first), measurements: {} },
      { ...next(first), measurements: null },
      { ...next(first), issues: 'none' },
      { ...next(first), labels: undefined },
      { ...next(first), state: 'down', measurements: { ...measurements(), newConnectSeconds: 7 } },
    ]
    for (const message of broken) {
      assert.throws(() => registry.record(message as unknown as Observation, null), {
        code: 'invalid-message',
        message: /^The message about stream "main" is not an observation: /,
      })
    }
    const own = (body: string) => body.slice(0, body.indexOf('# HELP process_'))
    assert.equal(own((await expositionOf(registry)).body), own(before.body))
  })

  it('shows no text of an error, a summary or a remedy, where a secret could hide', async () => {
    const registry = new MetricsRegistry(KINDS)
    const key = 'sk-live-4711'
    const telling = { ...issue('streamOffline'), summary: key, remedy: [key], measured: key, expected: key }
    registry.record(observation({ issues: [telling], error: { code: key.toUpperCase(), message: key } }), null)
    for (const accept of ['text/plain', OPENMETRICS]) {
      const { body } = await expositionOf(registry, accept)
      assert.ok(!body.toLowerCase().includes(key), accept)
      assert.match(body, /hmonitor_probe_failures_total\{kind="stream",code="other"\} 1/)
    }
  })

  it('bounds the series that forged issues can make', async () => {
    const registry = new MetricsRegistry(KINDS)
    registry.record(observation({ issues: Array.from({ length: 5000 }, (_, index) => issue(`forged${index}`)) }), null)
    assert.equal(valuesOf(await samplesOf(registry), 'hmonitor_stream_issue').length, 100)
  })

  it('shares nothing with another monitor but the metrics of the process', async () => {
    const [one, other] = [new MetricsRegistry(KINDS), new MetricsRegistry(KINDS)]
    one.record(observation(), null)
    one.userMetric({ name: 'mine', type: 'gauge' }).apply(1)
    const { body } = await expositionOf(other)
    assert.doesNotMatch(body, /hmonitor_stream_up|^mine/m)
    assert.match(body, /^process_cpu_seconds_total /m)
  })
})
