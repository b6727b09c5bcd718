import { join } from 'node:path'
import type { Node, NodeAPI } from 'node-red'
import { type LogFileShare, shareLogFile } from '../../logs/shared-log-files.ts'
import type { MonitorState } from '../../monitor/state.ts'
import type { AlertProblem } from '../../observation/alert.ts'
import { WAY_NAMES, type Way } from '../../shipping/destination.ts'
import type { ShippingState } from '../../shipping/metrics.ts'
import { openShipper } from '../../shipping/open-shipper.ts'
import { shippingProblems } from '../../shipping/problems.ts'
import type { ShippingFields } from '../../shipping/settings.ts'
import type { Shipper } from '../../shipping/shipper.ts'
import type { Spool } from '../../shipping/spool.ts'

/** What is refused for good is kept in two files of at most so many bytes. */
const REJECTED = { bytes: 5_000_000, kept: 1 }

/** How and where a node ships. */
export interface LogShippingSettings {
  way: Way
  /** What the dialog says; null: only the environment counts. */
  fields: ShippingFields | null
  /** Bytes that may wait. */
  limit: number
  folder: string
}

/** What one `log` node ships, and what it says of it, from its beginning to its end. */
export class LogShipping {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #settings: LogShippingSettings
  readonly #monitor: () => MonitorState
  readonly #changed: () => void
  readonly #shipper: Shipper
  readonly #spool: Spool
  #rejected: LogFileShare | null = null
  #isFailing = false
  #isLosing = false
  #saidRejected = false

  /** @param monitor the one that the node has now @param changed what the status shows may be another thing */
  constructor(
    RED: NodeAPI,
    node: Node,
    settings: LogShippingSettings,
    monitor: () => MonitorState,
    changed: () => void,
  ) {
    this.#RED = RED
    this.#node = node
    this.#settings = settings
    this.#monitor = monitor
    this.#changed = changed
    const { shipper, spool } = openShipper({
      ...settings,
      environment: process.env,
      setAside: (line, why) => this.#setAside(line, why),
      damaged: (file) => monitor().remembered.lose(file, 'lines of the log that waited to be shipped'),
      keepSecret: (secrets) => this.#keepSecret(secrets),
      counters: { count: (counter, labels, by) => monitor().metrics.count(counter, labels, by) },
      changed: () => this.#say(),
    })
    this.#shipper = shipper
    this.#spool = spool
  }

  get state(): ShippingState {
    const { state } = this.#shipper
    const { error, rejected } = state
    // What a server says of itself may repeat what it was given.
    const redact = (text: string) => this.#monitor().secrets.redact(text)
    return {
      ...state,
      error: error === null ? null : redact(error),
      rejected: rejected === null ? null : { ...rejected, why: redact(rejected.why) },
    }
  }

  get problems(): AlertProblem[] {
    return shippingProblems(this.state, this.#settings.folder, Date.now())
  }

  /** @param line with its end */
  add(line: string): void {
    this.#shipper.add(line.trimEnd())
  }

  /** Lines that did not fit since this was asked last, once there is room again. */
  takeLost(): number {
    return this.#shipper.takeLost()
  }

  /** @param removed whether the node is gone for good; else what waits is left to the next one */
  async close(removed: boolean): Promise<void> {
    const inMemory = this.#shipper.close()
    const count = removed ? this.#shipper.state.waiting : inMemory
    const way = WAY_NAMES[this.#settings.way]
    if (count > 0) this.#node.warn(this.#RED._('shipping.closedUnshipped', { count, way }))
    if (removed) {
      this.#spool.remove()
      this.#monitor().secrets.removeOwner(this.#owner)
    }
    await this.#rejected?.release()
  }

  get #owner(): string {
    return `shipping ${this.#node.id}`
  }

  #keepSecret(secrets: Readonly<Record<string, string>>): void {
    const store = this.#monitor().secrets
    for (const [name, value] of Object.entries(secrets)) store.put(this.#owner, name, value)
  }

  #setAside(line: string, why: string): void {
    this.#rejected ??= shareLogFile(join(this.#settings.folder, 'rejected.ndjson'), {
      limits: REJECTED,
      sayLost: (count) => `${JSON.stringify({ lost: count })}\n`,
      changed: () => {},
    })
    const reason = this.#monitor().secrets.redact(why)
    this.#rejected.append(() => `${JSON.stringify({ time: new Date().toISOString(), reason, line })}\n`)
  }

  /** Says in the log of Node-RED, once each, that it is not taken, that it is again, and that lines are refused or lost. */
  #say(): void {
    const { error, isLosing, rejected } = this.state
    const way = WAY_NAMES[this.#settings.way]
    const isFailing = error !== null
    if (isFailing && !this.#isFailing) this.#node.warn(this.#RED._('shipping.failing', { way, error }))
    if (!isFailing && this.#isFailing) this.#node.log(this.#RED._('shipping.again', { way }))
    if (isLosing && !this.#isLosing) this.#node.warn(this.#RED._('shipping.losing', { way }))
    if (rejected !== null && !this.#saidRejected) {
      const path = join(this.#settings.folder, 'rejected.ndjson')
      this.#node.warn(this.#RED._('shipping.rejected', { way, path, why: rejected.why }))
    }
    this.#isFailing = isFailing
    this.#isLosing = isLosing
    this.#saidRejected ||= rejected !== null
    this.#changed()
  }
}
