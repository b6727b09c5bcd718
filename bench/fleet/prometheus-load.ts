import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { RULES_FOLDER } from '../../scripts/alert-table.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { STREAMS } from '../../test/diagnosis/situations.ts'

/** What `/metrics` says of one target of each kind, line by line, as the tests hold it. */
const GOLDEN = new URL('../../test/metrics/golden/', import.meta.url)

/** Series of one target of each kind: of a healthy stream whose content is not looked at, of a host, of a service. */
export function seriesPerTarget(): Record<'stream' | 'ping' | 'service', number> {
  return {
    stream: KINDS.stream.metrics.flatMap((metric) => metric.samples(STREAMS.unseen())).length,
    ping: goldenLines('ping'),
    service: goldenLines('service'),
  }
}

function goldenLines(kind: 'ping' | 'service'): number {
  const lines = readFileSync(new URL(`${kind}.txt`, GOLDEN), 'utf8').split('\n')
  return lines.filter((line) => line.includes('target="main"') && !line.includes('issue=')).length
}

export interface Rules {
  alerts: number
  recordings: number
  /** Evaluations of a rule in a second. */
  perSecond: number
  /** Recordings that have one series for each stream. */
  perStream: number
}

/** `evaluation_interval` of `deploy/prometheus/prometheus.yml`. */
const USUAL_INTERVAL = '15s'

interface RuleFile {
  groups: { interval?: string; rules: { alert?: string; record?: string }[] }[]
}

/** The rules that come with the monitor. */
export function shippedRules(): Rules {
  const groups = readdirSync(RULES_FOLDER)
    .filter((file) => file.endsWith('.rules.yml'))
    .flatMap((file) => (parse(readFileSync(join(RULES_FOLDER, file), 'utf8')) as RuleFile).groups)
  const rules = groups.flatMap((group) => group.rules)
  return {
    alerts: rules.filter(({ alert }) => alert !== undefined).length,
    recordings: rules.filter(({ record }) => record !== undefined).length,
    perSecond: groups.reduce((sum, group) => sum + group.rules.length / secondsIn(group.interval ?? USUAL_INTERVAL), 0),
    perStream: rules.filter(({ record }) => record?.startsWith('target:hmonitor_stream_')).length,
  }
}

/** As Prometheus writes it: `1s`, `5m`. */
function secondsIn(duration: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? []
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN)
  if (!(seconds > 0)) throw new Error(`${duration} is not a duration of a group of rules`)
  return seconds
}
