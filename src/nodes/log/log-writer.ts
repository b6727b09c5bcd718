import type { Node, NodeAPI } from 'node-red'
import { incidentRecord } from '../../logs/incident-record.ts'
import { isAtLeast, LOG_EVENTS } from '../../logs/level.ts'
import type { LogLimits } from '../../logs/log-file.ts'
import { type LinePlace, logLine } from '../../logs/log-line.ts'
import type { LogOrigin, LogRecord } from '../../logs/log-record.ts'
import { alertRecord, eventRecord, lostRecord, notShippedRecord } from '../../logs/records.ts'
import { type LogFileShare, logProblems, shareLogFile } from '../../logs/shared-log-files.ts'
import type { MonitorState } from '../../monitor/state.ts'
import type { StatusLine } from '../../node-red/status.ts'
import type { AlertProblem } from '../../observation/alert.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { parseAlert, parseEvent, parseIncidentEvent } from '../../observation/messages.ts'
import type { LogLevel } from '../../observation/observation.ts'
import { LogShipping, type LogShippingSettings } from './log-shipping.ts'
import { WRITER } from './writer.ts'

/** What is written where. */
export interface LogSettings {
  file: string
  least: LogLevel
  limits: LogLimits
}

/** Milliseconds between two statuses: a burst of events is not a burst of statuses. */
const STATUS_INTERVAL = 1_000

/** What one `log` node writes, and what it says of it, from its beginning to its end. */
export class LogWriter {
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
  #shipping: LogShipping | null = null
  /** Why nothing is shipped although the settings ask for it. */
  #unshippable: string | null = null

  /** @param path of the file */
  constructor(RED: NodeAPI, node: Node, line: StatusLine, settings: LogSettings, path: string, state: MonitorState) {
    this.#RED = RED
    this.#node = node
    this.#line = line
    this.#settings = settings
    this.#state = state
    this.#share = shareLogFile(path, {
      limits: settings.limits,
      sayLost: (count, place) => this.#shipped(this.#lineOf(lostRecord(count, this.#origin(), now()), place)),
      changed: () => this.#changed(),
    })
    this.#show()
  }

  get problems(): AlertProblem[] {
    const unshippable = this.#unshippable === null ? [] : [invalidShipping(this.#unshippable)]
    const own = logProblems(this.#share.path, this.#share.state, Date.now())
    return [...own, ...unshippable, ...(this.#shipping?.problems ?? [])]
  }

  /** What ships what is written; null where nothing is shipped. */
  get shipping(): LogShipping | null {
    return this.#shipping
  }

  /** Begins to ship. What is wrong with that is said; the file is written all the same. */
  ship(read: () => LogShippingSettings | null): void {
    try {
      const settings = read()
      if (settings === null) return
      const monitor = () => this.#state
      this.#shipping = new LogShipping(this.#RED, this.#node, settings, monitor, () => this.#show())
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error
      this.#unshippable = error.message
      this.#node.warn(error.message)
    }
    this.#show()
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
    this.#write(record)
    const lost = this.#shipping?.takeLost() ?? 0
    if (lost > 0) this.#write(notShippedRecord(lost, this.#origin(), now()))
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

  /** Resolves when what was taken is written, or could not be in time. @param removed whether the node is gone for good */
  async close(removed: boolean): Promise<void> {
    const lost = await this.#share.release()
    await this.#shipping?.close(removed)
    clearTimeout(this.#showing)
    if (lost > 0) this.#node.warn(this.#RED._('closedUnwritten', { count: lost, path: this.#share.path }))
  }

  #write(record: LogRecord): void {
    this.#share.append((place) => this.#shipped(this.#lineOf(record, place)))
  }

  /** Every line of the file goes to where it is shipped, in the same order. */
  #shipped(line: string): string {
    this.#shipping?.add(line)
    return line
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
    else if (this.#unshippable !== null || this.#shipping?.state.isLosing)
      this.#line.show('red', 'ring', this.#RED._('status.unshipped'))
    else if (this.#shipping != null && this.#shipping.state.error !== null)
      this.#line.show('yellow', 'ring', this.#RED._('status.unshipped'))
    else if (count === 0) this.#line.show('green', 'ring', this.#RED._('status.ready'))
    else this.#line.show('green', 'dot', this.#RED._('status.count', { count }))
  }
}

function now(): string {
  return new Date().toISOString()
}

function invalidShipping(message: string): AlertProblem {
  return {
    code: 'invalid-log',
    severity: 'degraded',
    message,
    remedy: ['Correct it in the dialog of the log node or in the environment; the file is written meanwhile'],
  }
}
