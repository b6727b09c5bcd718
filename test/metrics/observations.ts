import type { Content } from '../../src/observation/content.ts'
import type { Observation } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { copyTotals } from '../../src/stream/meter.ts'

export type StreamObservation = Observation<'stream', StreamMeasurements>

/** Measurements of a healthy stream, 720p30 at 4 Mb/s with AAC at 128 kb/s. */
export function measurements(changes: Partial<StreamMeasurements> = {}): StreamMeasurements {
  const rates = { videoBytesPerSecond: 500_000, audioBytesPerSecond: 16_000, framesPerSecond: 30, realtimeRatio: 1 }
  return {
    up: true,
    total: {
      video: { packets: 1800, bytes: 30_000_000 },
      audio: { packets: 2812, bytes: 960_000 },
      keyframes: 30,
      publisherRestarts: 0,
      sessions: {
        refused: 0,
        unreachable: 0,
        'not-found': 0,
        timeout: 0,
        ended: 1,
        killed: 0,
        crashed: 0,
        'bad-output': 0,
        'out-of-memory': 0,
        'no-resources': 0,
        'dns-failed': 0,
      },
      timestampFaults: { regression: 0, jump: 0, gap: 2 },
    },
    last1s: rates,
    last10s: rates,
    window: rates,
    keyframeInterval: 2,
    drift: 0.012,
    driftDeviation: 0.001,
    trackTimestampSkew: -0.021,
    lastPacketAge: 0.25,
    tracks: { video: true, audio: true },
    configured: { video: true, audio: true },
    connectSeconds: 0.8,
    newConnectSeconds: [],
    warmingUp: false,
    parameters: {
      format: 'flv',
      video: [
        {
          codec: 'h264',
          profile: 'High',
          level: 31,
          width: 1280,
          height: 720,
          declaredFrameRate: 30,
          declaredBytesPerSecond: 500_000,
          pixelFormat: 'yuv420p',
          fieldOrder: 'progressive',
          bFrames: 0,
        },
      ],
      audio: [{ codec: 'aac', profile: 'LC', sampleRate: 48_000, channels: 2, declaredBytesPerSecond: 16_000 }],
      encoder: 'Lavf59.27.100',
    },
    parameterChanges: [],
    content: null,
    ...changes,
  }
}

/** What content checks find in a healthy stream. */
export function content(changes: Partial<Content> = {}): Content {
  return {
    pictures: 'keyframes',
    age: 0.4,
    black: false,
    frozen: false,
    silent: false,
    oneSided: false,
    silentSide: null,
    clipping: false,
    loudness: -20,
    momentaryLoudness: -19.2,
    integratedLoudness: -20.4,
    peak: -6,
    spans: {},
    endedSpans: [],
    ...changes,
  }
}

/** What a probe measures that has not connected yet. */
export function nothingMeasured(): StreamMeasurements {
  const none = { videoBytesPerSecond: null, audioBytesPerSecond: null, framesPerSecond: null, realtimeRatio: null }
  return measurements({
    up: null,
    total: copyTotals(),
    last1s: none,
    last10s: none,
    window: none,
    keyframeInterval: null,
    drift: null,
    driftDeviation: null,
    trackTimestampSkew: null,
    lastPacketAge: null,
    tracks: { video: null, audio: null },
    connectSeconds: null,
    warmingUp: true,
    parameters: null,
  })
}

export function observation(changes: Partial<StreamObservation> = {}): StreamObservation {
  return {
    kind: 'stream',
    target: 'main',
    labels: {},
    time: '2026-01-02T03:04:05.000Z',
    sequence: 1,
    state: 'ok',
    expected: true,
    score: 100,
    measurements: measurements(),
    issues: [],
    ...changes,
  }
}

/** The observation a second later, with as many packets and bytes more. */
export function next(before: StreamObservation, changes: Partial<StreamObservation> = {}): StreamObservation {
  const { total } = before.measurements
  return {
    ...before,
    sequence: before.sequence + 1,
    time: new Date(Date.parse(before.time) + 1000).toISOString(),
    measurements: {
      ...before.measurements,
      total: { ...total, video: { packets: total.video.packets + 30, bytes: total.video.bytes + 500_000 } },
    },
    ...changes,
  }
}

export function issue(type: string, severity: 'info' | 'warning' | 'error' = 'error') {
  return { type, severity, since: '2026-01-02T03:04:05.000Z', summary: `${type} is active.`, remedy: ['Look.'] }
}
