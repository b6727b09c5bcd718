/** Packets. At 60 frames per second that is a minute, the longest window. */
const LARGEST = 3600
const SMALLEST = 256

/** What arrived between two packets of a window, both of them packet boundaries. */
export interface Span {
  seconds: number
  packets: number
  bytes: number
}

/**
 * The newest packets of a track: media time and the bytes before each, in rings that grow only as far as the longest
 * window needs (12 bytes a packet, 43 kB at most).
 *
 * A window is measured from packet to packet, and a packet's bytes belong to the time until the next: then a constant
 * stream has the same rate in every window, whatever the window's edges cut.
 */
export class SampleRing {
  #times = new Float64Array(SMALLEST)
  /** Modulo 2^32, which differences survive. */
  #bytesBefore = new Uint32Array(SMALLEST)
  #newest = -1
  #length = 0
  #bytes = 0
  #dropped = false

  /** `keep`: seconds that the longest window needs. */
  push(time: number, size: number, keep: number): void {
    const capacity = this.#times.length
    if (this.#length === capacity) {
      if (capacity < LARGEST && time - this.#time(0) < keep) this.#grow()
      else {
        this.#length--
        this.#dropped = true
      }
    }
    const next = this.#newest + 1
    this.#newest = next >= this.#times.length ? 0 : next
    this.#times[this.#newest] = time
    this.#bytesBefore[this.#newest] = this.#bytes
    this.#bytes = (this.#bytes + size) >>> 0
    this.#length++
  }

  clear(): void {
    this.#length = 0
    this.#dropped = false
  }

  /** Seconds of media time from the oldest packet kept to the newest. */
  get reach(): number {
    return this.#length < 2 ? 0 : this.#time(this.#length - 1) - this.#time(0)
  }

  /** The last `seconds` up to the newest packet; null while there is not that much. */
  last(seconds: number): Span | null {
    if (this.#length < 2) return null
    const newest = this.#length - 1
    const end = this.#time(newest)
    // A millisecond is FLV's resolution: 30 frames of 33 and 34 ms are a second.
    const oldest = Math.min(this.#firstAtOrAfter(end - seconds - 0.001), newest - 1)
    const span = end - this.#time(oldest)
    const whole = oldest > 0 || this.#dropped || span >= seconds * 0.95
    if (!whole || span <= 0) return null
    const bytes = (this.#before(newest) - this.#before(oldest)) >>> 0
    return { seconds: span, packets: newest - oldest, bytes }
  }

  #firstAtOrAfter(time: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#time(middle) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  #slot(position: number): number {
    const slot = this.#newest - this.#length + 1 + position
    return slot < 0 ? slot + this.#times.length : slot
  }

  #time(position: number): number {
    return this.#times[this.#slot(position)] ?? 0
  }

  #before(position: number): number {
    return this.#bytesBefore[this.#slot(position)] ?? 0
  }

  #grow(): void {
    const capacity = Math.min(this.#times.length * 2, LARGEST)
    const times = new Float64Array(capacity)
    const bytesBefore = new Uint32Array(capacity)
    for (let i = 0; i < this.#length; i++) {
      times[i] = this.#time(i)
      bytesBefore[i] = this.#before(i)
    }
    this.#times = times
    this.#bytesBefore = bytesBefore
    this.#newest = this.#length - 1
  }
}
