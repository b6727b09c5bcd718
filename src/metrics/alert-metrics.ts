import { Counter, Gauge, type Registry } from 'prom-client'
import { ALERTS, NOTIFICATIONS, OUTBOX_OLDEST } from './catalogue/monitor.ts'

/** More receivers than these count as one. */
const MOST_RECEIVERS = 100

/** What alerts did, and whether messages about them arrive. */
export class AlertMetrics {
  readonly #alerts: Counter<string>
  readonly #notifications: Counter<string>
  readonly #receivers = new Set<string>()

  /** @param oldestWaiting when the oldest alert came that no receiver has taken, milliseconds since the epoch */
  constructor(registry: Registry, oldestWaiting: () => number | null) {
    const registers = [registry]
    this.#alerts = new Counter({ name: ALERTS.name, help: ALERTS.help, labelNames: ALERTS.labels, registers })
    for (const severity of ['critical', 'warning']) {
      for (const status of ['firing', 'resolved']) this.#alerts.inc({ severity, status }, 0)
    }
    this.#notifications = new Counter({
      ...{ name: NOTIFICATIONS.name, help: NOTIFICATIONS.help, labelNames: NOTIFICATIONS.labels, registers },
    })
    new Gauge({
      ...{ name: OUTBOX_OLDEST.name, help: OUTBOX_OLDEST.help, registers },
      collect() {
        const oldest = oldestWaiting()
        // Where nothing waits there is nothing to be old.
        if (oldest === null) this.remove()
        else this.set(oldest / 1000)
      },
    })
  }

  countAlert(severity: string, status: string): void {
    this.#alerts.inc({ severity, status })
  }

  countNotification(receiver: string, result: string, times: number): void {
    if (this.#receivers.size < MOST_RECEIVERS) this.#receivers.add(receiver)
    this.#notifications.inc({ receiver: this.#receivers.has(receiver) ? receiver : 'other', result }, times)
  }
}
