import type { FindingsListener } from '../stream/content/rules.ts'
import { Garbage, LineReader } from './line-reader.ts'

/** Bytes. A line has about 60. */
const LONGEST_LINE = 256
const FRAME = /^frame:(\d{1,15}) +pts:\S+ +pts_time:(-?\d{1,13}(?:\.\d{1,12})?)$/
const ENTRY = /^([A-Za-z0-9_.]{1,80})=(\S{0,80})$/
/** Seconds. No clock of a container goes further. */
const LATEST = 1e10

/**
 * Reads what the filters `metadata=mode=print` and `ametadata=mode=print` write, from bytes cut anywhere: a line
 * `frame:12   pts:2067    pts_time:2.067`, then a line `key=value` for each finding. It never throws.
 */
export class MetadataParser {
  readonly #listener: FindingsListener
  readonly #garbage = new Garbage()
  readonly #lines = new LineReader(LONGEST_LINE, {
    line: (bytes, start, end) => this.#line(bytes.toString('latin1', start, end)),
    overlong: () => this.#garbage.bad(),
  })
  /** Whether the findings belong to a frame that is known. */
  #inFrame = false

  constructor(listener: FindingsListener) {
    this.#listener = listener
  }

  get garbageLines(): number {
    return this.#garbage.lines
  }

  /** Takes the next bytes and calls the listener for every line that they complete. */
  push(chunk: Buffer): void {
    this.#lines.push(chunk)
  }

  #line(line: string): void {
    const [, key, value] = ENTRY.exec(line) ?? []
    if (key !== undefined && value !== undefined) {
      this.#garbage.good()
      if (this.#inFrame) this.#listener.entry(key, value)
      return
    }
    const [, number, time] = FRAME.exec(line) ?? []
    this.#inFrame = time !== undefined && Math.abs(Number(time)) < LATEST
    if (this.#inFrame) {
      this.#garbage.good()
      this.#listener.frame(Number(number), Number(time))
    } else if (line !== '') this.#garbage.bad()
  }
}
