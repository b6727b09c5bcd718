/** What the device says of itself while it streams, or not. `Flushing` is documented for REST alone. */
export type DeviceStatus = 'Idle' | 'Connecting' | 'Streaming' | 'Flushing' | 'Interrupted'

export interface DeviceOptions {
  /**
   * `2.1`: text protocol 1.0 and nothing else, without `Cache Used`, as captured from a Web Presenter HD.
   * `3`: text protocol 1.2 and REST, as Blackmagic documents them.
   */
  firmware: '2.1' | '3'
  label: string
  /** Revealed by a real device to whoever asks, so that tests can look whether a monitor tells it on. */
  streamKey: string
  passphrase: string
  /** Bits per second that it is set to. */
  bitrate: number
  videoFormat: string
  /** Seconds from the start to the first byte that the platform takes. */
  connectSeconds: number
  /** Seconds of its own stream that the cache holds. */
  cacheSeconds: number
  /** Seconds, monotonic. */
  clock(): number
}

const DEFAULTS: DeviceOptions = {
  firmware: '3',
  label: 'Main hall',
  streamKey: 'abc1-def2-ghi3-jkl4-mno5',
  passphrase: 'correct horse battery',
  bitrate: 6_000_000,
  videoFormat: '1080p30',
  connectSeconds: 1,
  cacheSeconds: 60,
  clock: () => performance.now() / 1000,
}

/** What recordings of real devices show while idle: the encoder runs, though nobody takes what it makes. */
const IDLE_BITRATE = 161_672

/**
 * A Web Presenter's inside: what it is set to, and what becomes of it over time. Nothing runs in it; whoever reads a
 * value gets what time has made of it.
 */
export class Device {
  readonly options: DeviceOptions
  #status: DeviceStatus = 'Idle'
  #bitrate: number
  /** Bits per second that the network takes; null: all. */
  #uplink: number | null = null
  /** Bits that wait in the cache. */
  #cached = 0
  /** When the device last looked at the clock, when it connects, and since when it is on the air. */
  #at: number
  #connectedAt = 0
  #onAirSince = 0
  readonly #listeners = new Set<() => void>()

  constructor(options: Partial<DeviceOptions> = {}) {
    this.options = { ...DEFAULTS, ...options }
    this.#bitrate = this.options.bitrate
    this.#at = this.options.clock()
  }

  get status(): DeviceStatus {
    this.#advance()
    // Old firmware does not tell that it sends the rest of its cache.
    return this.#status === 'Flushing' && this.options.firmware === '2.1' ? 'Streaming' : this.#status
  }

  /** Bits per second that leave the device. */
  get bitrate(): number {
    this.#advance()
    if (this.#status === 'Idle') return IDLE_BITRATE
    if (this.#status !== 'Streaming' && this.#status !== 'Flushing') return 0
    return Math.round(Math.min(this.#bitrate, this.#uplink ?? Number.POSITIVE_INFINITY))
  }

  /** Percent. */
  get cache(): number {
    this.#advance()
    return Math.min(100, Math.round((100 * this.#cached) / this.#capacity))
  }

  /** Seconds on the air; null while idle. */
  get duration(): number | null {
    this.#advance()
    if (this.#status === 'Idle') return null
    return this.#onAirSince === 0 ? 0 : Math.floor(this.#at - this.#onAirSince)
  }

  start(): void {
    this.#advance()
    if (this.#status !== 'Idle') return
    this.#cached = 0
    this.#onAirSince = 0
    this.#connectedAt = this.#at + this.options.connectSeconds
    this.#become('Connecting')
  }

  /** Ends the stream on purpose. What waits in the cache is sent first. */
  stop(): void {
    this.#advance()
    if (this.#status === 'Idle') return
    const rest = this.#status === 'Streaming' && this.#cached > 0
    this.#become(rest ? 'Flushing' : 'Idle')
  }

  /** Stopped and started at once, as by a person in a hurry: nothing is sent that was cached. */
  restart(): void {
    this.#advance()
    this.#cached = 0
    this.#status = 'Idle'
    this.start()
  }

  /** The platform cannot be reached: on the air, but nothing leaves, and the cache fills. */
  interrupt(): void {
    this.#advance()
    if (this.#status === 'Streaming' || this.#status === 'Connecting') this.#become('Interrupted')
  }

  /** The platform can be reached again. */
  recover(): void {
    this.#advance()
    if (this.#status !== 'Interrupted') return
    if (this.#onAirSince === 0) this.#onAirSince = this.#at
    this.#become('Streaming')
  }

  /** @param bitrate bits per second that it encodes from now on */
  encode(bitrate: number): void {
    this.#advance()
    this.#bitrate = bitrate
  }

  /** @param uplink bits per second that the network takes from now on; null: all */
  narrow(uplink: number | null): void {
    this.#advance()
    this.#uplink = uplink
  }

  /** Told when the status has become another. @returns the way to stop listening */
  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lets time pass, so that a change of status is told without anybody asking. */
  look(): void {
    this.#advance()
  }

  get #capacity(): number {
    return this.options.bitrate * this.options.cacheSeconds
  }

  #become(status: DeviceStatus): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of this.#listeners) listener()
  }

  #advance(): void {
    const now = this.options.clock()
    const passed = now - this.#at
    if (passed <= 0) return
    this.#at = now
    if (this.#status === 'Connecting' && now >= this.#connectedAt) {
      this.#onAirSince = this.#connectedAt
      this.#become('Streaming')
    } else this.#fill(passed)
  }

  #fill(passed: number): void {
    const status = this.#status
    if (status === 'Idle' || status === 'Connecting') return
    const made = status === 'Flushing' ? 0 : this.#bitrate
    const sent = status === 'Interrupted' ? 0 : (this.#uplink ?? 4 * this.options.bitrate)
    this.#cached = Math.min(this.#capacity, Math.max(0, this.#cached + (made - sent) * passed))
    if (status === 'Flushing' && this.#cached === 0) this.#become('Idle')
  }
}
