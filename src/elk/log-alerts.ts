import { RUNBOOKS_URL } from '../observation/alert.ts'
import { isRecord } from '../observation/shape.ts'
import { truncate } from '../observation/words.ts'
import type { Json } from './asset.ts'
import type { Server } from './cluster.ts'
import { LOG_RULES, type LogRule, MOST_ROWS, UNREADABLE } from './log-rules.ts'
import { SetupError } from './setup-error.ts'

type Row = Readonly<Record<string, string | number | null>>

/** What a rule has found, or why it could not be asked. */
export type Finding = { rule: LogRule } & ({ rows: readonly Row[] } | { failed: string })

/** An alert out of the log, as `POST /api/v2/alerts` of Alertmanager takes it. Times in ISO 8601. */
export interface LogAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  endsAt: string
}

/** Whose alerts they are where a row does not say. */
export interface Watcher {
  monitor: string
  /** Empty: none. */
  site: string
  /** Where Grafana is, without a slash at its end; null: nobody knows. */
  grafanaUrl: string | null
}

/** Rounds in a row in which something could not be asked, before people are told: a restart is over within two. */
export const UNREADABLE_ROUNDS = 3

/** Characters of a text out of the log that people are told. */
const LONGEST = 200

/** Asks every rule. One that fails does not keep the others from being asked. */
export async function askRules(server: Server): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const rule of LOG_RULES) {
    try {
      findings.push({ rule, rows: await rowsOf(server, rule.query) })
    } catch (error) {
      if (!(error instanceof SetupError)) throw error
      findings.push({ rule, failed: error.message })
    }
  }
  return findings
}

/** @throws SetupError where there is no answer, or only a part of one */
async function rowsOf(server: Server, query: string): Promise<Row[]> {
  // Otherwise a shard that is away counts as one with no lines.
  const asked = { method: 'POST', body: { query } } as const
  const { status, json } = await server.ask('/_query?format=json&allow_partial_results=false', asked)
  if (status === 400 && isOfNoIndex(json)) return []
  if (status !== 200) throw new SetupError(`a question was refused with ${status}: ${reasonIn(json)}`)
  if (json.is_partial === true) throw new SetupError('only a part of the log has answered')
  const { columns, values } = json
  if (!Array.isArray(columns) || !Array.isArray(values)) throw new SetupError('the answer has no columns and values')
  const names = columns.map((column) => (isRecord(column) ? String(column.name) : ''))
  return values.slice(0, MOST_ROWS).map((row: unknown) => rowOf(names, Array.isArray(row) ? row : []))
}

/** A data stream is made by its first line: where there is none yet, nothing has happened. */
function isOfNoIndex(json: Json): boolean {
  return /Unknown index|index_not_found|no such index/.test(reasonIn(json))
}

function reasonIn({ error }: Json): string {
  const reason = isRecord(error) ? error.reason : error
  return typeof reason === 'string' ? truncate(reason, LONGEST) : 'without a reason'
}

function rowOf(names: readonly string[], values: readonly unknown[]): Row {
  const cell = (value: unknown) =>
    typeof value === 'number' ? value : typeof value === 'string' ? truncate(value, LONGEST) : null
  return Object.fromEntries(names.map((name, index) => [name, cell(values[index])]))
}

/** Which alerts out of the log fire, over time. */
export class LogAlerts {
  readonly #watcher: Watcher
  /** Milliseconds for which Alertmanager keeps an alert that nobody posts again. */
  readonly #lasts: number
  readonly #firing = new Map<string, LogAlert>()
  #failedRounds = 0

  /** @param lasts milliseconds; a few times as long as from one round to the next */
  constructor(watcher: Watcher, lasts: number) {
    this.#watcher = watcher
    this.#lasts = lasts
  }

  /**
   * Takes what one round has found. What a rule that could not be asked had found before goes on: nobody knows better.
   *
   * @param now milliseconds since the epoch
   * @returns what is to be posted: all that fires, and what has just ended
   */
  follow(findings: readonly Finding[], now: number): LogAlert[] {
    const found = new Map<string, Omit<LogAlert, 'startsAt' | 'endsAt'>>()
    const unknown = new Set<string>()
    const reasons: string[] = []
    const add = (rule: Omit<LogRule, 'query'>, row: Row) => {
      const alert = { labels: this.#labels(rule, row), annotations: this.#annotations(rule, row) }
      const id = JSON.stringify(alert.labels)
      if (!found.has(id)) found.set(id, alert)
    }
    for (const finding of findings) {
      if ('failed' in finding) {
        unknown.add(finding.rule.alertname)
        reasons.push(finding.failed)
      } else for (const row of finding.rows) add(finding.rule, row)
    }
    this.#failedRounds = reasons.length > 0 ? this.#failedRounds + 1 : 0
    if (this.#failedRounds >= UNREADABLE_ROUNDS) add(UNREADABLE, { why: [...new Set(reasons)].join('; ') })
    const ended: LogAlert[] = []
    for (const [id, alert] of this.#firing) {
      if (found.has(id)) continue
      if (unknown.has(alert.labels.alertname ?? '')) {
        found.set(id, alert)
        continue
      }
      this.#firing.delete(id)
      ended.push({ ...alert, endsAt: new Date(now).toISOString() })
    }
    for (const [id, alert] of found) {
      const startsAt = this.#firing.get(id)?.startsAt ?? new Date(now).toISOString()
      this.#firing.set(id, { ...alert, startsAt, endsAt: new Date(now + this.#lasts).toISOString() })
    }
    return [...this.#firing.values(), ...ended]
  }

  #labels({ alertname, severity }: Omit<LogRule, 'query'>, row: Row): Record<string, string> {
    const { monitor, site } = this.#watcher
    const isOfOne = typeof row.monitor === 'string'
    const whose = isOfOne ? { monitor: String(row.monitor), site: String(row.site ?? '') } : { monitor, site }
    const labels = { alertname, severity, kind: 'log', target: String(row.target ?? 'log'), ...whose }
    // Alertmanager takes an empty label for none.
    return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
  }

  #annotations({ alertname, summary, description, remedy }: Omit<LogRule, 'query'>, row: Row): Record<string, string> {
    const steps = remedy.map((step, index) => `${index + 1}. ${filled(step, row)}`)
    const { grafanaUrl } = this.#watcher
    const target = typeof row.target === 'string' ? `?var-target=${encodeURIComponent(row.target)}` : ''
    return {
      summary: filled(summary, row),
      description: filled(description, row),
      remedy: steps.join('\n'),
      runbook_url: `${RUNBOOKS_URL}/${alertname}.md`,
      ...(grafanaUrl !== null && { dashboard_url: `${grafanaUrl}/d/hmonitor-log${target}` }),
    }
  }
}

/** A text with what stands in the columns that it names. */
function filled(text: string, row: Row): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = row[name] ?? '?'
    return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value
  })
}
