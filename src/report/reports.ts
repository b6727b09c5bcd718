import { packageVersion } from '../metrics/package-version.ts'
import type { MonitorState } from '../monitor/state.ts'
import { MonitorError } from '../observation/errors.ts'
import { Limiter } from '../observation/limiter.ts'
import { gather, lastEvent } from './gather.ts'
import { makeReport } from './make-report.ts'
import type { Report } from './report.ts'
import { ReportFiles } from './report-files.ts'

/** Of what a report is wanted. */
export interface ReportRequest {
  /** A watched stream. */
  target: string
  /** Milliseconds since the epoch; null: the beginning of the event that is on, or was last. */
  from: number | null
  /** Null: the end of that event, or now while it is on. */
  to: number | null
  /** IANA name; null: that of the monitor. */
  timezone: string | null
}

/** Milliseconds that a report may cover. */
const LONGEST = 31 * 86_400_000

/** Reports that are made at once, and that wait for their turn. */
const MOST_AT_ONCE = 2
const MOST_WAITING = 16

/** Slices are written every ten seconds, when they are complete. */
const WRITTEN_EVERY = 10_000
const WRITTEN_AFTER = 500

/** The reports of one monitor, for whoever asks. */
export class Reports {
  readonly #state: MonitorState
  readonly #turns = new Limiter(MOST_AT_ONCE)
  /** Where reports are kept, as soon as a node says so. */
  files = new ReportFiles(null)

  constructor(state: MonitorState) {
    this.#state = state
  }

  /**
   * @throws MonitorError `unknown-target`, `invalid-message` where the time cannot be, `no-history` where nothing is known,
   *   `busy` where too many ask
   */
  async make(request: ReportRequest, signal: AbortSignal): Promise<Report> {
    if (this.#turns.waiting >= MOST_WAITING) {
      throw new MonitorError('busy', 'Too many reports are being made; try again')
    }
    return await this.#turns.run(() => this.#make(request), signal)
  }

  async #make({ target, from, to, timezone }: ReportRequest): Promise<Report> {
    const state = this.#state
    if (state.directory.get('stream', target) === undefined) {
      throw new MonitorError('unknown-target', 'No stream of that name is watched')
    }
    const newest = Math.floor((state.clock.wall() - WRITTEN_AFTER) / WRITTEN_EVERY) * WRITTEN_EVERY
    const until = Math.min(to ?? newest, newest)
    const event = from === null || to === null ? await lastEvent(state, target, until) : null
    const span = { from: from ?? event?.from ?? until, to: to === null ? (event?.to ?? until) : until }
    if (from === null && event === null) {
      throw new MonitorError('no-history', 'Nothing is known of an event of that stream; give from and to')
    }
    if (span.to <= span.from) throw new MonitorError('invalid-message', 'from must lie before to, and in the past')
    if (span.to - span.from > LONGEST) throw new MonitorError('invalid-message', 'A report covers at most 31 days')
    const local = timezone ?? state.timezone
    const subject = { target, span, timezone: local, version: packageVersion() }
    return makeReport(await gather(state, subject, await this.files.past(target, span.from)))
  }
}
