import type { MonitorState } from '../monitor/state.ts'
import { guarded } from '../observation/internal-errors.ts'
import { scheduleAt } from '../targets/windows.ts'

/**
 * Milliseconds after the end of an event: its last slice is written, alerts and incidents have ended, and an event that
 * was ended by mistake goes on.
 */
const SETTLES_AFTER = 40_000

/** Milliseconds between two looks at the clock. */
const LOOK_EVERY = 20_000

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** When reports are due. */
export interface ReportTimes {
  /** `06:00`, when channels that are always on have theirs; null: never. */
  hour: string | null
  /** IANA name, of the hour. */
  timezone: string
  /** An event has ended. */
  ended(target: string): void
  /** The hour has come. */
  hourCame(): void
}

/**
 * Hears of the end of the event of every stream of a monitor: it was expected, and for a while now is not, or is not any more
 * when the monitor runs again.
 */
export class EventEnds {
  readonly #times: ReportTimes
  readonly #state: MonitorState
  readonly #settles: number
  readonly #expected = new Set<string>()
  readonly #ending = new Map<string, NodeJS.Timeout>()
  readonly #stops: (() => void)[]
  readonly #looking: NodeJS.Timeout
  #isHour: boolean

  constructor(state: MonitorState, times: ReportTimes, settles: number = SETTLES_AFTER) {
    this.#state = state
    this.#times = times
    this.#settles = settles
    this.#stops = [
      state.newest.onPut(({ kind, target, expected }) => {
        if (kind === 'stream') this.#observe(target, expected)
      }),
      state.directory.onLeft(({ kind, name }) => {
        if (kind === 'stream') this.#forget(name)
      }),
    ]
    this.#isHour = this.#hourIsNow()
    this.#looking = setInterval(
      guarded('hour of reports', () => this.#look()),
      LOOK_EVERY,
    ).unref()
  }

  close(): void {
    clearInterval(this.#looking)
    for (const stop of this.#stops) stop()
    for (const timer of this.#ending.values()) clearTimeout(timer)
    this.#ending.clear()
  }

  #observe(target: string, expected: boolean): void {
    if (expected) {
      this.#expected.add(target)
      clearTimeout(this.#ending.get(target))
      this.#ending.delete(target)
    } else if (this.#expected.delete(target) || this.#state.eventTimes.takeEndedUnseen(target)) {
      const settled = guarded('end of an event', () => {
        this.#ending.delete(target)
        this.#times.ended(target)
      })
      this.#ending.set(target, setTimeout(settled, this.#settles).unref())
    }
  }

  #forget(target: string): void {
    this.#expected.delete(target)
    clearTimeout(this.#ending.get(target))
    this.#ending.delete(target)
  }

  #look(): void {
    const before = this.#isHour
    this.#isHour = this.#hourIsNow()
    if (this.#isHour && !before) this.#times.hourCame()
  }

  #hourIsNow(): boolean {
    const { hour, timezone } = this.#times
    if (hour === null) return false
    const [hours = '0', minutes = '0'] = hour.split(':')
    const end = (Number(hours) * 60 + Number(minutes) + 2) % 1440
    const to = `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`
    return scheduleAt([{ days: [...EVERY_DAY], from: hour, to, timezone }], this.#state.clock.wall()).expected
  }
}
