import { guarded } from '../../observation/internal-errors.ts'
import { type Sample, type Transfer, type TransferLimits, throughputOf } from './transfer.ts'

/** Seconds between two samples. */
const GRAIN = 0.05

/** Counts what goes through from `start` until the limits are reached. It owns the timers. */
export class Meter {
  readonly #limits: TransferLimits
  readonly #samples: Sample[] = []
  #bytes = 0
  #sampling: NodeJS.Timeout | undefined
  #onEnd = () => {}
  #ended = false

  constructor(limits: TransferLimits) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Called once, when a limit is reached. The newest listener counts. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener
  }

  /** Data begins to flow. Called again it does nothing. */
  start(): void {
    if (this.#samples.length > 0) return
    this.#sample()
    this.#sampling = setInterval(
      guarded('bandwidth meter', () => this.#sample()),
      GRAIN * 1000,
    )
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes >= this.#limits.bytes) this.#end()
  }

  stop(): void {
    clearInterval(this.#sampling)
    this.#ended = true
  }

  result(): Transfer {
    const throughput = throughputOf(this.#samples)
    if (throughput === null) {
      const message = 'the data went through too quickly to be measured; allow more megabytes'
      return { outcome: 'failure', code: 'too-short', message }
    }
    if (throughput.bytesPerSecond > 0) return { outcome: 'measured', samples: this.#samples }
    return { outcome: 'failure', code: 'timeout', message: 'the connection stands, but no data goes through' }
  }

  #sample(): void {
    this.#samples.push({ at: performance.now() / 1000, bytes: this.#bytes })
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    if (!first || !last || last.at - first.at < this.#limits.seconds) return
    // A process that had no turn for a while has no sample after the slow start: it goes on until there is one.
    if (throughputOf(this.#samples) !== null) this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.stop()
    this.#samples.push({ at: performance.now() / 1000, bytes: this.#bytes })
    this.#onEnd()
  }
}
