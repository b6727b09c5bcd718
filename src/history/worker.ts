/**
 * Runs in a thread of its own, because SQLite waits for the disk: writes and reads the store, as it is told to.
 * Node-RED's loop waits for none of it.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../observation/clock.ts'
import { guarded, passOnInternalErrors } from '../observation/internal-errors.ts'
import type { Bounds, Order, Report } from './crossing.ts'
import { OwnStore } from './own-store.ts'

class StoreThread {
  readonly #port: MessagePort
  readonly #store: OwnStore
  #isKeepingUp = false

  constructor(port: MessagePort, path: string, bounds: Bounds) {
    this.#port = port
    this.#store = new OwnStore(path, bounds, (file) => this.say({ report: 'damaged', file }))
  }

  take(order: Order): void {
    if (order.order === 'write') {
      this.say({ report: 'written', fault: this.#store.write(order.batches) })
      this.#keepUp()
    } else if (order.order === 'answer') {
      const { number, question } = order
      try {
        this.say({ report: 'answer', number, answer: this.#store.answer(question) })
      } catch (error) {
        this.say({ report: 'no-answer', number, message: error instanceof Error ? error.message : String(error) })
      }
    } else {
      this.#store.close()
      this.#port.close()
    }
  }

  say(report: Report): void {
    this.#port.postMessage(report)
  }

  /** Step by step: between two of them orders are taken. */
  #keepUp(): void {
    if (this.#isKeepingUp) return
    this.#isKeepingUp = this.#store.keepUp(systemClock.wall(), systemClock.monotonic())
    if (!this.#isKeepingUp) return
    setImmediate(
      guarded('upkeep of the history', () => {
        this.#isKeepingUp = false
        this.#keepUp()
      }),
    )
  }
}

if (parentPort !== null) {
  const { path, bounds } = workerData as { path: string; bounds: Bounds }
  const thread = new StoreThread(parentPort, path, bounds)
  passOnInternalErrors((place, error) =>
    thread.say({
      report: 'failed',
      place,
      text: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  )
  thread.say({ report: 'begun' })
  parentPort.on(
    'message',
    guarded(
      'history order',
      (order: Order) => thread.take(order),
      () => thread.say({ report: 'dropped' }),
    ),
  )
}
