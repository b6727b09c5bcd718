/** Cases for `promtool test rules`, which evaluates the shipped rules over series that a case makes up. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RULES_FOLDER } from '../../scripts/alert-table.ts'

/** Values in promtool's notation, for example `1x60 stale`, by series. */
export type Series = Record<string, string>

export interface RuleCase {
  name: string
  series: Series
  /** Seconds between the values; 1 where nothing else is said. */
  interval?: number
  /** What `ALERTS{alertstate="firing"}` or another expression has at a second: series and value. */
  expect: { at: number; expression?: string; samples: Record<string, number> }[]
}

/** Runs cases over some of the shipped rule files. Resolves with what promtool has against them; empty where nothing. */
export async function failedCases(files: readonly string[], cases: readonly RuleCase[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-rules-'))
  const file = join(folder, 'cases.yml')
  const tests = cases.map(({ name, series, interval = 1, expect }) => ({
    name,
    interval: `${interval}s`,
    input_series: Object.entries(series).map(([series, values]) => ({ series, values })),
    promql_expr_test: expect.map(({ at, expression, samples }) => ({
      expr: expression ?? 'ALERTS{alertstate="firing", alertname!="Watchdog"}',
      eval_time: `${at}s`,
      exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
    })),
  }))
  const rule_files = files.map((name) => RULES_FOLDER + name)
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ rule_files, evaluation_interval: '1s', tests }))
  try {
    return await promtool('test', 'rules', file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Labels and annotations of an alert ten seconds after these series have begun, as promtool prints them. */
export async function annotationsOf(file: string, alertname: string, series: Series): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-rules-'))
  const input_series = Object.entries(series).map(([series, values]) => ({ series, values }))
  // It says what fires where something else is expected.
  const alert_rule_test = [{ alertname, eval_time: '10s', exp_alerts: [] }]
  const tests = [{ interval: '1s', input_series, alert_rule_test }]
  const name = join(folder, 'cases.yml')
  await writeFile(name, JSON.stringify({ rule_files: [RULES_FOLDER + file], evaluation_interval: '1s', tests }))
  try {
    return await promtool('test', 'rules', name)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Resolves with what promtool wrote where it found a fault; empty where it found none. */
export function promtool(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('promtool', args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve('')
      else if (error.code === 'ENOENT')
        reject(new Error('The test needs promtool. Install it: apt-get install prometheus'))
      else resolve(`${stdout}${stderr}`.trim() || `promtool ended with ${error.code}`)
    })
  })
}

/** A series in the notation of Prometheus. */
export function seriesOf(name: string, labels: Record<string, string>): string {
  const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${text.join(',')}}`
}

export const SITE = { monitor: 'RTMP HMonitor', site: 'main-hall' }

/** The one firing alert of these labels. */
export function firing(alertname: string, labels: Record<string, string>): string {
  return seriesOf('ALERTS', { alertname, alertstate: 'firing', ...labels, ...SITE })
}
