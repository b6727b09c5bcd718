import { PHASES, type Phase, type PhaseName } from './phases.ts'

/** A change that comes by itself: seconds after the script was set, and what it changes to. */
export type ScriptStep = readonly [after: number, phase: PhaseName]

export interface SimulatedEventOptions {
  id: number
  title?: string
  /** A recurring event has a clip per occurrence; a one-time event is a video. */
  kind?: 'recurring' | 'one-time'
  /** Of the clip; a one-time event's own. */
  videoId?: number
  phase?: PhaseName
  /** ISO 8601. */
  nextOccurrence?: string | null
  viewers?: number | null
}

/** Taken for secrets by the tests: none of them may ever be seen outside the simulator. */
export const STREAM_KEY = 'ab9c8def-7a65-4321-b098-c7dd65e43f21'
export const STREAM_PASSWORD = 'hunter1-of-the-simulator'
export const SRT_PASSPHRASE = 'srt-passphrase-of-the-simulator'

/** One live event of the simulated account. Its phase follows a script by the clock, so that it needs no timer. */
export class SimulatedEvent {
  readonly id: number
  readonly videoId: number
  readonly kind: 'recurring' | 'one-time'
  title: string
  nextOccurrence: string | null
  /** Viewers now; null: the account is not told. */
  viewers: number | null
  #peak = 0
  #script: readonly ScriptStep[]
  #since: number
  #session = 0
  /** Milliseconds since the epoch. */
  #startedAt: number | null = null

  constructor(options: SimulatedEventOptions) {
    this.id = options.id
    this.kind = options.kind ?? 'recurring'
    this.videoId = options.videoId ?? (this.kind === 'one-time' ? options.id : options.id + 1_000_000)
    this.title = options.title ?? 'Sunday service'
    this.nextOccurrence = options.nextOccurrence ?? null
    this.viewers = options.viewers ?? null
    this.#script = [[0, options.phase ?? 'idle']]
    this.#since = Date.now()
    this.#note()
  }

  /** Goes through phases by itself, from now on. */
  play(...script: readonly ScriptStep[]): void {
    this.#script = script
    this.#since = Date.now()
    this.#note()
  }

  set(phase: PhaseName): void {
    this.play([0, phase])
  }

  get phaseName(): PhaseName {
    const passed = (Date.now() - this.#since) / 1000
    return this.#script.findLast(([after]) => after <= passed)?.[1] ?? 'idle'
  }

  /** What the event is in now. Looking at it notes when streaming began. */
  now(): Phase & { session: string | null; startedAt: number | null; peak: number } {
    this.#note()
    const phase = PHASES[this.phaseName]
    this.#peak = Math.max(this.#peak, phase.onAir ? (this.viewers ?? 0) : 0)
    const session = this.#session === 0 ? null : `a8701cc1-52d5-463e-9e2d-${String(this.#session).padStart(12, '0')}`
    return { ...phase, session, startedAt: this.#startedAt, peak: this.#peak }
  }

  #note(): void {
    const { ingest } = PHASES[this.phaseName]
    if (ingest === 4 && this.#startedAt === null) {
      this.#startedAt = Date.now()
      this.#session += 1
    }
    if (ingest !== 4 && ingest !== 5) this.#startedAt = null
  }
}
