import { hostname } from 'node:os'
import type { Node, NodeAPI } from 'node-red'
import { incidentRecord } from '../../logs/incident-record.ts'
import { isAtLeast, isLogLevel, LOG_EVENTS } from '../../logs/level.ts'
import type { LogLimits } from '../../logs/log-file.ts'
import { type LinePlace, logLine } from '../../logs/log-line.ts'
import type { LogOrigin, LogRecord } from '../../logs/log-record.ts'
import { FILE_OTHERWISE, isLogFileName, KEPT, MEGABYTES } from '../../logs/log-settings.ts'
import { alertRecord, eventRecord, lostRecord } from '../../logs/records.ts'
import { type LogFileShare, logProblems, shareLogFile } from '../../logs/shared-log-files.ts'
import { packageVersion } from '../../metrics/package-version.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { numberIn, textIn } from '../../node-red/config.ts'
import { dataPath } from '../../node-red/data-file.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import type { StatusLine } from '../../node-red/status.ts'
import type { AlertProblem } from '../../observation/alert.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { parseAlert, parseEvent, parseIncidentEvent } from '../../observation/messages.ts'
import type { LogLevel } from '../../observation/observation.ts'

export default function register(RED: NodeAPI): void {
  registerMonitorNode<LogFields>(RED, 'hmonitor-log', ({ node, config, line }) => {
    let writer: LogWriter | null = null
    return {
      begin(state, atEnd) {
        if (writer === null) {
          const settings = settingsFrom(config)
          const path = dataPath(RED, 'logs', settings.file)
          if (path === null) throw new MonitorError('invalid-log', RED._('noFolder'))
          writer = new LogWriter(RED, node, line, settings, path, state)
        } else writer.follow(state)
        atEnd(state.problemLog.show(node.id, { problems: () => writer?.problems ?? [] }))
      },
      take(msg, { send }) {
        writer?.take(msg.payload)
        send(msg)
      },
      close: () => writer?.close(),
    }
  })
}

/** What the dialog saves. */
interface LogFields {
  monitor?: unknown
  file?: unknown
  level?: unknown
  megabytes?: unknown
  kept?: unknown
}

interface LogSettings {
  file: string
  least: LogLevel
  limits: LogLimits
}

/** What the fields say; what is empty is the default. @throws MonitorError `invalid-log` */
function settingsFrom(fields: LogFields): LogSettings {
  const file = textIn(fields.file) || FILE_OTHERWISE
  if (!isLogFileName(file)) {
    throw new MonitorError(
      'invalid-log',
      `The log cannot be kept in a file of the name "${file}". Use up to 100 letters, digits, dots, dashes and ` +
        'underscores, no folder, and no number at the end behind a dot: such names are those of older files.',
    )
  }
  const level = textIn(fields.level) || 'info'
  if (!isLogLevel(level)) {
    throw new MonitorError('invalid-log', `There is no level "${level}". Use debug, info, warn or error.`)
  }
  const megabytes = ranged('size of a file in megabytes', fields.megabytes, MEGABYTES)
  const kept = ranged('number of older files', fields.kept, KEPT)
  return { file, least: level, limits: { bytes: Math.round(megabytes * 1e6), kept: Math.round(kept) } }
}

function ranged(what: string, value: unknown, { from, to, otherwise }: typeof MEGABYTES | typeof KEPT): number {
  if (value === undefined || (textIn(value) === '' && typeof value !== 'number')) return otherwise
  const number = numberIn(value)
  if (number !== null && number >= from && number <= to) return number
  throw new MonitorError('invalid-log', `The ${what} must be a number from ${from} to ${to}, not "${String(value)}".`)
}

/** Milliseconds between two statuses: a burst of events is not a burst of statuses. */
const STATUS_INTERVAL = 1_000

/** What writes: this package, on this computer. */
const WRITER = { version: packageVersion(), host: hostname() }

/** What one `log` node writes, and what it says of it, from its beginning to its end. */
class LogWriter {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #line: StatusLine
  readonly #settings: LogSettings
  readonly #share: LogFileShare
  #state: MonitorState
  #taken = 0
  #problem: string | null = null
  #losing = false
  #showing: NodeJS.Timeout | undefined

  /** @param path of the file */
  constructor(RED: NodeAPI, node: Node, line: StatusLine, settings: LogSettings, path: string, state: MonitorState) {
    this.#RED = RED
    this.#node = node
    this.#line = line
    this.#settings = settings
    this.#state = state
    this.#share = shareLogFile(path, {
      limits: settings.limits,
      sayLost: (count, place) => this.#lineOf(lostRecord(count, this.#origin(), new Date().toISOString()), place),
      changed: () => this.#changed(),
    })
    this.#show()
  }

  get problems(): AlertProblem[] {
    return logProblems(this.#share.path, this.#share.state, Date.now())
  }

  /** The monitor of the node is another one. */
  follow(state: MonitorState): void {
    this.#state = state
    this.#show()
  }

  /** @throws MonitorError `invalid-message` for what is no event, alert or entry of a time line */
  take(payload: unknown): void {
    const record = this.#recordOf(payload)
    const { level } = record.log
    if (!isAtLeast(level, this.#settings.least)) return
    this.#share.append((place) => this.#lineOf(record, place))
    this.#state.metrics.count(LOG_EVENTS, { level })
    this.#taken += 1
    this.#showing ??= setTimeout(
      guarded(
        'log status',
        () => this.#show(),
        () => {
          this.#showing = undefined
        },
      ),
      this.#taken === 1 ? 0 : STATUS_INTERVAL,
    )
  }

  /** Resolves when what was taken is written, or could not be in time. */
  async close(): Promise<void> {
    const lost = await this.#share.release()
    clearTimeout(this.#showing)
    if (lost > 0) this.#node.warn(this.#RED._('closedUnwritten', { count: lost, path: this.#share.path }))
  }

  #recordOf(payload: unknown): LogRecord {
    const entry = parseIncidentEvent(payload)
    if (entry !== null) return incidentRecord(entry, WRITER)
    const event = parseEvent(payload)
    if (event !== null) return eventRecord(event, this.#origin())
    const alert = parseAlert(payload)
    if (alert !== null) return alertRecord(alert, WRITER)
    throw new MonitorError('invalid-message', this.#RED._('neither'))
  }

  #origin(): LogOrigin {
    const { id, name, site } = this.#state
    return { monitor: name || id, site, ...WRITER }
  }

  #lineOf(record: LogRecord, place: LinePlace): string {
    return logLine(record, place, (text) => this.#state.secrets.redact(text))
  }

  /** Says once in the log of Node-RED that it cannot be written, and once that it can again. */
  #changed(): void {
    const { problem, lost } = this.#share.state
    const { path } = this.#share
    if (problem !== null && problem !== this.#problem) this.#node.warn(this.#RED._('unwritable', { path, problem }))
    if (problem === null && this.#problem !== null) this.#node.log(this.#RED._('writable', { path }))
    if (lost > 0 && !this.#losing) this.#node.warn(this.#RED._(problem === null ? 'tooMany' : 'losing', { path }))
    this.#problem = problem
    this.#losing = lost > 0
    this.#show()
  }

  #show(): void {
    clearTimeout(this.#showing)
    this.#showing = undefined
    const { problem, lost } = this.#share.state
    const count = this.#taken
    if (lost > 0) this.#line.show('red', 'ring', this.#RED._('status.losing'))
    else if (problem !== null) this.#line.show('yellow', 'ring', this.#RED._('status.unwritable'))
    else if (count === 0) this.#line.show('green', 'ring', this.#RED._('status.ready'))
    else this.#line.show('green', 'dot', this.#RED._('status.count', { count }))
  }
}
