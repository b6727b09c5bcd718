import { CHOSEN, type DashboardSpec, HERE, targetsOn } from './dashboards.ts'
import { STATE_MAPPINGS, stateOf } from './states.ts'
import { unusualPanel, withUsual } from './usual.ts'

export const NETWORK: DashboardSpec = {
  uid: 'hmonitor-network',
  title: 'RTMP HMonitor: network',
  description: 'The way to hosts and services, and what the connection carries.',
  targets: targetsOn('hmonitor-network'),
  rows: [
    {
      title: 'Hosts',
      panels: [
        {
          ...{ look: 'states', title: 'State of hosts', unit: 'none', width: 24, height: 6, mappings: STATE_MAPPINGS },
          description: 'Purple is a host that has never answered: perhaps it does not answer pings at all.',
          queries: [{ expr: stateOf('ping', CHOSEN), legend: '{{target}}' }],
          noValue: 'no host is watched',
        },
        withUsual('ping', 'roundTrip', {
          ...{ look: 'lines', title: 'Round trip', unit: 's', width: 8, height: 8, min: 0 },
          description: 'The newest echo of each host.',
          queries: [{ expr: `hmonitor_ping_rtt_last_seconds{${CHOSEN}}`, legend: '{{target}}' }],
        }),
        withUsual('ping', 'loss', {
          ...{ look: 'lines', title: 'Lost echoes', unit: 'percentunit', width: 8, height: 8, min: 0, max: 1 },
          description: 'Of the last minute, counted. From 1 % on a stream over RTMP slows down.',
          queries: [
            {
              expr: `clamp_min(1 - increase(hmonitor_ping_received_total{${CHOSEN}}[1m]) / increase(hmonitor_ping_sent_total{${CHOSEN}}[1m]), 0)`,
              legend: '{{target}}',
            },
          ],
        }),
        withUsual('ping', 'jitter', {
          ...{ look: 'lines', title: 'Jitter', unit: 's', width: 8, height: 8, min: 0 },
          description: 'How much the round trip changes from one echo to the next.',
          queries: [{ expr: `hmonitor_ping_jitter_seconds{${CHOSEN}}`, legend: '{{target}}' }],
        }),
        {
          ...{ look: 'heat', title: 'Round trips of all hosts', unit: 's', width: 24, height: 7 },
          description: 'How many echoes took how long. A second band above the first one is a busy line.',
          queries: [
            {
              expr: `sum by (le) (increase(hmonitor_ping_rtt_seconds_bucket{${HERE}}[$__rate_interval]))`,
              legend: '{{le}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Services',
      panels: [
        {
          ...{
            look: 'states',
            title: 'State of services',
            unit: 'none',
            width: 24,
            height: 6,
            mappings: STATE_MAPPINGS,
          },
          description: 'Whether each service does what a client needs of it.',
          queries: [{ expr: stateOf('service', CHOSEN), legend: '{{target}}' }],
          noValue: 'no service is watched',
        },
        {
          ...{ look: 'lines', title: 'Time by phase', unit: 's', width: 16, height: 8, min: 0 },
          description:
            'What each phase of the newest check took. The one that grows says where it is slow: name, network, encryption, or the server.',
          queries: [{ expr: `hmonitor_service_duration_seconds{${CHOSEN}}`, legend: '{{target}} {{phase}}' }],
        },
        {
          ...{ look: 'number', title: 'Certificates expire in', unit: 's', width: 8, height: 8 },
          description: 'Until the first certificate of the chain expires. Renew it when two weeks are left.',
          queries: [
            { expr: `hmonitor_service_tls_expiry_timestamp_seconds{${CHOSEN}} - time()`, legend: '{{target}}' },
          ],
          steps: [
            { value: null, color: 'red' },
            { value: 259200, color: 'orange' },
            { value: 1209600, color: 'green' },
          ],
          noValue: 'none',
        },
      ],
    },
    {
      title: 'Bandwidth',
      panels: [
        withUsual('bandwidth', 'bandwidth', {
          ...{ look: 'lines', title: 'Measured and needed', unit: 'Bps', width: 16, height: 8, min: 0 },
          description: 'What the newest test measured, and what the streams that depend on the connection need.',
          queries: [
            { expr: `hmonitor_bandwidth_bytes_per_second{${CHOSEN}}`, legend: '{{target}} {{direction}} measured' },
            { expr: `hmonitor_bandwidth_required_bytes_per_second{${CHOSEN}}`, legend: '{{target}} needed' },
          ],
          noValue: 'no bandwidth test',
        }),
        {
          ...{ look: 'number', title: 'Last test', unit: 's', width: 8, height: 8 },
          description: 'Age of the newest test. Tests wait while a stream needs the connection.',
          queries: [
            { expr: `time() - hmonitor_bandwidth_last_test_timestamp_seconds{${CHOSEN}}`, legend: '{{target}}' },
          ],
          noValue: 'none yet',
        },
      ],
    },
    {
      title: 'What changed',
      panels: [unusualPanel(['ping', 'service', 'bandwidth'], { width: 24, height: 6 })],
    },
  ],
}
