import { CHOSEN, type DashboardSpec } from './dashboards.ts'
import { EVENT_BUDGET } from './event-budget.ts'
import { STATE_MAPPINGS, stateOf, YES_NO } from './states.ts'
import { unusualPanel, withUsual } from './usual.ts'

const of = (metric: string, labels = '') => `hmonitor_stream_${metric}{${CHOSEN}${labels}}`

export const STREAM: DashboardSpec = {
  uid: 'hmonitor-stream',
  title: 'RTMP HMonitor: stream',
  description: 'Everything that is measured of chosen streams: what arrives, how steadily, and what is wrong.',
  targets: { label: 'Stream', metric: 'hmonitor_stream_expected' },
  rows: [
    {
      title: 'State',
      panels: [
        {
          ...{ look: 'states', title: 'State', unit: 'none', width: 12, height: 6, mappings: STATE_MAPPINGS },
          description: 'The state over time. Purple is not known, which is not well.',
          queries: [{ expr: stateOf('stream', CHOSEN), legend: '{{target}}' }],
        },
        {
          ...{ look: 'states', title: 'Issues', unit: 'none', width: 12, height: 6, mappings: YES_NO },
          description: 'When each issue was active. Its alert and its runbook say what to do.',
          queries: [{ expr: `${of('issue')} == 1`, legend: '{{target}}: {{issue}}' }],
          links: [
            {
              title: 'Alerts',
              url: '/d/hmonitor-alerts?var-target=${__field.labels.target:percentencode}&${__url_time_range}',
            },
          ],
          noValue: 'no issue',
        },
        {
          ...{ look: 'lines', title: 'Health', unit: 'short', width: 8, height: 7, min: 0, max: 100 },
          description: '100 is without any issue, 0 is down. A gap is unknown or off air.',
          queries: [{ expr: of('health_score'), legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Silence', unit: 's', width: 8, height: 7, min: 0 },
          description: 'Time since the newest packet of media. A stream stalls after 2 s (HLS: three segments).',
          queries: [{ expr: `time() - ${of('last_packet_timestamp_seconds')}`, legend: '{{target}}' }],
        },
        {
          ...{ look: 'table', title: 'What it is made of', unit: 'none', width: 8, height: 7 },
          description: 'What the stream says of itself, and your own labels.',
          queries: [{ expr: of('info'), legend: 'info' }],
        },
        unusualPanel(['stream'], { width: 24, height: 5 }),
      ],
    },
    {
      title: 'What arrives',
      panels: [
        withUsual('stream', 'videoBytesPerSecond', {
          ...{ look: 'lines', title: 'Video, measured and declared', unit: 'Bps', width: 12, height: 8, min: 0 },
          description:
            "Measured over 10 seconds of the stream's own time. Far below what is declared: the encoder or its uplink is short of something.",
          queries: [
            { expr: of('received_bytes_per_second', ',media="video"'), legend: '{{target}} measured' },
            { expr: of('declared_bytes_per_second', ',media="video"'), legend: '{{target}} declared' },
          ],
        }),
        {
          ...{ look: 'lines', title: 'Received, counted', unit: 'Bps', width: 12, height: 8, min: 0 },
          description: 'The growth of the counters of bytes, by the clock of the monitor: what the connection carried.',
          queries: [{ expr: `rate(${of('received_bytes_total')}[$__rate_interval])`, legend: '{{target}} {{media}}' }],
        },
        withUsual('stream', 'audioBytesPerSecond', {
          ...{ look: 'lines', title: 'Audio', unit: 'Bps', width: 8, height: 7, min: 0 },
          description: "Measured over 10 seconds of the stream's own time.",
          queries: [{ expr: of('received_bytes_per_second', ',media="audio"'), legend: '{{target}}' }],
        }),
        withUsual('stream', 'framesPerSecond', {
          ...{ look: 'lines', title: 'Frame rate', unit: 'suffix:fps', width: 8, height: 7, min: 0, decimals: 1 },
          description:
            'Measured beside declared. A fall means dropped frames: the encoder is overloaded, or its uplink is.',
          queries: [
            { expr: of('frames_per_second'), legend: '{{target}} measured' },
            { expr: of('declared_frames_per_second'), legend: '{{target}} declared' },
          ],
        }),
        withUsual('stream', 'keyframeInterval', {
          ...{ look: 'lines', title: 'Key frame interval', unit: 's', width: 8, height: 7, min: 0, decimals: 1 },
          description:
            'The longer of the last interval and the time since the last key frame. Platforms want 2 s, at most 4 s.',
          queries: [{ expr: of('keyframe_interval_seconds'), legend: '{{target}}' }],
        }),
      ],
    },
    {
      title: 'How steadily',
      panels: [
        withUsual('stream', 'drift', {
          ...{ look: 'lines', title: 'Drift', unit: 's', width: 8, height: 7 },
          description:
            'How late media arrives against its own time stamps. Good is up to 0.5 s, fair up to 1 s. A steady rise: the uplink cannot carry the bitrate.',
          queries: [{ expr: of('drift_seconds'), legend: '{{target}}' }],
        }),
        withUsual('stream', 'realtimeRatio', {
          ...{ look: 'lines', title: 'Real-time ratio', unit: 'percentunit', width: 8, height: 7, min: 0, decimals: 1 },
          description: 'Media that arrived per second. Below 100 % viewers will see it stop.',
          queries: [{ expr: of('realtime_ratio'), legend: '{{target}}' }],
        }),
        {
          ...{ look: 'lines', title: 'Video ahead of audio', unit: 's', width: 8, height: 7 },
          description:
            'Newest time stamp of video less that of audio. It sees one track falling behind; it does not measure lip sync.',
          queries: [{ expr: of('track_timestamp_skew_seconds'), legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Faults of time stamps', unit: 'short', width: 8, height: 7, min: 0 },
          description:
            'How many came in five minutes, by kind. They come from the encoder, or from a server that joins two publishers.',
          queries: [{ expr: `increase(${of('timestamp_faults_total')}[5m])`, legend: '{{target}} {{fault}}' }],
        },
        {
          ...{ look: 'lines', title: 'Publisher restarts', unit: 'short', width: 8, height: 7, min: 0 },
          description: 'How often the publisher began anew in five minutes.',
          queries: [{ expr: `increase(${of('publisher_restarts_total')}[5m])`, legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Sessions that ended', unit: 'short', width: 8, height: 7, min: 0 },
          description: 'How often the monitor lost its own connection in five minutes, and why.',
          queries: [{ expr: `increase(${of('sessions_total')}[5m])`, legend: '{{target}} {{end}}' }],
        },
      ],
    },
    {
      title: 'Picture and sound',
      panels: [
        {
          ...{ look: 'states', title: 'Black, frozen, silent', unit: 'none', width: 16, height: 7, mappings: YES_NO },
          description: 'What is to be seen and heard. Only where content checks run.',
          queries: [
            { expr: of('black'), legend: '{{target}} black' },
            { expr: of('frozen'), legend: '{{target}} frozen' },
            { expr: of('silent'), legend: '{{target}} silent' },
          ],
          noValue: 'content checks are off',
        },
        {
          ...{ look: 'lines', title: 'Loudness', unit: 'suffix:LUFS', width: 8, height: 7 },
          description:
            'Short-term loudness (EBU R 128). Speech for the internet is at -14 to -16 LUFS. Only where content checks run.',
          queries: [{ expr: of('loudness_lufs'), legend: '{{target}}' }],
          noValue: 'content checks are off',
        },
      ],
    },
    EVENT_BUDGET,
  ],
}
