import { type HistogramDefinition, type MetricDefinition, perLabel, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import { SESSION_ENDS, type StreamMeasurements, TIMESTAMP_FAULTS } from '../observation/stream.ts'

type StreamMetric = MetricDefinition<StreamMeasurements>
const MEDIA = ['video', 'audio'] as const

/** Metrics of every watched stream. */
export const STREAM_METRICS: readonly StreamMetric[] = [
  ...everyKindMetrics<StreamMeasurements>('stream', {
    up: (m) => m.up,
    upHelp: 'Whether media arrives now: video, or audio where there is only audio. Absent while unknown.',
    info: {
      names: [
        'container',
        'video_codec',
        'video_profile',
        'pixel_format',
        'field_order',
        'audio_codec',
        'audio_channels',
        'audio_sample_rate',
        'encoder',
      ],
      values: (m) => {
        const video = m.parameters?.video[0]
        const audio = m.parameters?.audio[0]
        return {
          container: m.parameters?.format ?? null,
          video_codec: video?.codec ?? null,
          video_profile: video?.profile ?? null,
          pixel_format: video?.pixelFormat ?? null,
          field_order: video?.fieldOrder ?? null,
          audio_codec: audio?.codec ?? null,
          audio_channels: audio?.channels ?? null,
          audio_sample_rate: audio?.sampleRate ?? null,
          encoder: m.parameters?.encoder ?? null,
        }
      },
    },
  }),
  perLabel(
    'gauge',
    'hmonitor_stream_event_seconds',
    'Time of the event that is on, where its length is planned: in which the stream was expected, of that measured, of that off air (bad).',
    'time',
    ['expected', 'measured', 'bad'],
    (o, time) => o.budget?.[time] ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_event_budget_seconds',
    'Time that the event that is on may miss: (1 - objective) of its planned length.',
    (o) => o.budget?.allowed ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_event_budget_used_ratio',
    'Share of what the event may miss that is gone; more than 1 where the objective is missed.',
    (o) => o.budget?.used ?? null,
  ),
  perLabel(
    'counter',
    'hmonitor_stream_received_bytes_total',
    'Bytes of media received since the watch began, across sessions.',
    'media',
    MEDIA,
    (o, media) => o.measurements.total[media].bytes,
  ),
  perLabel(
    'counter',
    'hmonitor_stream_packets_total',
    'Packets of media received since the watch began, across sessions.',
    'media',
    MEDIA,
    (o, media) => o.measurements.total[media].packets,
  ),
  single(
    'counter',
    'hmonitor_stream_keyframes_total',
    'Video key frames received since the watch began, across sessions.',
    (o) => o.measurements.total.keyframes,
  ),
  perLabel(
    'gauge',
    'hmonitor_stream_received_bytes_per_second',
    'Measured rate over 10 seconds of media time. 0 while stalled, absent while unknown.',
    'media',
    MEDIA,
    (o, media) =>
      media === 'video' ? o.measurements.last10s.videoBytesPerSecond : o.measurements.last10s.audioBytesPerSecond,
  ),
  perLabel(
    'gauge',
    'hmonitor_stream_declared_bytes_per_second',
    'Rate that the publisher declares; not measured.',
    'media',
    MEDIA,
    (o, media) => o.measurements.parameters?.[media][0]?.declaredBytesPerSecond ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_frames_per_second',
    'Measured video frame rate over 10 seconds of media time. 0 while stalled, absent while unknown.',
    (o) => o.measurements.last10s.framesPerSecond,
  ),
  single(
    'gauge',
    'hmonitor_stream_declared_frames_per_second',
    'Video frame rate that the stream declares; not measured.',
    (o) => o.measurements.parameters?.video[0]?.declaredFrameRate ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_keyframe_interval_seconds',
    'The longer of the last closed key frame interval and the media time since the last key frame.',
    (o) => o.measurements.keyframeInterval,
  ),
  single(
    'gauge',
    'hmonitor_stream_drift_seconds',
    'How late media arrives against its own time stamps, less the minimum of the last 10 minutes.',
    (o) => o.measurements.drift,
  ),
  single(
    'gauge',
    'hmonitor_stream_realtime_ratio',
    'Media time that arrived per second of time, over 10 seconds: 1 is real time, less is too slow.',
    (o) => o.measurements.last10s.realtimeRatio,
  ),
  single(
    'gauge',
    'hmonitor_stream_track_timestamp_skew_seconds',
    'Newest video time stamp less newest audio time stamp. It is not lip sync.',
    (o) => o.measurements.trackTimestampSkew,
  ),
  perLabel(
    'gauge',
    'hmonitor_stream_configured',
    'Whether the configuration of the codec has come (RTMP: its sequence header), without which no player can decode it. Absent while it is not known.',
    'media',
    MEDIA,
    (o, media) => o.measurements.configured[media],
  ),
  perLabel(
    'counter',
    'hmonitor_stream_timestamp_faults_total',
    'Faults in the time stamps since the watch began, across sessions.',
    'fault',
    TIMESTAMP_FAULTS,
    (o, fault) => o.measurements.total.timestampFaults[fault],
  ),
  single(
    'counter',
    'hmonitor_stream_publisher_restarts_total',
    'How often the publisher restarted while the stream was watched.',
    (o) => o.measurements.total.publisherRestarts,
  ),
  single(
    'gauge',
    'hmonitor_stream_last_packet_timestamp_seconds',
    'Unix time at which the newest packet of media arrived. Absent when none ever did.',
    lastPacketTimestamp,
  ),
  perLabel(
    'counter',
    'hmonitor_stream_sessions_total',
    'Sessions that ended since the watch began, by the reason for their end.',
    'end',
    SESSION_ENDS,
    (o, end) => o.measurements.total.sessions[end],
  ),
  single(
    'gauge',
    'hmonitor_stream_width_pixels',
    'Width of the picture.',
    (o) => o.measurements.parameters?.video[0]?.width ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_height_pixels',
    'Height of the picture.',
    (o) => o.measurements.parameters?.video[0]?.height ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_black',
    'Whether the picture is black. Content checks only.',
    (o) => o.measurements.content?.black ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_frozen',
    'Whether the picture stands still. Content checks only.',
    (o) => o.measurements.content?.frozen ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_silent',
    'Whether the sound is silent. Content checks only.',
    (o) => o.measurements.content?.silent ?? null,
  ),
  single(
    'gauge',
    'hmonitor_stream_loudness_lufs',
    'Short-term loudness (EBU R 128). Content checks only.',
    (o) => o.measurements.content?.loudness ?? null,
  ),
]

/** Per monitor, without `target`: how long a session takes from its start to its first packet. */
export const STREAM_CONNECT_DURATION: HistogramDefinition<StreamMeasurements> = {
  name: 'hmonitor_stream_connect_duration_seconds',
  type: 'histogram',
  help: 'Time from the start of a session to its first packet of media.',
  labels: [],
  // Key frame intervals of 1 to 10 s decide the upper ones: without a GOP cache, video waits for the next key frame.
  buckets: [0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 10, 15, 30],
  values: (o) => o.measurements.newConnectSeconds,
}

function lastPacketTimestamp(o: Observation<Kind, StreamMeasurements>): number | null {
  const age = o.measurements.lastPacketAge
  return age === null ? null : Math.round(Date.parse(o.time) - age * 1000) / 1000
}
