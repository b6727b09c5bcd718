import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { alertsIn } from '../../scripts/alert-table.ts'
import { failedCases, type RuleCase, type Series, SITE, seriesOf } from './rule-cases.ts'

type Kind = 'fires' | 'just below' | 'flaps or is absent'
type Expectation = Record<number, Record<string, string> | null>

interface MonitorCase {
  series: Series
  /** Seconds between the values. */
  interval?: number
  /** At a second: the labels of the one alert of this name, or none. */
  firing: Expectation
}

const hmonitor = (name: string, labels: Record<string, string> = {}) =>
  seriesOf(name, { job: 'hmonitor', instance: 'monitor:1880', ...labels, ...SITE })
const prometheus = (name: string) => seriesOf(name, { job: 'prometheus', instance: '127.0.0.1:9090', ...SITE })
const alertmanager = (name: string, labels: Record<string, string> = {}) =>
  seriesOf(name, { job: 'alertmanager', instance: 'alertmanager:9093', ...labels, ...SITE })
const UP = hmonitor('up')
const expected = (target: string) => hmonitor('hmonitor_stream_expected', { target })
const stale = (kind: string) => hmonitor('hmonitor_stale_targets', { kind })
const rejected = (effect: string) => hmonitor('hmonitor_rejected_targets', { effect })
const OUTBOX = hmonitor('hmonitor_outbox_oldest_timestamp_seconds')
const SHIPPING = hmonitor('hmonitor_log_shipping_failing_since_timestamp_seconds', { way: 'logstash' })
const shipped = (result: string) => hmonitor('hmonitor_log_shipping_lines_total', { way: 'elasticsearch', result })
const CERTIFICATE = hmonitor('hmonitor_log_shipping_certificate_expiry_timestamp_seconds', { way: 'elasticsearch' })
const watch = (name: string, labels: Record<string, string> = {}) =>
  seriesOf(name, { job: 'elk-watch', instance: 'elk-watch:9465', ...labels, ...SITE })
const LOGSTASH = { logstash: 'logstash:9600' }
const ofEvents = (name: string) => watch(`hmonitor_logstash_${name}`, { ...LOGSTASH, pipeline: 'events' })
const [QUEUE, QUEUE_LIMIT] = [ofEvents('queue_bytes'), ofEvents('queue_limit_bytes')]
const [DEAD, DEAD_LIMIT] = [ofEvents('dead_letters_bytes'), ofEvents('dead_letters_limit_bytes')]
const DEAD_DROPPED = ofEvents('dead_letters_dropped_total')
const failed = (integration: string) => alertmanager('alertmanager_notifications_failed_total', { integration })

/** A series of one monitor of the cluster `hall`. */
const ofShard = (index: number, name: string, labels: Record<string, string> = {}) =>
  seriesOf(name, { job: 'hmonitor', ...labels, monitor: `hall-${index}`, site: SITE.site })
const CLUSTER = { cluster: 'hall' }
const shards = (index: number) => ofShard(index, 'hmonitor_shards', CLUSTER)
const shardInfo = (index: number) => ofShard(index, 'hmonitor_shard_info', { ...CLUSTER, shard: String(index) })
const inFile = (index: number) => ofShard(index, 'hmonitor_targets_in_file', { ...CLUSTER, kind: 'stream' })
const own = (index: number) => ofShard(index, 'hmonitor_shard_targets', { ...CLUSTER, kind: 'stream' })
const watched = (index: number) => ofShard(index, 'hmonitor_stream_expected', { target: 'main' })
const fileHash = (index: number) => ofShard(index, 'hmonitor_targets_file_hash', CLUSTER)
const TWO_SHARDS = {
  ...{ [shards(0)]: '2x160', [shards(1)]: '2x160' },
  ...{ [shardInfo(0)]: '1x160', [shardInfo(1)]: '1x160' },
}

const OF_CLUSTER = { kind: 'monitor', target: 'hall', monitor: 'hall', site: SITE.site }
const OF_MONITOR = { kind: 'monitor', target: SITE.monitor, ...SITE }
const OF_PROMETHEUS = { kind: 'prometheus', target: 'prometheus', ...SITE }
const OF_ALERTMANAGER = { kind: 'alertmanager', target: 'alertmanager', ...SITE }
const OF_WATCH = { kind: 'log', target: 'elk-watch', ...SITE }
const OF_LOGSTASH = { kind: 'log', target: 'logstash:9600', ...SITE }
const critical = { severity: 'critical' }
const warning = { severity: 'warning' }

/** Of every alert one case that fires, one that is just below, and one that flaps or goes absent. */
const CASES: Record<string, Record<Kind, MonitorCase>> = {
  HmonitorMonitorDown: {
    fires: {
      series: { [UP]: '1x9 0x400 1x9' },
      // Without a gap between the two reasons.
      firing: {
        ...{ 24: null, 26: { ...critical, ...OF_MONITOR } },
        ...Object.fromEntries([84, 85, 86, 99, 100, 101, 110, 300].map((at) => [at, { ...critical, ...OF_MONITOR }])),
        411: null,
      },
    },
    // A first start that takes its time, and a restart.
    'just below': { series: { [UP]: '0x80 1x9 0x13 1x9' }, firing: { 20: null, 79: null, 104: null, 110: null } },
    'flaps or is absent': { series: { [UP]: '1x9 0x5 1x1 0x5 1x1 0x5 1x1' }, firing: { 20: null, 29: null } },
  },
  HmonitorMonitorMissing: {
    fires: {
      series: { [UP]: '1x4 stale' },
      // Prometheus puts its external labels on it: test/stack/alerting.test.ts.
      firing: { 66: { ...critical, kind: 'monitor', target: 'hmonitor' } },
    },
    'just below': { series: { [UP]: '1x4 stale _x57 1x9' }, firing: { 63: null, 70: null } },
    'flaps or is absent': { series: { [UP]: '0x80' }, firing: { 79: null } },
  },
  HmonitorScrapeFailing: {
    // One in six fails: 83 % succeed.
    fires: { series: { [UP]: '1 1 1 1 1 0 '.repeat(20) }, firing: { 115: { ...warning, ...OF_MONITOR } } },
    // One in 24: 96 %.
    'just below': { series: { [UP]: `${'1 '.repeat(23)}0 `.repeat(5) }, firing: { 115: null } },
    // A restart.
    'flaps or is absent': { series: { [UP]: '1x60 0x12 1x45' }, firing: { 75: null, 90: null, 117: null } },
  },
  HmonitorTargetVanished: {
    fires: {
      interval: 15,
      series: { [UP]: '1x60', [expected('main')]: '1x20 stale', [expected('other')]: '1x60' },
      firing: { 300: null, 360: { ...warning, kind: 'stream', target: 'main', ...SITE }, 630: null },
    },
    'just below': {
      interval: 15,
      series: { [UP]: '1x60', [expected('main')]: '1x20 stale 1x30' },
      firing: { 315: null, 345: null, 360: null },
    },
    // A monitor that dies takes all its targets with it, which is another alert.
    'flaps or is absent': {
      interval: 15,
      series: { [UP]: '1x20 0x40', [expected('main')]: '1x20 stale' },
      firing: { 360: null, 450: null },
    },
  },
  HmonitorProbesStale: {
    fires: {
      series: { [stale('stream')]: '0x9 2x30 0x9', [stale('ping')]: '0x50' },
      firing: { 24: null, 30: { ...critical, kind: 'stream', target: 'stream', ...SITE }, 46: null },
    },
    'just below': { series: { [stale('stream')]: '0x9 1x12 0x20' }, firing: { 25: null, 40: null } },
    'flaps or is absent': { series: { [stale('stream')]: '0x9 1x8 stale' }, firing: { 26: null, 40: null } },
  },
  HmonitorTargetsRejected: {
    fires: {
      series: { [rejected('not-watched')]: '0x9 7x80 0x9', [rejected('ignored')]: '0x100' },
      firing: { 68: null, 72: { ...warning, ...OF_MONITOR }, 96: null },
    },
    'just below': {
      series: { [rejected('watched-as-before')]: '0x9 1x55 0x40', [rejected('ignored')]: '3x100' },
      firing: { 66: null, 75: null, 95: null },
    },
    'flaps or is absent': { series: { [rejected('not-watched')]: '0x9 1x40 stale' }, firing: { 72: null, 90: null } },
  },
  HmonitorOutboxStuck: {
    // The time of these cases begins at 0, the time of Unix.
    fires: {
      series: { [OUTBOX]: '5x170 170x9' },
      firing: { 150: null, 165: { ...warning, ...OF_MONITOR }, 178: null },
    },
    'just below': { series: { [OUTBOX]: '5x119 20x60' }, firing: { 124: null, 139: null, 170: null } },
    'flaps or is absent': { series: { [OUTBOX]: '5x140 stale' }, firing: { 139: null, 170: null } },
  },
  HmonitorShardMissing: {
    fires: {
      series: { [shards(0)]: '2x130', [shardInfo(0)]: '1x130', [shardInfo(1)]: '1x9 stale' },
      firing: { 90: null, 108: { ...critical, ...OF_CLUSTER } },
    },
    // A restart that takes its time.
    'just below': {
      series: { [shards(0)]: '2x120', [shardInfo(0)]: '1x120', [shardInfo(1)]: '1x9 stale _x75 1x30' },
      firing: { 84: null, 110: null },
    },
    // A monitor that shares with nobody says nothing of shards.
    'flaps or is absent': { series: { [UP]: '1x120' }, firing: { 119: null } },
  },
  HmonitorTargetsUnowned: {
    fires: {
      series: { ...TWO_SHARDS, [inFile(0)]: '9x160', [inFile(1)]: '9x160', [own(0)]: '4x160', [own(1)]: '4x160' },
      firing: { 115: null, 130: { ...critical, ...OF_CLUSTER } },
    },
    'just below': {
      series: { ...TWO_SHARDS, [inFile(0)]: '9x160', [inFile(1)]: '9x160', [own(0)]: '4x160', [own(1)]: '5x160' },
      firing: { 150: null },
    },
    // A shard that is missing is another alert.
    'flaps or is absent': {
      series: { [shards(0)]: '2x160', [shardInfo(0)]: '1x160', [inFile(0)]: '9x160', [own(0)]: '4x160' },
      firing: { 150: null },
    },
  },
  HmonitorTargetsTwice: {
    fires: {
      series: { ...TWO_SHARDS, [watched(0)]: '1x160', [watched(1)]: '1x160' },
      firing: { 115: null, 130: { ...warning, ...OF_CLUSTER } },
    },
    // A change of the number of shards.
    'just below': {
      series: { ...TWO_SHARDS, [watched(0)]: '1x160', [watched(1)]: '1x110 stale' },
      firing: { 110: null, 150: null },
    },
    // Two monitors that share nothing may well watch one stream.
    'flaps or is absent': { series: { [watched(0)]: '1x160', [watched(1)]: '1x160' }, firing: { 150: null } },
  },
  HmonitorTargetsDiffer: {
    fires: {
      series: { ...TWO_SHARDS, [fileHash(0)]: '281474976710655x160', [fileHash(1)]: '281474976710654x160' },
      firing: { 115: null, 130: { ...warning, ...OF_CLUSTER } },
    },
    'just below': {
      series: { ...TWO_SHARDS, [fileHash(0)]: '7x160', [fileHash(1)]: '8x110 7x40' },
      firing: { 110: null, 150: null },
    },
    'flaps or is absent': {
      series: { ...TWO_SHARDS, [fileHash(0)]: '7x160', [fileHash(1)]: '7x40 stale' },
      firing: { 150: null },
    },
  },
  HmonitorLogShippingStuck: {
    fires: {
      interval: 15,
      series: { [SHIPPING]: '60x60 stale' },
      firing: { 660: null, 705: { ...warning, ...OF_MONITOR }, 930: null },
    },
    // A restart of what takes the lines.
    'just below': { interval: 15, series: { [SHIPPING]: '60x42 stale' }, firing: { 630: null, 660: null } },
    // Not taken again and again: each time some are.
    'flaps or is absent': {
      interval: 15,
      series: { [SHIPPING]: '60x30 500x30 900x30' },
      firing: { 900: null, 1200: null },
    },
  },
  HmonitorLogLinesLost: {
    fires: {
      interval: 15,
      series: { [shipped('lost')]: '0x4 12x60', [shipped('shipped')]: '0+5x64' },
      firing: { 60: null, 120: { ...warning, ...OF_MONITOR }, 720: null },
    },
    'just below': { interval: 15, series: { [shipped('lost')]: '12x60' }, firing: { 300: null } },
    // A restart.
    'flaps or is absent': {
      interval: 15,
      series: { [shipped('lost')]: '12x8 0x40' },
      firing: { 150: null, 300: null },
    },
  },
  HmonitorLogLinesRejected: {
    fires: {
      interval: 15,
      series: { [shipped('rejected')]: '0x60', [shipped('failure-store')]: '0x4 1x60' },
      firing: { 60: null, 120: { ...warning, ...OF_MONITOR }, 720: null },
    },
    'just below': {
      interval: 15,
      series: { [shipped('rejected')]: '3x40', [shipped('duplicate')]: '0+9x40' },
      firing: { 300: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [shipped('rejected')]: '3x8 stale _x9 0x20' },
      firing: { 300: null },
    },
  },
  HmonitorLogCertificateEnding: {
    // 14 days are 1209600 s.
    fires: {
      interval: 15,
      series: { [CERTIFICATE]: '1209600x20 2000000x20' },
      firing: { 45: null, 120: { ...warning, kind: 'log', target: 'elasticsearch', ...SITE }, 360: null },
    },
    'just below': { interval: 15, series: { [CERTIFICATE]: '1210000x20' }, firing: { 120: null, 285: null } },
    'flaps or is absent': {
      interval: 15,
      series: { [CERTIFICATE]: '1209600x2 stale' },
      firing: { 45: null, 120: null },
    },
  },
  HmonitorLogWatchDown: {
    fires: {
      interval: 15,
      series: { [watch('up')]: '1x8 stale', [watch('hmonitor_log_watch_last_round_timestamp_seconds')]: '0x8 stale' },
      firing: { 120: null, 390: null, 480: { ...warning, ...OF_WATCH } },
    },
    // It answers, and its rounds end.
    'just below': {
      interval: 15,
      series: {
        [watch('up')]: '1x20 0x10 1x30',
        [watch('hmonitor_log_watch_last_round_timestamp_seconds')]: '0+15x60',
      },
      firing: { 300: null, 450: null, 600: null, 900: null },
    },
    // Where the profile elk is not used, and where it answers and hangs.
    'flaps or is absent': {
      interval: 15,
      series: { [watch('up')]: '1x80', [watch('hmonitor_log_watch_last_round_timestamp_seconds')]: '0x80' },
      firing: { 600: null, 885: null, 960: { ...warning, ...OF_WATCH } },
    },
  },
  HmonitorLogstashDown: {
    fires: {
      interval: 15,
      series: { [watch('hmonitor_logstash_up', LOGSTASH)]: '1x4 0x40 1x5' },
      firing: { 60: null, 360: null, 420: { ...warning, ...OF_LOGSTASH }, 705: null },
    },
    'just below': {
      interval: 15,
      series: { [watch('hmonitor_logstash_up', LOGSTASH)]: '1x4 0x18 1x20' },
      firing: { 330: null, 360: null, 420: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [watch('hmonitor_logstash_up', LOGSTASH)]: '0x10 stale' },
      firing: { 420: null },
    },
  },
  HmonitorLogstashQueueFull: {
    fires: {
      interval: 15,
      series: { [QUEUE]: '81x40', [QUEUE_LIMIT]: '100x40' },
      firing: { 285: null, 345: { ...warning, ...OF_LOGSTASH } },
    },
    'just below': { interval: 15, series: { [QUEUE]: '80x40', [QUEUE_LIMIT]: '100x40' }, firing: { 345: null } },
    // A queue in memory has no bound.
    'flaps or is absent': { interval: 15, series: { [QUEUE]: '81x40' }, firing: { 345: null } },
  },
  HmonitorLogstashDeadLetters: {
    fires: {
      interval: 15,
      series: { [DEAD_DROPPED]: '0x8 2x80', [DEAD]: '1x90', [DEAD_LIMIT]: '100x90' },
      firing: { 120: null, 240: { ...warning, ...OF_LOGSTASH }, 1200: null },
    },
    'just below': {
      interval: 15,
      series: { [DEAD_DROPPED]: '2x40', [DEAD]: '50x40', [DEAD_LIMIT]: '100x40' },
      firing: { 300: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [DEAD]: '51x40', [DEAD_LIMIT]: '100x40' },
      firing: { 45: null, 120: { ...warning, ...OF_LOGSTASH } },
    },
  },
  HmonitorPrometheusConfigFailing: {
    fires: {
      interval: 15,
      series: { [prometheus('prometheus_config_last_reload_successful')]: '0x40' },
      firing: { 45: null, 120: { ...warning, ...OF_PROMETHEUS } },
    },
    'just below': {
      interval: 15,
      series: { [prometheus('prometheus_config_last_reload_successful')]: '1 0x18 1x9' },
      firing: { 285: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [prometheus('prometheus_config_last_reload_successful')]: '1x3 stale' },
      firing: { 120: null, 420: null },
    },
  },
  HmonitorPrometheusRulesFailing: {
    fires: {
      interval: 15,
      series: { [prometheus('prometheus_rule_evaluation_failures_total')]: '0x4 1x30' },
      firing: { 60: null, 120: { ...critical, ...OF_PROMETHEUS }, 450: null },
    },
    'just below': {
      interval: 15,
      series: { [prometheus('prometheus_rule_evaluation_failures_total')]: '7x30' },
      firing: { 300: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [prometheus('prometheus_rule_evaluation_failures_total')]: '7x4 0x9 stale' },
      firing: { 120: null, 300: null },
    },
  },
  HmonitorPrometheusRulesLate: {
    fires: {
      interval: 15,
      series: { [prometheus('prometheus_rule_group_iterations_missed_total')]: '0+2x40' },
      firing: { 60: null, 330: { ...warning, ...OF_PROMETHEUS } },
    },
    'just below': {
      interval: 15,
      series: { [prometheus('prometheus_rule_group_iterations_missed_total')]: '0x4 14x30' },
      firing: { 330: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [prometheus('prometheus_rule_group_iterations_missed_total')]: '0x4 40 stale' },
      firing: { 90: null, 450: null },
    },
  },
  HmonitorPrometheusNotificationsFailing: {
    fires: {
      interval: 15,
      series: {
        [prometheus('prometheus_notifications_dropped_total')]: '0+1x20 20x20',
        [prometheus('prometheus_notifications_alertmanagers_discovered')]: '1x40',
      },
      firing: { 150: null, 240: { ...critical, ...OF_PROMETHEUS }, 480: null },
    },
    // A restart of Alertmanager drops a few.
    'just below': {
      interval: 15,
      series: {
        [prometheus('prometheus_notifications_dropped_total')]: '3x4 9x36',
        [prometheus('prometheus_notifications_alertmanagers_discovered')]: '1x40',
      },
      firing: { 120: null, 180: null, 240: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [prometheus('prometheus_notifications_alertmanagers_discovered')]: '1x4 0 1x4 0x20' },
      firing: { 75: null, 120: null, 285: null, 330: { ...critical, ...OF_PROMETHEUS } },
    },
  },
  HmonitorAlertmanagerDown: {
    fires: {
      interval: 15,
      series: { [alertmanager('up')]: '1x3 0x20 1x9' },
      firing: { 60: null, 135: { ...critical, ...OF_ALERTMANAGER }, 375: null },
    },
    'just below': { interval: 15, series: { [alertmanager('up')]: '1x3 0x3 1x20' }, firing: { 105: null, 120: null } },
    'flaps or is absent': {
      interval: 15,
      series: { [alertmanager('up')]: '1 0 0 1 0 0 1 0 0 1 0 0 1' },
      firing: { 90: null, 180: null },
    },
  },
  HmonitorAlertmanagerConfigFailing: {
    fires: {
      interval: 15,
      series: { [alertmanager('alertmanager_config_last_reload_successful')]: '0x40' },
      firing: { 45: null, 120: { ...warning, ...OF_ALERTMANAGER } },
    },
    'just below': {
      interval: 15,
      series: { [alertmanager('alertmanager_config_last_reload_successful')]: '1 0x18 1x9' },
      firing: { 285: null },
    },
    'flaps or is absent': {
      interval: 15,
      series: { [alertmanager('alertmanager_config_last_reload_successful')]: '1x3 stale' },
      firing: { 120: null, 420: null },
    },
  },
  HmonitorAlertmanagerNotificationsFailing: {
    fires: {
      interval: 15,
      series: { [failed('email')]: '0x4 1x40', [failed('slack')]: '0x40' },
      firing: { 60: null, 120: { ...critical, kind: 'alertmanager', target: 'email', ...SITE }, 480: null },
    },
    'just below': { interval: 15, series: { [failed('email')]: '5x40' }, firing: { 120: null, 300: null } },
    // A monitor that was down took no webhooks; that has an alert of its own.
    'flaps or is absent': {
      interval: 15,
      series: { [failed('webhook')]: '0x4 3x30', [failed('email')]: '5x4 stale', [UP]: '1x3 0x2 1x30' },
      firing: { 120: null, 330: null },
    },
  },
  Watchdog: {
    fires: {
      series: {},
      firing: { 9: null, 15: { severity: 'none', kind: 'prometheus', target: 'prometheus' } },
    },
    'just below': {
      series: { [UP]: '1x60' },
      firing: { 30: { severity: 'none', kind: 'prometheus', target: 'prometheus' } },
    },
    'flaps or is absent': {
      series: { [UP]: '1x4 0x4 stale' },
      firing: { 45: { severity: 'none', kind: 'prometheus', target: 'prometheus' } },
    },
  },
}

const OF_CLUSTERS = ['HmonitorShardMissing', 'HmonitorTargetsUnowned', 'HmonitorTargetsTwice', 'HmonitorTargetsDiffer']

/** What is not by monitor and so cannot be evaluated beside other cases. */
const ALONE = ['HmonitorMonitorMissing', 'Watchdog', ...OF_CLUSTERS]

const expressionOf = (alertname: string, labels: object) =>
  seriesOf('ALERTS', { alertname, alertstate: 'firing', ...labels })

function expectationsOf(alertname: string, { firing }: MonitorCase, of: object): RuleCase['expect'] {
  return Object.entries(firing).map(([at, labels]) => ({
    at: Number(at),
    expression: expressionOf(alertname, of),
    samples: labels === null ? {} : { [expressionOf(alertname, labels)]: 1 },
  }))
}

/** Cases side by side, each as a monitor of its own, because each evaluation evaluates all rules. */
function sideBySide(interval: number): RuleCase {
  const together: RuleCase = { name: `every ${interval} s`, interval, series: {}, expect: [] }
  for (const [alertname, kinds] of Object.entries(CASES)) {
    if (ALONE.includes(alertname)) continue
    for (const [kind, each] of Object.entries(kinds)) {
      if ((each.interval ?? 1) !== interval) continue
      const monitor = `${alertname} ${kind}`
      const own = JSON.parse(JSON.stringify(each).replaceAll(SITE.monitor, monitor)) as MonitorCase
      Object.assign(together.series, own.series)
      together.expect.push(...expectationsOf(alertname, own, { monitor }))
    }
  }
  return together
}

const aloneCases = ALONE.flatMap((alertname) =>
  Object.entries(CASES[alertname] ?? {}).map(([kind, each]) => ({
    name: `${alertname} ${kind}`,
    series: each.series,
    expect: expectationsOf(alertname, each, {}),
  })),
)

describe('the rules for what the monitor cannot say itself', () => {
  it('have each a case that fires, one just below and one that flaps or is absent', () => {
    assert.deepEqual(
      Object.keys(CASES),
      alertsIn('monitor.rules.yml').map(({ alert }) => alert),
    )
    assert.ok(sideBySide(1).expect.length > 20 && sideBySide(15).expect.length > 40)
  })

  it('fire, do not fire and end as their cases say, with exactly their labels', async () => {
    const cases = [sideBySide(1), sideBySide(15), ...aloneCases]
    assert.equal(await failedCases(['monitor.rules.yml'], cases), '')
  })
})
