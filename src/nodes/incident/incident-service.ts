import type { Node, NodeAPI } from 'node-red'
import { notWritable } from '../../alerts/delivery.ts'
import { IncidentExchange } from '../../cluster/incident-exchange.ts'
import { incidentEntry } from '../../history/entries.ts'
import { type IncidentCommand, parseIncidentCommand } from '../../incidents/command.ts'
import { Incidents } from '../../incidents/incidents.ts'
import { Kinship } from '../../incidents/kinship.ts'
import { REPEAT_AFTER } from '../../incidents/timing.ts'
import { Commands } from '../../monitor/commands.ts'
import type { DirectoryEntry } from '../../monitor/directory.ts'
import { isStale } from '../../monitor/newest.ts'
import type { Relations } from '../../monitor/relations.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { numberIn } from '../../node-red/config.ts'
import { dataFile } from '../../node-red/data-file.ts'
import { EverySecond, showGravest } from '../../node-red/duty.ts'
import type { StatusLine } from '../../node-red/status.ts'
import type { Alert } from '../../observation/alert.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { Incident, IncidentEvent } from '../../observation/incident.ts'
import { guarded } from '../../observation/internal-errors.ts'

/** What the dialog saves. */
export interface IncidentFields {
  monitor?: unknown
  /** Hours; 0: never. */
  repeatAfter?: unknown
}

/** Milliseconds after the first of several alerts: two hundred that come at once are one look. */
const SOON = 20

/** What is gone with a damaged book. */
const BOOK = 'which incidents there were, and what was said of them before this start'

/** Everything that lives and ends with one `incident` node. */
export class IncidentService {
  readonly incidents: Incidents
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #line: StatusLine
  readonly #state: MonitorState
  readonly #takeBack: (() => void)[]
  readonly #exchange: IncidentExchange
  #kinship: { relations: Relations<DirectoryEntry>; kinship: Kinship } | null = null
  readonly #ticking = new EverySecond('incident tick', () => this.#tick())
  #soon: NodeJS.Timeout | undefined
  #isStarted = false

  constructor(RED: NodeAPI, node: Node, line: StatusLine, config: IncidentFields, state: MonitorState) {
    this.#RED = RED
    this.#node = node
    this.#line = line
    this.#state = state
    const { problemLog, clock } = state
    const file = dataFile(RED, 'incidents', node.id, (damaged) => state.remembered.lose(damaged, BOOK))
    this.incidents = new Incidents({
      file,
      book: state.incidents.take(node.id),
      origin: () => ({ monitor: state.name || state.id, site: state.site }),
      timezone: () => state.timezone,
      firing: () => problemLog.alerts,
      foreign: () => problemLog.foreign,
      told: () => problemLog.told,
      ends: () => problemLog.ends,
      comesByMessage: () => problemLog.isToldByMessage,
      kinship: () => this.#kinshipNow(),
      isDown: (key) => this.#isDown(key),
      repeatAfter: (numberIn(config.repeatAfter) ?? REPEAT_AFTER / 3_600_000) * 3_600_000,
      clock,
      send: (incident) => this.#send(incident),
      note: (event) => this.#note(event),
      passOn: (command, alerts) => this.#passOn(command, alerts),
      across: (id, openedAt) => this.#exchange.of(id, Math.max(0, clock.wall() - openedAt) / 1000),
      counters: state.metrics,
    })
    this.#exchange = new IncidentExchange(
      state,
      () => this.incidents.open,
      () => this.#soonTick(),
    )
    const problems = () => (file.problem === null ? [] : [notWritable(file.problem, 'Incidents')])
    this.#takeBack = [
      state.part(Commands).offer((payload) => this.#takeFromElsewhere(payload)),
      problemLog.show(node.id, { problems }),
      state.incidents.show(node.id, this.incidents),
    ]
  }

  /** The flows run: what is sent is heard. May be called again. */
  start(): void {
    if (!this.#ticking.start()) return
    this.#isStarted = true
    this.incidents.start()
    this.#show()
  }

  hear(alert: Alert): void {
    this.incidents.hear(alert)
    this.#soonTick()
  }

  #soonTick(): void {
    if (!this.#isStarted) return
    this.#soon ??= setTimeout(
      guarded('incident tick', () => this.#tick()),
      SOON,
    )
  }

  close(removed: boolean): void {
    this.#isStarted = false
    this.#ticking.stop()
    this.#exchange.close()
    clearTimeout(this.#soon)
    for (const takeBack of this.#takeBack) takeBack()
    if (!removed) this.#state.incidents.leave(this.#node.id, this.incidents.book)
  }

  #tick(): void {
    clearTimeout(this.#soon)
    this.#soon = undefined
    this.incidents.tick()
    this.#exchange.tick()
    this.#show()
  }

  /** Made anew when what is watched has changed. */
  #kinshipNow(): Kinship {
    const { directory } = this.#state
    const { relations } = directory
    if (this.#kinship?.relations !== relations) {
      this.#kinship = { relations, kinship: new Kinship(directory.list(), relations.needs) }
    }
    return this.#kinship.kinship
  }

  #isDown(key: string): boolean {
    const { directory, newest, clock } = this.#state
    const [kind, name] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]
    const entry = directory.relations.needs.get(kind, name)
    const arrival = entry === undefined ? undefined : newest.get(entry.kind, entry.name)
    if (entry === undefined || arrival === undefined || isStale(entry, arrival, clock.monotonic())) return false
    return arrival.observation.state === 'down'
  }

  /** Word from a flow that is not wired to this node, about an incident that is known here. */
  #takeFromElsewhere(payload: unknown): boolean {
    const command = parseIncidentCommand(payload, this.#state.clock.wall())
    if (command === null || !this.incidents.has(command.id)) return false
    this.incidents.command(command)
    return true
  }

  /** What is said of an incident is said of its alerts. One that is over has nothing to be told. */
  #passOn(command: IncidentCommand, alerts: readonly string[]): void {
    const commands = this.#state.part(Commands)
    for (const id of alerts) {
      try {
        commands.give(
          command.action === 'silence' ? { ...command, id } : { action: command.action, by: command.by, id },
        )
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error
      }
    }
  }

  #send(incident: Incident): void {
    this.#state.history.add(incidentEntry(incident))
    this.#node.send([{ topic: incident.id, payload: incident }, null])
  }

  #note(event: IncidentEvent): void {
    this.#node.send([null, { topic: event.event, payload: event }])
  }

  #show(): void {
    showGravest(this.#RED, this.#line, this.incidents.open, 'dot')
  }
}
