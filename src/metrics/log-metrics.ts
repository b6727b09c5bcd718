import { Counter, type Registry } from 'prom-client'
import { LOG_LEVELS, type LogLevel } from '../observation/observation.ts'
import { LOG_EVENTS } from './catalogue/monitor.ts'

/** What the log nodes of one monitor took. Every level stands at 0 from the start. */
export class LogMetrics {
  readonly #events: Counter<string>

  constructor(registry: Registry) {
    const { name, help, labels } = LOG_EVENTS
    this.#events = new Counter({ name, help, labelNames: labels, registers: [registry] })
    for (const level of LOG_LEVELS) this.#events.inc({ level }, 0)
  }

  count(level: LogLevel): void {
    this.#events.inc({ level })
  }
}
