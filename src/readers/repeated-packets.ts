import { PACKET } from './transport-tables.ts'

/** Bytes of a packet's header (ISO/IEC 13818-1, 2.4.3.2), and bits of the last of them. */
const HEADER = 4
const HAS_ADAPTATION = 0x20
const HAS_PAYLOAD = 0x10

/**
 * Finds packets of a transport stream that are sent twice, as a multiplexer may do (ISO/IEC 13818-1, 2.4.3.3: the same counter
 * and payload as the one before it of its PID; only the clock in it may differ). Decoders drop the second one, and FFmpeg's
 * demultiplexer takes it for more of the stream.
 */
export class RepeatedPackets {
  readonly #newest = new Map<number, Buffer>()

  /** Forgets what was before: other tracks are looked at from now on. */
  reset(): void {
    this.#newest.clear()
  }

  /** Whether the packet at this place is the one before it of its PID once more. */
  has(pid: number, bytes: Buffer, at: number): boolean {
    const flags = bytes[at + HEADER - 1] ?? 0
    if ((flags & HAS_PAYLOAD) === 0) return false
    const before = this.#newest.get(pid)
    if (before === undefined) {
      this.#newest.set(pid, Buffer.from(bytes.subarray(at, at + PACKET)))
      return false
    }
    if (flags === before[HEADER - 1]) {
      const payload = payloadAt(bytes, at)
      if (payload < PACKET && bytes.compare(before, payload, PACKET, at + payload, at + PACKET) === 0) return true
    }
    bytes.copy(before, 0, at, at + PACKET)
    return false
  }
}

/** Where the payload begins, from the beginning of the packet. */
function payloadAt(bytes: Buffer, at: number): number {
  const flags = bytes[at + HEADER - 1] ?? 0
  return (flags & HAS_ADAPTATION) === 0 ? HEADER : HEADER + 1 + (bytes[at + HEADER] ?? 0)
}
