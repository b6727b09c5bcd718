import type { Alert } from '../observation/alert.ts'
import { ClockSteps, type WallClock } from '../observation/clock.ts'
import type { Incident, IncidentEvent } from '../observation/incident.ts'
import type { Counters } from '../observation/own-metric.ts'
import { ownEntry } from '../observation/shape.ts'
import type { JsonFile } from '../storage/json-file.ts'
import { type Across, shownOf } from './across.ts'
import {
  bookNotAfter,
  EMPTY_BOOK,
  type IncidentBook,
  type IncidentRecord,
  movedBook,
  outlineOf,
  parseBook,
  recordsOf,
} from './book.ts'
import { applyCommand, type IncidentCommand } from './command.ts'
import { groupsOf } from './grouping.ts'
import type { Kinship } from './kinship.ts'
import { live, openedAt } from './life.ts'
import type { Ends } from './members.ts'
import { INCIDENTS, NOWHERE } from './metrics.ts'
import { eventOf, incidentOf } from './shown.ts'
import { OVER_AFTER } from './timing.ts'

export interface IncidentsOptions {
  file: JsonFile
  /** What the node before left in a deploy; then the file is not read. */
  book: IncidentBook | null
  origin(): { monitor: string; site: string }
  /** IANA name, in which the time line writes times. */
  timezone(): string
  /** Everything that fires in the `alert` nodes of this monitor. */
  firing(): readonly Alert[]
  /** Ids of those of it that came by webhook. */
  foreign(): ReadonlySet<string>
  /** Ids of those of which people were told, or would be if it were not for Prometheus to find them. */
  told(): ReadonlySet<string>
  /** When and why alerts of them have just ended, by id: of those of which people were not told nothing comes by message. */
  ends(): Ends
  /** Whether what people are to know comes by message: it does not where Prometheus finds it. */
  comesByMessage(): boolean
  kinship(): Kinship
  /** Whether a target is down now, by its key. */
  isDown(key: string): boolean
  /** Milliseconds; 0: never. */
  repeatAfter: number
  /** Milliseconds since the epoch. */
  clock: WallClock
  send(incident: Incident): void
  note(event: IncidentEvent): void
  /** A word of the person on duty concerns these alerts, too. */
  passOn(command: IncidentCommand, alerts: readonly string[]): void
  /** What an incident is together with those of other monitors. @param openedAt milliseconds since the epoch */
  across(id: string, openedAt: number): Across
  counters: Counters
}

/**
 * The life of all incidents of one monitor: holds the book, brings it to the level of what fires, keeps it on disk, and sends
 * what is decided. `tick` is to be called once a second, and soon after something was heard.
 */
export class Incidents {
  readonly #options: IncidentsOptions
  readonly #steps: ClockSteps
  #startedAt: number
  #book: IncidentBook
  #saved = ''
  #news: Alert[] = []
  /** There was no book: what people were told of before is taken up, and they are not told again. */
  #takesUp: boolean

  constructor(options: IncidentsOptions) {
    this.#options = options
    this.#startedAt = options.clock.wall()
    this.#steps = new ClockSteps(options.clock)
    const known = options.book ?? bookIn(options.file)
    this.#takesUp = known === null
    this.#book = bookNotAfter(known ?? EMPTY_BOOK, this.#startedAt)
  }

  /** To be called once, when what is sent is heard. */
  start(): void {
    // What was sent just before the end may not have arrived. Receivers know what they have by its key.
    for (const { incident } of this.#book.recent) this.#options.send(incident)
  }

  get book(): IncidentBook {
    return this.#book
  }

  /** All that is known of, the newest first. */
  get list(): Incident[] {
    return this.#shown(() => true)
  }

  get open(): Incident[] {
    return this.#shown(({ status }) => status === 'open')
  }

  /** Those in which something fires, or has just ended, that this monitor judges itself. */
  get judged(): Incident[] {
    const since = this.#options.clock.wall() - OVER_AFTER
    return this.#shown(
      ({ status, alerts }) =>
        status === 'open' &&
        Object.values(alerts).some(({ isForeign, endsAt }) => !isForeign && (endsAt === null || endsAt > since)),
    )
  }

  /** An alert came by message: it counts with the next tick. */
  hear(alert: Alert): void {
    this.#news.push(alert)
    if (this.#news.length > MOST_WAITING) this.#news.shift()
  }

  has(id: string): boolean {
    return ownEntry(this.#book.records, id) !== undefined
  }

  /** @throws MonitorError `unknown-incident` */
  command(command: IncidentCommand): void {
    const at = this.#now()
    const { book, record, change } = applyCommand(this.#book, command, { at, timezone: this.#options.timezone() })
    const incident = incidentOf(record, { change }, at)
    this.#book = { ...book, recent: [...book.recent, { incident, at }] }
    this.#save()
    this.#options.send(incident)
    const entry = record.timeline.at(-1)
    if (entry !== undefined) this.#options.note(eventOf(record, entry))
    if (command.action !== 'note') this.#options.passOn(command, Object.keys(record.alerts))
  }

  tick(): void {
    const { firing, foreign, told, comesByMessage, kinship, isDown, origin, repeatAfter, counters, send, note } =
      this.#options
    const at = this.#now()
    const news = this.#news
    this.#news = []
    const isTakingUp = this.#takesUp
    this.#takesUp = false
    const { book, incidents, events, ended } = live(this.#book, {
      at,
      news,
      repeatAfter,
      origin: origin(),
      firing: firing(),
      foreign: foreign(),
      ends: this.#options.ends(),
      told: isTakingUp || !comesByMessage() ? told() : NONE,
      comesByMessage: comesByMessage(),
      group: (affected) => groupsOf(affected, kinship(), isDown),
      isTakingUp,
      across: this.#options.across,
    })
    this.#book = book
    // On disk before it is on its way, so that a crash in between loses nothing.
    this.#save()
    for (const { severity, diagnosis } of ended) {
      counters.count(INCIDENTS, { severity, location: diagnosis?.location ?? NOWHERE })
    }
    for (const incident of incidents) send(incident)
    for (const event of events) note(event)
  }

  #shown(isAsked: (record: IncidentRecord) => boolean): Incident[] {
    const at = this.#options.clock.wall()
    const records = recordsOf(this.#book).filter(isAsked).reverse()
    return records.map((record) => {
      if (record.status !== 'open') return incidentOf(record, { change: 'ended' }, at)
      const across = this.#options.across(record.id, openedAt(record))
      return { ...incidentOf(record, { change: 'updated' }, at), ...shownOf(across) }
    })
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

  #save(): void {
    const now = outlineOf(this.#book)
    if (now === this.#saved) return
    if (this.#options.file.write(this.#book)) this.#saved = now
  }
}

const NONE: ReadonlySet<string> = new Set()

/** Alerts that wait for the next tick at most: nothing takes more than a second. */
const MOST_WAITING = 5000

function bookIn(file: JsonFile): IncidentBook | null {
  return file.readPart(parseBook, 'incidents in it', ({ book }) => book)?.book ?? null
}
