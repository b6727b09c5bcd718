import { incidentId } from '../observation/incident.ts'
import { gravestFirst, worstOf } from './assess.ts'
import { type IncidentBook, type IncidentRecord, type MemberAlert, NEW_INCIDENT, recordsOf } from './book.ts'
import type { Affected } from './grouping.ts'
import { targetKey } from './kinship.ts'
import { alertLine, brought, type Known, type KnownAlert, memberOf, viaOf, whereOf } from './members.ts'
import { namesOf, withEntry } from './timeline.ts'
import { OVER_AFTER, REOPEN_WITHIN } from './timing.ts'

/** What is asked while a book is brought to the level of what is known. */
interface Question {
  readonly at: number
  readonly origin: { readonly monitor: string; readonly site: string }
  group(affected: readonly Affected[]): string[][]
}

/** The records of a book while alerts come, go, and turn out to belong together. */
export class Draft {
  /** Open at the beginning or now, in the order in which they began. */
  touched: string[] = []
  readonly reopened = new Set<string>()
  readonly #records: Map<string, IncidentRecord>
  readonly #known: Known
  readonly #moment: Question

  constructor(book: IncidentBook, known: Known, moment: Question) {
    this.#records = new Map(recordsOf(book).map((record) => [record.id, record]))
    this.#known = known
    this.#moment = moment
  }

  get all(): IncidentRecord[] {
    return [...this.#records.values()]
  }

  get(id: string): IncidentRecord {
    const record = this.#records.get(id)
    if (record === undefined) throw new Error(`There is no incident ${id}`)
    return record
  }

  put(record: IncidentRecord): void {
    this.#records.set(record.id, record)
    if (!this.touched.includes(record.id)) this.touched.push(record.id)
  }

  /** What is open learns what has become of its alerts. */
  bring(): void {
    for (const record of this.#open()) {
      const { record: next, joined, left } = brought(record, this.#known, this.#moment.at)
      this.put(this.#changed(next, joined, left))
    }
  }

  /** What fires and is nowhere yet joins what it belongs to, or opens an incident. */
  gather(): void {
    const { at } = this.#moment
    const placed = new Map<string, string>()
    const bySubject = new Map<string, string[]>()
    for (const record of this.#open()) {
      for (const alert of Object.values(record.alerts)) {
        placed.set(alert.id, record.id)
        // What has just ended still holds together what comes now.
        if (alert.endsAt !== null && at - alert.endsAt >= OVER_AFTER) continue
        const subject = this.#subjectOf(record, alert)
        bySubject.set(subject, [...(bySubject.get(subject) ?? []), record.id])
      }
    }
    for (const group of this.#groups()) {
      const homes = new Set(group.subjects.flatMap((subject) => bySubject.get(subject) ?? []))
      const newcomers = group.alerts.filter(({ alert }) => {
        const home = placed.get(alert.id)
        if (home !== undefined) homes.add(home)
        return home === undefined
      })
      const [first, ...others] = [...homes].map((id) => this.get(id)).sort(oldestFirst)
      const into = first ?? this.#reopened(group.subjects, newcomers) ?? this.#opened(newcomers)
      if (into === null) continue
      for (const other of others) this.#merge(other.id, into.id)
      if (others.length > 0) this.#sayMerged(into.id, others.length)
      if (newcomers.length > 0) this.#join(into.id, newcomers)
    }
  }

  #open(): IncidentRecord[] {
    return this.all.filter(({ status }) => status === 'open').sort(oldestFirst)
  }

  /** What belongs together of what fires, and of open incidents what has just ended. */
  #groups(): { subjects: string[]; alerts: KnownAlert[] }[] {
    const { at, group } = this.#moment
    const alertsBy = new Map<string, KnownAlert[]>()
    const own: Affected[] = []
    const foreign = new Set<string>()
    for (const known of this.#known.alerts.values()) {
      const { alert } = known
      const subject = this.#subjectOf(alert, alert)
      const since = Date.parse(alert.startsAt)
      if (this.#isOwn(alert)) own.push({ key: subject, since: Number.isNaN(since) ? at : since })
      else foreign.add(subject)
      alertsBy.set(subject, [...(alertsBy.get(subject) ?? []), known])
    }
    for (const record of this.#open().filter((one) => this.#isOwn(one))) {
      for (const alert of Object.values(record.alerts)) {
        const isNew = alert.endsAt !== null && at - alert.endsAt < OVER_AFTER
        if (isNew) own.push({ key: this.#subjectOf(record, alert), since: alert.startsAt })
      }
    }
    return [...group(own), ...[...foreign].sort().map((subject) => [subject])].map((subjects) => ({
      subjects,
      alerts: subjects.flatMap((subject) => alertsBy.get(subject) ?? []),
    }))
  }

  /** One that has just ended, of a target that fails again. */
  #reopened(subjects: readonly string[], newcomers: readonly KnownAlert[]): IncidentRecord | null {
    const { at } = this.#moment
    if (!newcomers.some(({ isTold }) => isTold)) return null
    const within = new Set(subjects)
    const found = this.all
      .filter((record) => record.status === 'ended' && record.mergedInto === null)
      .filter(({ endsAt }) => endsAt !== null && at - endsAt <= REOPEN_WITHIN)
      .filter((record) => Object.values(record.alerts).some((alert) => within.has(this.#subjectOf(record, alert))))
      .sort((one, other) => (other.endsAt ?? 0) - (one.endsAt ?? 0))[0]
    return found === undefined ? null : this.#reopen(found)
  }

  #reopen(record: IncidentRecord): IncidentRecord {
    const timeline = withEntry(record.timeline, this.#moment.at, 'reopened', 'It has come back')
    const next = { ...record, status: 'open' as const, endsAt: null, told: null, isReceding: false, timeline }
    this.reopened.add(next.id)
    this.put(next)
    return next
  }

  #opened(newcomers: readonly KnownAlert[]): IncidentRecord | null {
    const { at } = this.#moment
    const told = newcomers.filter(({ isTold }) => isTold).map((known) => ({ known, alert: memberOf(known, at) }))
    const [opener] = told.sort((one, other) => gravestFirst(one.alert, other.alert))
    if (opener === undefined) return null
    const { monitor, site } = opener.known.alert
    const { alert } = opener
    const startsAt = Math.min(...newcomers.map((known) => memberOf(known, at).startsAt))
    const says = `${alert.severity === 'critical' ? 'Critical' : 'Warning'}: ${alertLine(alert)}: ${alert.issue.summary}`
    const record: IncidentRecord = {
      ...NEW_INCIDENT,
      ...{ id: incidentId(monitor, site, alert.id, alert.startsAt), monitor, site, startsAt },
      severity: alert.severity,
      timeline: withEntry([], at, 'opened', says),
    }
    // The same fault: it was not heard of for a while, as where the alert node was taken away.
    const same = this.#records.get(record.id)
    if (same !== undefined) return this.#reopen(same)
    this.put(record)
    return record
  }

  #join(id: string, newcomers: readonly KnownAlert[]): void {
    const { at } = this.#moment
    const record = this.get(id)
    const joined = newcomers.map((known) => memberOf(known, at, record.alerts[known.alert.id]))
    const alerts = { ...record.alerts, ...Object.fromEntries(joined.map((alert) => [alert.id, alert])) }
    const isFirst = Object.keys(record.alerts).length === 0
    const startsAt = Math.min(record.startsAt, ...joined.map((alert) => alert.startsAt))
    const via = record.told === null ? viaOf(newcomers, record.via) : 'notify'
    const next = { ...record, alerts, startsAt, via }
    // The first one is what it opened with.
    const rest = isFirst ? joined.sort(gravestFirst).slice(1) : joined
    this.put(this.#changed(next, rest, []))
  }

  #changed(record: IncidentRecord, joined: MemberAlert[], left: MemberAlert[]): IncidentRecord {
    const { at } = this.#moment
    let { timeline, isReceding } = record
    if (left.length > 0) timeline = withEntry(timeline, at, 'left', `Over: ${namesOf(left.map(alertLine))}`)
    if (joined.length > 0) timeline = withEntry(timeline, at, 'joined', namesOf(joined.map(alertLine)))
    const worst = worstOf(Object.values(record.alerts))
    if (left.some(({ severity }) => severity === worst)) isReceding = true
    if (joined.length > 0) isReceding = false
    const told = [...this.#known.alerts.values()].filter(({ alert, isHeard }) => isHeard && alert.id in record.alerts)
    const via = record.told === null && told.length > 0 ? viaOf(told, record.via) : record.via
    return { ...record, timeline, isReceding, via }
  }

  #isOwn({ monitor, site }: { monitor: string; site: string }): boolean {
    const { origin } = this.#moment
    return monitor === origin.monitor && site === origin.site
  }

  /** What an alert is of: a target of this monitor by its key. */
  #subjectOf(of: { monitor: string; site: string }, { kind, target }: { kind: string; target: string }): string {
    return this.#isOwn(of) ? targetKey(kind, target) : JSON.stringify([of.monitor, of.site, kind, target])
  }

  #merge(id: string, into: string): void {
    const { at } = this.#moment
    const [younger, older] = [this.get(id), this.get(into)]
    const told = [older.told, younger.told].filter((one) => one !== null)
    this.put({
      ...older,
      alerts: { ...younger.alerts, ...older.alerts },
      via: told.length > 0 ? 'notify' : older.via,
      told:
        told.length === 0
          ? null
          : {
              at: Math.max(...told.map((one) => one.at)),
              severity: worstOf(told),
              location: older.told === null ? (younger.told?.location ?? null) : older.told.location,
            },
      diagnosis: older.diagnosis ?? younger.diagnosis,
    })
    const where = namesOf(Object.values(older.alerts).map(whereOf))
    const says = `It is a part of the incident of ${where}`
    const timeline = withEntry(younger.timeline, at, 'merged', says)
    this.put({ ...younger, status: 'ended', endsAt: at, mergedInto: into, timeline })
    this.reopened.delete(id)
  }

  #sayMerged(id: string, count: number): void {
    const record = this.get(id)
    const says =
      count === 1 ? 'Another incident is a part of this one' : `${count} other incidents are a part of this one`
    this.put({ ...record, timeline: withEntry(record.timeline, this.#moment.at, 'merged', says) })
  }
}

function oldestFirst(one: IncidentRecord, other: IncidentRecord): number {
  return one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1)
}
