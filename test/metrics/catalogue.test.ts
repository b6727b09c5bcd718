import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM_METRICS } from '../../src/kinds/stream-metrics.ts'
import { STATES } from '../../src/observation/observation.ts'
import { SESSION_ENDS } from '../../src/observation/stream.ts'
import { content, issue, measurements, nothingMeasured, observation, type StreamObservation } from './observations.ts'

/** The samples of one metric: label values joined, and value. */
function samples(name: string, of: StreamObservation): Record<string, number> {
  const definition = STREAM_METRICS.find((metric) => metric.name === `hmonitor_stream_${name}`)
  assert.ok(definition, `there is a metric hmonitor_stream_${name}`)
  return Object.fromEntries(definition.samples(of).map(({ labels, value }) => [Object.values(labels).join(','), value]))
}

describe('the metrics of a stream', () => {
  it('shows up as 1 while media arrives, as 0 while it does not, and not at all while unknown', () => {
    assert.deepEqual(samples('up', observation()), { '': 1 })
    assert.deepEqual(samples('up', observation({ state: 'down', measurements: measurements({ up: false }) })), {
      '': 0,
    })
    assert.deepEqual(samples('up', observation({ state: 'unknown', measurements: nothingMeasured() })), {})
  })

  it('shows no up while the state is unknown, whatever was measured before', () => {
    assert.deepEqual(samples('up', observation({ state: 'unknown' })), {})
  })

  it('shows all five states, 1 for the one it is in', () => {
    for (const state of STATES) {
      const shown = samples('state', observation({ state }))
      assert.deepEqual(shown, Object.fromEntries(STATES.map((name) => [name, name === state ? 1 : 0])))
    }
  })

  it('shows no health score while there is none, and 0 when it is 0', () => {
    assert.deepEqual(samples('health_score', observation({ score: null })), {})
    assert.deepEqual(samples('health_score', observation({ score: 0 })), { '': 0 })
  })

  it('tells a probe that failed from a stream that is down', () => {
    const error = { code: 'crashed', message: 'ffprobe ended with 139.' }
    assert.deepEqual(samples('probe_success', observation({ state: 'down' })), { '': 1 })
    assert.deepEqual(samples('probe_success', observation({ state: 'unknown' })), { '': 0 })
    assert.deepEqual(samples('probe_success', observation({ state: 'ok', error })), { '': 0 })
  })

  it('shows each active issue with its severity', () => {
    const issues = [issue('streamStalled', 'warning'), issue('streamOffline')]
    assert.deepEqual(samples('issue', observation({ issues })), {
      'streamStalled,warning': 1,
      'streamOffline,error': 1,
    })
  })

  it('shows rates of the last 10 seconds, 0 while stalled, nothing while unknown', () => {
    const stalled = { videoBytesPerSecond: 0, audioBytesPerSecond: 0, framesPerSecond: 0, realtimeRatio: 0 }
    const of = (last10s: typeof stalled) => observation({ measurements: measurements({ last10s }) })
    assert.deepEqual(samples('received_bytes_per_second', observation()), { video: 500_000, audio: 16_000 })
    assert.deepEqual(samples('received_bytes_per_second', of(stalled)), { video: 0, audio: 0 })
    assert.deepEqual(samples('realtime_ratio', of(stalled)), { '': 0 })
    const unknown = observation({ measurements: nothingMeasured() })
    for (const name of ['received_bytes_per_second', 'frames_per_second', 'realtime_ratio', 'drift_seconds']) {
      assert.deepEqual(samples(name, unknown), {}, name)
    }
  })

  it('shows what is declared apart from what is measured', () => {
    assert.deepEqual(samples('declared_bytes_per_second', observation()), { video: 500_000, audio: 16_000 })
    assert.deepEqual(samples('declared_frames_per_second', observation()), { '': 30 })
    assert.deepEqual(samples('declared_bytes_per_second', observation({ measurements: nothingMeasured() })), {})
  })

  it('starts every counter at 0, each value of its label included', () => {
    const begin = observation({ state: 'unknown', measurements: nothingMeasured() })
    for (const counter of STREAM_METRICS.filter(({ type }) => type === 'counter')) {
      const values = counter.samples(begin).map(({ value }) => value)
      assert.ok(values.length > 0 && values.every((value) => value === 0), counter.name)
    }
    assert.equal(Object.keys(samples('sessions_total', begin)).length, SESSION_ENDS.length)
  })

  it('shows the time of the last packet, not its age', () => {
    assert.deepEqual(samples('last_packet_timestamp_seconds', observation()), { '': 1767323044.75 })
    const never = observation({ measurements: measurements({ lastPacketAge: null }) })
    assert.deepEqual(samples('last_packet_timestamp_seconds', never), {})
  })

  it('shows content only with content checks', () => {
    const found = content({ black: true, frozen: false, silent: null, loudness: -23.4 })
    const checked = observation({ measurements: measurements({ content: found }) })
    assert.deepEqual(samples('black', checked), { '': 1 })
    assert.deepEqual(samples('frozen', checked), { '': 0 })
    assert.deepEqual(samples('silent', checked), {})
    assert.deepEqual(samples('loudness_lufs', checked), { '': -23.4 })
    assert.deepEqual(samples('black', observation()), {})
  })

  it('makes no sample of a number that is not finite', () => {
    const broken = observation({ measurements: measurements({ drift: Number.NaN, keyframeInterval: Infinity }) })
    assert.deepEqual(samples('drift_seconds', broken), {})
    assert.deepEqual(samples('keyframe_interval_seconds', broken), {})
  })

  it('carries the codecs and the labels of the user on _info alone', () => {
    const labels = { programme: 'sunday' }
    for (const { name, samples: of } of STREAM_METRICS) {
      const carries = of(observation({ labels })).some((sample) => 'programme' in sample.labels)
      assert.equal(carries, name === 'hmonitor_stream_info', name)
    }
  })

  it('has about 50 series', () => {
    const series = STREAM_METRICS.flatMap(({ samples: of }) =>
      of(observation({ measurements: measurements({ content: content() }) })),
    )
    assert.ok(series.length >= 40 && series.length <= 50, `${series.length} series without issues`)
  })

  it('has the names, types and labels that dashboards and rules rely on', () => {
    const lines = STREAM_METRICS.map(({ name, type, labels }) => `${name} ${type} ${labels.join(',')}`.trim())
    assert.deepEqual(lines, [
      'hmonitor_stream_up gauge',
      'hmonitor_stream_state gauge state',
      'hmonitor_stream_expected gauge',
      'hmonitor_stream_health_score gauge',
      'hmonitor_stream_probe_success gauge',
      'hmonitor_stream_issue gauge issue,severity',
      'hmonitor_stream_anomaly gauge measure',
      'hmonitor_stream_usual gauge measure,bound',
      'hmonitor_stream_info gauge container,video_codec,video_profile,pixel_format,field_order,' +
        'audio_codec,audio_channels,audio_sample_rate,encoder',
      'hmonitor_stream_event_seconds gauge time',
      'hmonitor_stream_event_budget_seconds gauge',
      'hmonitor_stream_event_budget_used_ratio gauge',
      'hmonitor_stream_received_bytes_total counter media',
      'hmonitor_stream_packets_total counter media',
      'hmonitor_stream_keyframes_total counter',
      'hmonitor_stream_received_bytes_per_second gauge media',
      'hmonitor_stream_declared_bytes_per_second gauge media',
      'hmonitor_stream_frames_per_second gauge',
      'hmonitor_stream_declared_frames_per_second gauge',
      'hmonitor_stream_keyframe_interval_seconds gauge',
      'hmonitor_stream_drift_seconds gauge',
      'hmonitor_stream_realtime_ratio gauge',
      'hmonitor_stream_track_timestamp_skew_seconds gauge',
      'hmonitor_stream_configured gauge media',
      'hmonitor_stream_timestamp_faults_total counter fault',
      'hmonitor_stream_publisher_restarts_total counter',
      'hmonitor_stream_last_packet_timestamp_seconds gauge',
      'hmonitor_stream_sessions_total counter end',
      'hmonitor_stream_width_pixels gauge',
      'hmonitor_stream_height_pixels gauge',
      'hmonitor_stream_black gauge',
      'hmonitor_stream_frozen gauge',
      'hmonitor_stream_silent gauge',
      'hmonitor_stream_loudness_lufs gauge',
    ])
  })
})
