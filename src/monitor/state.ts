import type { AlertBook } from '../alerts/book.ts'
import type { RecentEnd } from '../alerts/recent-ends.ts'
import { Baselines } from '../baselines/baselines.ts'
import type { KeptKind } from '../history/measures.ts'
import { Recorder } from '../history/recorder.ts'
import type { MeasuredKind } from '../metrics/definition.ts'
import { MetricsRegistry } from '../metrics/registry.ts'
import { EventTimes } from '../objectives/event-times.ts'
import type { Alert, AlertProblem } from '../observation/alert.ts'
import { type Clock, type Instant, now, systemClock } from '../observation/clock.ts'
import { kindsOf } from '../observation/kind.ts'
import type { Language } from '../observation/language.ts'
import { machineTimezone } from '../observation/local-time.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import { SecretStore } from '../secrets/secrets.ts'
import type { ShippingState } from '../shipping/metrics.ts'
import { newTargetsMemory, type TargetsMemory } from '../targets/memory.ts'
import type { Rejection, RejectionEffect } from '../targets/rejection.ts'
import type { ClusterShard, Shard } from '../targets/shard.ts'
import type { SharedFile } from '../targets/share.ts'
import type { TargetKind } from '../targets/target-kind.ts'
import { Directory, type DirectoryEntry } from './directory.ts'
import type { EventFollower } from './expectation.ts'
import { IncidentLog } from './incident-log.ts'
import { isStale, Newest, staleAfter } from './newest.ts'
import { ObserverNetwork } from './observer-network.ts'
import { registerOwnMetrics } from './own-metrics.ts'
import { Parking } from './parking.ts'
import { countNotWatched, notTaken, type RefusedEntry, unknownLinks } from './rejections.ts'
import { Remembered } from './remembered.ts'
import { type ClusterFigures, registerShardMetrics } from './shard-metrics.ts'

/** What a monitor knows of the kinds of targets. */
export type MonitorKinds = { readonly [K in Kind]: TargetKind<K> & MeasuredKind<K> & KeptKind<K> }

/** Everything that one monitor knows. It outlives the nodes, so that a deploy disturbs nothing. */
export class MonitorState {
  readonly id: string
  readonly kinds: MonitorKinds
  /** As its config node says. */
  name = ''
  site = ''
  /** IANA name: that of the site, in which people are told times. */
  timezone = machineTimezone()
  /** In which people are written to, and reports are. */
  language: Language = 'en'
  /** Of several monitors that share their targets; null: this one watches all of them. Set by `joinCluster`. */
  shard: ClusterShard | null = null
  readonly clock: Clock
  readonly startedAt: Instant
  readonly directory: Directory
  readonly newest: Newest
  readonly baselines: Baselines
  readonly eventTimes = new EventTimes()
  readonly network: ObserverNetwork
  readonly secrets = new SecretStore()
  readonly metrics: MetricsRegistry
  /** What was; on disk once somebody has opened it. */
  readonly history: Recorder
  readonly parking = new Parking()
  readonly problemLog = new ProblemLog()
  readonly incidents = new IncidentLog()
  readonly remembered = new Remembered()
  /** By kind and name: entries of `targets` nodes that a probe node refused. */
  readonly refusedEntries = new Map<string, RefusedEntry>()
  /** By node id: the targets of dialogs that are not watched. */
  readonly refusedDialogs = new Map<string, Rejection>()
  /** Streams that hear of the end of their event. */
  readonly followers = new Set<EventFollower>()
  readonly #memories = new Map<string, TargetsMemory>()
  readonly #shared = new Map<Kind, unknown>()
  readonly #parts = new Map<unknown, object>()

  constructor(id: string, kinds: MonitorKinds, clock: Clock = systemClock) {
    this.id = id
    this.kinds = kinds
    this.clock = clock
    this.startedAt = now(clock)
    this.directory = new Directory(clock)
    this.newest = new Newest(this.directory, clock)
    this.baselines = new Baselines(
      kinds,
      clock,
      (kind, name) => this.directory.get(kind, name)?.links.isEndless ?? false,
    )
    this.newest.onPut((observation) => this.baselines.observe(observation))
    this.newest.onPut((observation) => this.#countEvent(observation))
    this.network = new ObserverNetwork(this.directory, this.newest, clock)
    this.metrics = new MetricsRegistry(kinds)
    registerOwnMetrics(this.metrics, {
      kinds: kindsOf(kinds),
      targets: (kind) => this.directory.list(kind).length,
      stale: (kind) => this.#countStale(kind),
      rejected: () => this.#countRejected(),
      oldestWaiting: () => this.problemLog.oldestWaiting,
      openIncidents: () => this.incidents.judged,
      shipping: () => this.problemLog.shipping,
    })
    this.directory.onLeft(({ kind, name }) => {
      this.metrics.forget(kind, name)
      if (kind === 'stream') this.eventTimes.forget(name)
    })
    this.history = new Recorder({
      ...{ monitor: id, kinds, clock },
      onObservation: (listener) => this.newest.onPut(listener),
      onLeft: (listener) => this.directory.onLeft(({ kind, name }) => listener({ kind, target: name })),
      holds: ({ kind, target }) => staleAfter(this.directory.get(kind, target) ?? { interval: 1 }),
      redact: (text) => this.secrets.redact(text),
    })
  }

  /** Makes this monitor one shard of several. Each has a name of its own, and all have that of the cluster. */
  joinCluster(shard: Shard, cluster: string): void {
    if (this.shard === null) registerShardMetrics(this.metrics, () => this.#inCluster())
    this.shard = { ...shard, cluster }
    this.name = `${cluster}-${shard.index}`
  }

  /** Of each `targets` node that has read what several monitors share. */
  get sharedFiles(): SharedFile[] {
    return [...this.#memories.values()].flatMap(({ sharedFile }) => sharedFile ?? [])
  }

  #inCluster(): ClusterFigures | null {
    return this.shard === null ? null : { ...this.shard, files: this.sharedFiles }
  }

  /** What the watches of a kind share in this monitor; made when it is first asked for, and always by the same. */
  shared<T>(kind: Kind, make: () => T): T {
    if (!this.#shared.has(kind)) this.#shared.set(kind, make())
    return this.#shared.get(kind) as T
  }

  #countEvent(observation: Observation): void {
    const entry = this.directory.get(observation.kind, observation.target)
    if (entry !== undefined) this.eventTimes.observe(observation, this.clock.monotonic(), staleAfter(entry))
  }

  #countStale(kind: Kind): number {
    const { monotonic } = now(this.clock)
    const isOld = (entry: DirectoryEntry) => isStale(entry, this.newest.get(entry.kind, entry.name), monotonic)
    return this.directory.list(kind).filter(isOld).length
  }

  #countRejected(): Record<RejectionEffect, number> {
    const { rejections } = this
    const count = (effect: RejectionEffect) => rejections.filter((rejection) => rejection.effect === effect).length
    return {
      'not-watched': countNotWatched(rejections),
      'watched-as-before': count('watched-as-before'),
      ignored: count('ignored'),
    }
  }

  /** What a room above keeps for this monitor: one of each class, made when it is first asked for. */
  part<T extends object>(Part: new (state: MonitorState) => T): T {
    const known = this.#parts.get(Part)
    if (known instanceof Part) return known
    const part = new Part(this)
    this.#parts.set(Part, part)
    return part
  }

  /** What a `targets` node knows from before a deploy. */
  targetsMemory(owner: string): TargetsMemory {
    const memory = this.#memories.get(owner) ?? newTargetsMemory()
    this.#memories.set(owner, memory)
    return memory
  }

  /** For when a `targets` node is removed: its secrets go with what it remembered. */
  forgetTargets(owner: string): void {
    this.#memories.delete(owner)
    for (const [key, refused] of this.refusedEntries) if (refused.owner === owner) this.refusedEntries.delete(key)
    this.secrets.removeOwner(owner)
  }

  /**
   * What is said to be watched and is not, or not as it is written, without secrets: what `targets` nodes and dialogs
   * could not take, what no probe node took, and names of other targets that are none.
   */
  get rejections(): Rejection[] {
    const memories = [...this.#memories.values()]
    const own = [...memories.flatMap(({ rejected }) => rejected), ...this.refusedDialogs.values()]
    const faults = {
      sent: memories.flatMap(({ sent }) => sent ?? []),
      refused: this.refusedEntries,
      directory: this.directory,
      rejected: new Set(own.flatMap(({ name, effect }) => (effect === 'not-watched' && name !== null ? [name] : []))),
      at: now(this.clock).monotonic,
    }
    return [...own, ...notTaken(faults), ...unknownLinks(faults)]
  }

  /** Ends everything that no node holds, now and later. */
  end(): Promise<void> {
    return this.parking.close()
  }
}

/** What one node says of itself whenever it is asked. */
export interface Notice {
  alerts?(): readonly Alert[]
  /** Ids of those of which people were told, or will be by Prometheus as soon as it has found them. */
  told?(): ReadonlySet<string>
  /** Ids of those that came by webhook, of which somebody else tells people. */
  foreign?(): ReadonlySet<string>
  /** When and why alerts have just ended, by id. */
  ends?(): ReadonlyMap<string, RecentEnd>
  /** Whether people are told of what is new by message, and not by Prometheus. */
  tellsByMessage?(): boolean
  problems?(): readonly AlertProblem[]
  /** Milliseconds since the epoch; null where nothing waits. */
  oldestWaiting?(): number | null
  /** Of a `log` node that ships. */
  shipping?(): ShippingState
}

/**
 * What the `alert`, `notify` and `log` nodes of one monitor say of themselves, for `/health`, `/metrics` and the status,
 * and what an `alert` node leaves to the one that takes its place in a deploy. By node id.
 */
class ProblemLog {
  readonly #notices = new Map<string, Notice>()
  readonly #books = new Map<string, AlertBook>()

  /** @returns the way to take it down */
  show(owner: string, notice: Notice): () => void {
    this.#notices.set(owner, notice)
    return () => {
      if (this.#notices.get(owner) === notice) this.#notices.delete(owner)
    }
  }

  /** What fires now. */
  get alerts(): Alert[] {
    return [...this.#notices.values()].flatMap((notice) => notice.alerts?.() ?? [])
  }

  /** Ids of those of which people were told, or will be by Prometheus. */
  get told(): ReadonlySet<string> {
    return new Set([...this.#notices.values()].flatMap((notice) => [...(notice.told?.() ?? [])]))
  }

  /** Ids of those that came by webhook, of which somebody else tells people. */
  get foreign(): ReadonlySet<string> {
    return new Set([...this.#notices.values()].flatMap((notice) => [...(notice.foreign?.() ?? [])]))
  }

  /** When and why alerts have just ended, by id. */
  get ends(): ReadonlyMap<string, RecentEnd> {
    return new Map([...this.#notices.values()].flatMap((notice) => [...(notice.ends?.() ?? [])]))
  }

  /** Whether people are told of what is new by message, by every `alert` node that there is. */
  get isToldByMessage(): boolean {
    return [...this.#notices.values()].every((notice) => notice.tellsByMessage?.() ?? true)
  }

  /** Each once: two nodes may share what is wrong, such as a file. */
  get problems(): AlertProblem[] {
    const all = [...this.#notices.values()].flatMap((notice) => notice.problems?.() ?? [])
    return [...new Map(all.map((problem) => [problem.message, problem])).values()]
  }

  /** When the oldest alert that no receiver has taken yet was put into an outbox; null where none waits. */
  get oldestWaiting(): number | null {
    const times = [...this.#notices.values()].flatMap((notice) => notice.oldestWaiting?.() ?? [])
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Of each `log` node that ships what it writes. */
  get shipping(): ShippingState[] {
    return [...this.#notices.values()].flatMap((notice) => notice.shipping?.() ?? [])
  }

  /** For a node that closes and will be made again. */
  leave(owner: string, book: AlertBook): void {
    this.#books.set(owner, book)
  }

  /** What the node before left; null where there was none. */
  take(owner: string): AlertBook | null {
    const book = this.#books.get(owner) ?? null
    this.#books.delete(owner)
    return book
  }
}
