import { DEVICE_STATES } from '../../../src/observation/encoder.ts'
import { INGEST_STATES, LIVE_STATES } from '../../../src/observation/platform.ts'
import { CHOSEN, type DashboardSpec, targetsOn } from './dashboards.ts'
import { namedStates, STATE_MAPPINGS, stateOf } from './states.ts'
import { unusualPanel, withUsual } from './usual.ts'

const device = namedStates('hmonitor_encoder_device_state', CHOSEN, DEVICE_STATES)
const live = namedStates('hmonitor_platform_live_state', CHOSEN, LIVE_STATES)
const ingest = namedStates('hmonitor_platform_ingest_state', CHOSEN, INGEST_STATES)

export const ENCODERS_PLATFORM: DashboardSpec = {
  uid: 'hmonitor-encoders-platform',
  title: 'RTMP HMonitor: encoders and platform',
  description: 'What Blackmagic encoders and Vimeo say of themselves.',
  targets: targetsOn('hmonitor-encoders-platform'),
  rows: [
    {
      title: 'Encoders',
      panels: [
        {
          ...{
            look: 'states',
            title: 'State of encoders',
            unit: 'none',
            width: 12,
            height: 6,
            mappings: STATE_MAPPINGS,
          },
          description: 'Whether each encoder is well.',
          queries: [{ expr: stateOf('encoder', CHOSEN), legend: '{{target}}' }],
          noValue: 'no encoder is watched',
        },
        {
          ...{
            look: 'states',
            title: 'What the encoder does',
            unit: 'none',
            width: 12,
            height: 6,
            mappings: device.mappings,
          },
          description: 'As the device says. Interrupted: it has lost the platform and tries again.',
          queries: [{ expr: device.expr, legend: '{{target}}' }],
          noValue: 'no encoder is watched',
        },
        withUsual('encoder', 'encoderBytesPerSecond', {
          ...{ look: 'lines', title: 'Bitrate', unit: 'Bps', width: 8, height: 8, min: 0 },
          description: 'The rate that the encoder says. Compare it with what is measured of the stream.',
          queries: [{ expr: `hmonitor_encoder_bytes_per_second{${CHOSEN}}`, legend: '{{target}}' }],
        }),
        withUsual('encoder', 'cacheUsedRatio', {
          ...{ look: 'lines', title: 'Cache', unit: 'percentunit', width: 8, height: 8, min: 0, max: 1 },
          description:
            'How full the cache of the encoder is. When it rises the uplink cannot carry the bitrate; when it is full frames are lost.',
          queries: [{ expr: `hmonitor_encoder_cache_used_ratio{${CHOSEN}}`, legend: '{{target}}' }],
        }),
        {
          ...{ look: 'lines', title: 'On air for', unit: 's', width: 8, height: 8, min: 0 },
          description: 'As the encoder says. It begins at 0 when the encoder is started.',
          queries: [{ expr: `hmonitor_encoder_duration_seconds{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'idle',
        },
      ],
    },
    {
      title: 'Platform',
      panels: [
        {
          ...{
            look: 'states',
            title: 'State of live events',
            unit: 'none',
            width: 8,
            height: 7,
            mappings: STATE_MAPPINGS,
          },
          description: 'Whether each live event is well.',
          queries: [{ expr: stateOf('platform', CHOSEN), legend: '{{target}}' }],
          noValue: 'no live event is watched',
        },
        {
          ...{ look: 'states', title: 'Live', unit: 'none', width: 8, height: 7, mappings: live.mappings },
          description: "The event by Vimeo's own names.",
          queries: [{ expr: live.expr, legend: '{{target}}' }],
          noValue: 'no live event is watched',
        },
        {
          ...{ look: 'states', title: 'Ingest', unit: 'none', width: 8, height: 7, mappings: ingest.mappings },
          description:
            'Whether the platform receives. The encoder streams and this says that it waits: the key or the address is wrong.',
          queries: [{ expr: ingest.expr, legend: '{{target}}' }],
          noValue: 'no live event is watched, or the account is not told',
        },
        withUsual('platform', 'viewers', {
          ...{ look: 'lines', title: 'Viewers', unit: 'short', width: 12, height: 8, min: 0 },
          description: 'Now watching. Where the account is told.',
          queries: [{ expr: `hmonitor_platform_viewers{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'not told',
        }),
        {
          ...{ look: 'lines', title: 'Requests left', unit: 'short', width: 12, height: 8, min: 0 },
          description: "What is left of the account's allowance of requests. The monitor keeps below it.",
          queries: [{ expr: `hmonitor_platform_rate_limit_remaining{${CHOSEN}}`, legend: '{{target}}' }],
        },
      ],
    },
    {
      title: 'What changed',
      panels: [unusualPanel(['encoder', 'platform'], { width: 24, height: 6 })],
    },
  ],
}
