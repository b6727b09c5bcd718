import type { Alert, AlertChange, AlertLabels, Via } from '../observation/alert.ts'
import { ClockSteps, type WallClock } from '../observation/clock.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import type { DutyCommand } from '../observation/duty-command.ts'
import { MonitorError } from '../observation/errors.ts'
import type { Observation } from '../observation/observation.ts'
import type { Counters } from '../observation/own-metric.ts'
import { ownEntry } from '../observation/shape.ts'
import type { JsonFile } from '../storage/json-file.ts'
import { type PostableAlert, postable } from './alertmanager.ts'
import { type AlertBook, type AlertRecord, bookAtStart, movedBook, outlineOf, recordsOf } from './book.ts'
import { applyCommand } from './command.ts'
import { followWatched, isQuiet } from './dead-man.ts'
import { ALERTS, alertOf, alertsToPost, decide, firingAlerts, type World } from './decide.ts'
import { describeTarget, type Targets } from './dependencies.ts'
import { endAlert, followObservations, type Origin } from './follow.ts'
import { type AlertMode, acceptedBy, returnToNotify, withoutAlertmanager } from './mode.ts'
import { type RecentEnd, RecentEnds } from './recent-ends.ts'
import type { KnownSilence } from './silence.ts'
import { FOLLOWED_AT_ONCE, MOST_AT_ONCE, MOST_PENDING } from './timing.ts'
import { followWebhook, WEBHOOK_NOT_IN_USE, type WebhookAlert } from './webhook.ts'

export interface AlertingOptions extends Pick<World, 'timing' | 'diagnose'> {
  mode: AlertMode
  file: JsonFile
  /** What the node before left in a deploy; then the file is not read. */
  book: AlertBook | null
  origin(): Origin
  targets(): Targets
  /** Whether this monitor itself judges what such an alert says: whether it watches the target and knows the issue. */
  judges(labels: AlertLabels): boolean
  dashboardUrl(): string | null
  /** Milliseconds since the epoch. */
  clock: WallClock
  send(alert: Alert): void
  counters: Counters
  /** Something has to be posted to Alertmanager. */
  postNow(): void
}

/**
 * The life of all alerts of one monitor: holds the book, brings it to the level of what comes, keeps it on disk, and
 * sends what is decided. `tick` is to be called once a second.
 */
export class Alerting {
  readonly #options: AlertingOptions
  #book: AlertBook
  #saved = ''
  readonly #steps: ClockSteps
  #startedAt: number
  #isTakenOver = false
  #foundByOthers: ReadonlySet<string> = new Set()
  readonly #ends = new RecentEnds()
  /** Observations that the book does not have yet: of a large one they wait for the next tick, or for who asks. */
  #pending: Observation[] = []
  /** How many records there are of these. */
  #counted: { records: AlertBook['records']; count: number } | null = null

  constructor(options: AlertingOptions) {
    this.#options = options
    this.#startedAt = options.clock.wall()
    this.#steps = new ClockSteps(options.clock)
    const book = bookAtStart(options.book, options.file, this.#startedAt)
    this.#book = options.mode.mode === 'none' ? withoutAlertmanager(book) : book
  }

  /** To be called once, when what is sent is heard. */
  start(): void {
    // What was sent just before the end may not have arrived. Receivers know what they have by its key.
    for (const { alert } of this.#book.recent) this.#emit(alert)
  }

  get book(): AlertBook {
    this.#follow()
    return this.#book
  }

  /** Everything that fires, whether people were told or not. */
  get firing(): Alert[] {
    this.#follow()
    return firingAlerts(this.#book, this.#now())
  }

  /** Ids of what fires and people were told of, or will be by Prometheus as soon as it has found it. */
  get told(): ReadonlySet<string> {
    const told = recordsOf(this.#book).filter(({ notified }) => notified !== null)
    return new Set([...told.map(({ id }) => id), ...this.#foundByOthers])
  }

  /** When and why alerts have just ended, by id, whether people were told of them or not. */
  get ends(): ReadonlyMap<string, RecentEnd> {
    return this.#ends.all
  }

  /** Who tells people now; null: Prometheus and its Alertmanager. */
  get teller(): Via | null {
    const { mode } = this.#options.mode
    if (mode === 'none' || this.#isTakenOver) return 'notify'
    if (mode === 'direct') return 'alertmanager'
    return isQuiet(this.#book.heard.prometheus, this.#startedAt, this.#now()) ? 'notify' : null
  }

  observe(observation: Observation): void {
    this.#pending.push(observation)
    if (this.#isLarge() && this.#pending.length < MOST_PENDING) return
    if (this.#follow() && !this.#isLarge()) this.#decide(false)
  }

  /**
   * Hears what Alertmanager's webhook says. What it tells is on disk with the next tick: Alertmanager has told people.
   *
   * @param isAuthenticated whether it came with the token
   * @returns how many alerts found no room
   * @throws MonitorError `not-in-use` where no Alertmanager tells people
   */
  hear(alerts: readonly WebhookAlert[], isAuthenticated: boolean): number {
    const { judges } = this.#options
    const { mode } = this.#options.mode
    if (mode === 'none') throw new MonitorError('not-in-use', WEBHOOK_NOT_IN_USE)
    this.#follow()
    const at = this.#now()
    const { book, news, refused } = followWebhook(this.#book, alerts, { mode, isAuthenticated, judges }, at)
    this.#book = book
    for (const alert of news) this.#emit(alert)
    return refused
  }

  /** @throws MonitorError `unknown-alert` */
  command(command: DutyCommand): void {
    this.#follow()
    const at = this.#now()
    const { book, record, change } = applyCommand(this.#book, command, at)
    this.#book = book
    this.#send(alertOf(record, change, at))
    this.#decide(true)
  }

  /** An Alertmanager has answered, perhaps with what is silenced. */
  alertmanagerHeard(silences: readonly KnownSilence[] | null): void {
    const at = this.#now()
    const heard = { ...this.#book.heard, alertmanager: at }
    this.#book = { ...this.#book, ...(silences !== null && { silences }), heard }
    this.#isTakenOver = false
  }

  /** What an Alertmanager should know now. */
  postables(): PostableAlert[] {
    if (this.#options.mode.mode !== 'direct') return []
    this.#follow()
    const at = this.#now()
    return alertsToPost(this.#book, at).map((alert) => postable(alert, at, this.#options.dashboardUrl()))
  }

  accepted(alerts: readonly PostableAlert[]): void {
    this.#book = acceptedBy(this.#book, alerts, this.#now())
    this.#save()
  }

  /** All of a tick at once. */
  tick(): void {
    for (const steps = this.steps(); steps.next().done !== true; );
  }

  /**
   * A tick, with a step after each part behind which other work may come: a thousand alerts of one outage are followed and
   * diagnosed in a second, and the process has more to do than that.
   */
  *steps(): Generator<void> {
    while (this.#pending.length > 0) {
      this.#follow(FOLLOWED_AT_ONCE)
      yield
    }
    this.#watchTheWatchers()
    const diagnoses = new Map<string, Diagnosis | null>()
    for (const { labels, status, source } of recordsOf(this.#book)) {
      const name = nameOf(labels)
      if (status !== 'firing' || source !== 'observation' || diagnoses.has(name)) continue
      diagnoses.set(name, this.#options.diagnose(labels))
      yield
    }
    this.#decide(true, diagnoses)
  }

  /** @returns whether more than the numbers of what fires has changed */
  #follow(most = Number.POSITIVE_INFINITY): boolean {
    if (this.#pending.length === 0) return false
    const at = this.#now()
    const pending = this.#pending.slice(0, most)
    this.#pending = this.#pending.slice(most)
    const { book, isNews, superseded } = followObservations(this.#book, pending, this.#options.origin(), at)
    this.#book = book
    this.#endAtAlertmanager(superseded, at)
    return isNews
  }

  #isLarge(): boolean {
    const { records } = this.#book
    if (this.#counted?.records !== records) this.#counted = { records, count: Object.keys(records).length }
    return this.#counted.count > MOST_AT_ONCE
  }

  /** People are not told that these ended, but an Alertmanager that has them must not keep them. */
  #endAtAlertmanager(superseded: readonly AlertRecord[], at: number): void {
    const { mode, postNow } = this.#options
    const posted = superseded.filter(({ notified }) => notified?.via === 'alertmanager')
    if (mode.mode !== 'direct' || posted.length === 0) return
    const ends = posted.map((record) => alertOf(endAlert(record, 'superseded', at), 'resolved', at))
    this.#book = { ...this.#book, unpostedEnds: [...this.#book.unpostedEnds, ...ends] }
    postNow()
  }

  /** Milliseconds since the epoch. What was noted by a clock that has been set since is moved with it. */
  #now(): number {
    const step = this.#steps.taken(this.#startedAt)
    if (step !== 0) {
      this.#book = movedBook(this.#book, step)
      this.#startedAt += step
    }
    return this.#options.clock.wall()
  }

  /**
   * @param isDue whether the book is written although nobody is told anything: each time takes a while on a slow disk
   * @param diagnoses those that are known already, by target
   */
  #decide(isDue: boolean, diagnoses: ReadonlyMap<string, Diagnosis | null> = new Map()): void {
    const { targets, timing, mode, judges } = this.#options
    const at = this.#now()
    const diagnose = (labels: AlertLabels) => {
      const known = diagnoses.get(nameOf(labels))
      return known === undefined ? this.#options.diagnose(labels) : known
    }
    const world = {
      at,
      runningSince: this.#startedAt,
      targets: targets(),
      teller: this.teller,
      timing,
      judges,
      diagnose,
    }
    const { records } = this.#book
    const { book, alerts, foundByOthers, ended } = decide(this.#book, world)
    this.#book = book
    this.#ends.note(ended, at)
    this.#foundByOthers = foundByOthers
    // What came from an Alertmanager is not given back to it as this monitor's own.
    const byAlertmanager = alerts.filter(
      ({ via, id }) => via === 'alertmanager' && ownEntry(records, id)?.source !== 'alertmanager',
    )
    if (mode.mode === 'direct' && byAlertmanager.length > 0) {
      const ends = byAlertmanager.filter(({ status }) => status === 'resolved')
      this.#book = { ...book, unpostedEnds: [...book.unpostedEnds, ...ends] }
    }
    // On disk before it is on its way, so that a crash in between loses nothing. What nobody is told yet can wait.
    if (alerts.length > 0 || isDue) this.#save()
    for (const alert of alerts) this.#emit(alert)
    if (mode.mode === 'direct' && byAlertmanager.some(({ change }) => POSTED.has(change))) this.#options.postNow()
  }

  #watchTheWatchers(): void {
    const { mode, origin } = this.#options
    const at = this.#now()
    const { book, isAlertmanagerLost } = followWatched(this.#book, mode, origin(), { at, since: this.#startedAt })
    this.#book = book
    if (isAlertmanagerLost && !this.#isTakenOver) this.#takeOver(at)
  }

  #takeOver(at: number): void {
    this.#isTakenOver = true
    if (this.#options.mode.mode !== 'direct') return
    const { book, ends } = returnToNotify(this.#book)
    this.#book = book
    for (const end of ends) if (end.endedBy !== 'superseded') this.#send({ ...end, via: 'notify' }, at)
  }

  #emit(alert: Alert): void {
    const { severity, status, change } = alert
    if (change === 'firing' || change === 'resolved') this.#options.counters.count(ALERTS, { severity, status })
    this.#options.send(alert)
  }

  #send(alert: Alert, at = this.#now()): void {
    this.#book = { ...this.#book, recent: [...this.#book.recent, { alert, at }] }
    this.#save()
    this.#emit(alert)
  }

  #save(): void {
    const now = outlineOf(this.#book)
    if (now === this.#saved) return
    if (this.#options.file.write(this.#book)) this.#saved = now
  }
}

function nameOf({ kind, target }: AlertLabels): string {
  return describeTarget({ kind, name: target })
}

const POSTED: ReadonlySet<AlertChange> = new Set(['firing', 'updated', 'resolved'])
