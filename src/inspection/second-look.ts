import type { Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamParameters } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import { knownAfter, type PacketSources } from '../stream/packet-source.ts'
import { CONNECT_TIMEOUT, connectTcp, type Reachability } from '../stream/reachability.ts'

/** Seconds without a first packet after which it may be said that nothing arrives: key frames come 10 s apart at most. */
const SILENCE = 10

export interface SecondLookOptions {
  address: StreamAddress
  sources: PacketSources
  verifyTls: boolean
  /** Ends all of it. */
  signal: AbortSignal
}

/**
 * What tells a stream that lacks a track from one that is not there. Of both a session shows nothing for 15 s: so long
 * it looks for the other track. A short inspection shows after 2 s what there is, and a mere connection whether the
 * server is there.
 */
export class SecondLook {
  readonly #options: SecondLookOptions
  #begun = false
  #parameters: StreamParameters | null = null
  #reachability: Reachability | null = null

  constructor(options: SecondLookOptions) {
    this.#options = options
  }

  /** Begins it, once. */
  begin(): void {
    if (this.#begun) return
    this.#begun = true
    // What goes wrong here the session itself says better.
    this.#inspect().catch(() => undefined)
    this.#connect().catch(() => undefined)
  }

  /**
   * The reading of a session, with what this look has seen and the session has not.
   *
   * @param lookedFor seconds since the session began
   * @param isLast the time is over, so that what neither has seen is not there
   */
  complete(reading: Reading<StreamMeasurements>, lookedFor: number, isLast: boolean): Reading<StreamMeasurements> {
    const seen = this.#parameters
    const { measurements } = reading
    if (reading.outcome === 'present') {
      return isLast && seen ? { ...reading, measurements: withTracks(measurements, seen) } : reading
    }
    if (reading.outcome !== 'unknown' || reading.code !== 'connecting' || !this.#begun) return reading
    // Audio comes at once, video with the next key frame: of the two only audio can be missed so soon.
    if (seen && (isLast || (seen.video.length > 0 && seen.audio.length === 0))) {
      return { outcome: 'present', measurements: { ...withTracks(measurements, seen), parameters: seen } }
    }
    const reachability = this.#reachability
    if (reachability?.reachable === false) {
      return { ...knownAfter(reachability), measurements }
    }
    return isLast && lookedFor >= SILENCE
      ? { outcome: 'absent', reason: 'timeout', ...this.#silence(), measurements }
      : reading
  }

  /** Without TCP it is not known whether a server is there at all. */
  #silence(): { message?: string } {
    if (this.#options.address.transport === 'tcp') return {}
    return { message: 'no server answers there, or nobody publishes' }
  }

  async #inspect(): Promise<void> {
    const { address, sources, verifyTls, signal } = this.#options
    this.#parameters = await sources.inspect(address, { media: 'audio', verifyTls }, signal)
  }

  async #connect(): Promise<void> {
    const { address, signal } = this.#options
    if (address.transport !== 'tcp') return
    this.#reachability = await connectTcp(address.host, address.port, CONNECT_TIMEOUT, signal)
  }
}

function withTracks(measurements: StreamMeasurements, seen: StreamParameters): StreamMeasurements {
  const { tracks } = measurements
  return {
    ...measurements,
    tracks: { video: tracks.video ?? seen.video.length > 0, audio: tracks.audio ?? seen.audio.length > 0 },
  }
}
