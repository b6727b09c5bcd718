import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Across, ALONE } from '../../src/incidents/across.ts'
import type { IncidentRecord } from '../../src/incidents/book.ts'
import type { IncidentCommand } from '../../src/incidents/command.ts'
import { Incidents } from '../../src/incidents/incidents.ts'
import { Kinship, type LinkedTarget } from '../../src/incidents/kinship.ts'
import { Relations } from '../../src/monitor/relations.ts'
import { type Alert, type AlertChange, type AlertEnd, alertId, alertName } from '../../src/observation/alert.ts'
import type { Confidence, Diagnosis, Location } from '../../src/observation/diagnosis.ts'
import type { Incident, IncidentEvent } from '../../src/observation/incident.ts'
import { type DamagedFile, JsonFile } from '../../src/storage/json-file.ts'

export const START = Date.parse('2026-03-01T10:00:00.000Z')
export const ORIGIN = { monitor: 'hall', site: 'main-hall' }
const iso = (at: number) => new Date(at).toISOString()

export function diagnosis(
  location: Location,
  confidence: Confidence = 'certain',
  cause = `${location}Fault`,
): Diagnosis {
  return {
    ...{ location, cause, confidence, probability: 0.95, says: `The ${location} is at fault` },
    ...{ evidenceFor: ['it is plain'], evidenceAgainst: [], wouldDecide: null, remedy: [`Look at the ${location}.`] },
  }
}

export const target = (kind: string, name: string, links: Partial<LinkedTarget['links']> = {}): LinkedTarget => ({
  kind,
  name,
  links: { dependsOn: [], platform: null, host: null, ...links },
})

export interface Firing {
  severity?: 'critical' | 'warning'
  /** Whether people are told of it: else it is muted or waits. */
  isTold?: boolean
  diagnosis?: Diagnosis
  labels?: Record<string, string>
  via?: 'notify' | 'alertmanager'
  supersedes?: string[]
  since?: number
}

export function kinshipOf(targets: readonly LinkedTarget[]): Kinship {
  return new Kinship(targets, new Relations(targets).needs)
}

/** A monitor whose alerts a test makes, with a clock that the test turns. */
export class World {
  at = START
  /** Seconds that have passed; `at` alone is changed where somebody sets the clock. */
  passed = 0
  targets: LinkedTarget[] = []
  comesByMessage = true
  down = new Set<string>()
  told = new Set<string>()
  foreign = new Set<string>()
  across: (id: string) => Across = () => ALONE
  readonly sent: Incident[] = []
  readonly events: IncidentEvent[] = []
  readonly passedOn: { command: IncidentCommand; alerts: readonly string[] }[] = []
  readonly ended: string[] = []
  readonly damaged: DamagedFile[] = []
  incidents: Incidents
  readonly path: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'incidents-'))
  readonly #firing = new Map<string, Alert>()
  readonly #ends = new Map<string, { at: number; by: AlertEnd }>()

  constructor() {
    this.path = join(this.#folder, 'incidents', 'node.json')
    this.incidents = this.#made()
    this.incidents.start()
    // What people knew before is taken up with the first look.
    this.incidents.tick()
  }

  end(): void {
    rmSync(this.#folder, { recursive: true })
  }

  /** An alert begins to fire; where people are told, it comes by message. @returns its id */
  fire(kind: string, name: string, type: string, firing: Firing = {}): string {
    const {
      severity = 'critical',
      isTold = true,
      labels = {},
      via = 'notify',
      supersedes = [],
      since = this.at,
    } = firing
    const alertname = alertName(type)
    const identity = { alertname, severity, kind, target: name, ...ORIGIN }
    const alert: Alert = {
      ...identity,
      id: alertId(identity),
      ...{ status: 'firing', change: 'firing', startsAt: iso(since), time: iso(this.at), labels, via, effects: [] },
      issue: {
        type,
        severity: 'error',
        since: iso(since),
        summary: `${type} of ${name}`,
        remedy: [`Look at ${name}.`],
      },
      ...(firing.diagnosis !== undefined && { diagnosis: firing.diagnosis }),
      ...(supersedes.length > 0 && { supersedes }),
    }
    this.#firing.set(alert.id, alert)
    if (isTold && this.comesByMessage) this.incidents.hear(alert)
    if (isTold) this.told.add(alert.id)
    return alert.id
  }

  /** What is said of it changes: its diagnosis, who takes care of it. */
  say(id: string, said: Partial<Alert>, change?: AlertChange): void {
    const alert = this.#firing.get(id)
    if (alert === undefined) throw new Error(`${id} does not fire`)
    this.#firing.set(id, { ...alert, ...said })
    if (change !== undefined) this.incidents.hear({ ...alert, ...said, change, time: iso(this.at) })
  }

  clear(id: string, endedBy: AlertEnd = 'cleared'): void {
    const alert = this.#firing.get(id)
    this.#firing.delete(id)
    this.#ends.set(id, { at: this.at, by: endedBy })
    if (alert === undefined || !this.told.has(id) || !this.comesByMessage) return
    this.incidents.hear({ ...alert, status: 'resolved', change: 'resolved', endsAt: iso(this.at), endedBy })
  }

  clearAll(): void {
    for (const id of [...this.#firing.keys()]) this.clear(id)
  }

  tick(): void {
    this.incidents.tick()
  }

  pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.at += 1000
      this.passed += 1
      this.tick()
    }
  }

  /** Hours pass in which nobody looks. */
  sleep(hours: number): void {
    this.at += hours * 3_600_000
    this.passed += hours * 3600
    this.tick()
  }

  /** The process is killed, and another one reads what is on disk. */
  restart(): void {
    this.incidents = this.#made()
    this.incidents.start()
  }

  /** `change of its worst members`, of what people are told. */
  get toldPeople(): string[] {
    const news = ['opened', 'changed', 'repeated', 'ended']
    return this.sent
      .filter(({ change, via }) => news.includes(change) && via === 'notify')
      .map(({ change, because }) => [change, because].filter((part) => part !== undefined).join(' '))
  }

  get open(): Incident[] {
    return this.incidents.open
  }

  get record(): IncidentRecord {
    const [record] = Object.values(this.incidents.book.records)
    if (record === undefined) throw new Error('There is no incident')
    return record
  }

  #made(): Incidents {
    return new Incidents({
      file: new JsonFile(this.path, (file) => this.damaged.push(file)),
      book: null,
      origin: () => ORIGIN,
      timezone: () => 'UTC',
      firing: () => [...this.#firing.values()],
      ends: () => this.#ends,
      foreign: () => this.foreign,
      told: () => this.told,
      comesByMessage: () => this.comesByMessage,
      kinship: () => kinshipOf(this.targets),
      isDown: (key) => this.down.has(key),
      repeatAfter: 4 * 3_600_000,
      clock: { wall: () => this.at, monotonic: () => this.passed },
      send: (incident) => this.sent.push(incident),
      note: (event) => this.events.push(event),
      across: (id) => this.across(id),
      passOn: (command, alerts) => this.passedOn.push({ command, alerts }),
      counters: { count: (_counter, labels) => this.ended.push(Object.values(labels).join(' ')) },
    })
  }
}
