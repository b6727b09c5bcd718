import type { Node, NodeAPI, NodeDef } from 'node-red'
import { KINDS } from '../kinds/kinds.ts'
import { Commands } from '../monitor/commands.ts'
import type { CreateWatch } from '../monitor/held-watch.ts'
import { unknownTarget } from '../monitor/origin.ts'
import type { MonitorState } from '../monitor/state.ts'
import { type WatchedTarget, WatchSet } from '../monitor/watch-set.ts'
import type { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Say } from '../observation/kind.ts'
import type { Kind, MeasurementsOf, MonitorEvent, Observation } from '../observation/observation.ts'
import { plainCopy } from '../observation/plain-copy.ts'
import { type Command, isQuestion, parseCommand } from '../targets/command.ts'
import { nameOf } from '../targets/parse-target.ts'
import { toRejection } from '../targets/rejection.ts'
import { textIn, variableFor } from './config.ts'
import { catchable } from './input.ts'
import { monitorState } from './monitor-states.ts'
import { type DialogValues, type OwnTargetRules, ownTarget } from './own-target.ts'
import { probeStatus } from './probe-status.ts'
import type { StatusLine } from './status.ts'
import { refuse } from './status.ts'

/** Targets of one node with which its status follows every one of them at once. */
const MOST_SHOWN_AT_ONCE = 50
/** Milliseconds between two statuses of a node with more. */
const SHOW_EVERY = 1000

/** What the runtime gives a probe node of its dialog. */
export type ProbeConfig = NodeDef & DialogValues

/** What a node of one kind does with its dialog. */
export interface ProbeKind<K extends Kind> {
  kind: K
  /** Settings of the node that every watch depends on: when they change, all begin anew. */
  context?(config: ProbeConfig): string
  /** How targets are watched in a monitor. A watch outlives the node, so it must not know it. */
  watches(state: MonitorState, config: ProbeConfig, RED: NodeAPI): CreateWatch<K, MeasurementsOf[K]>
  target: OwnTargetRules
}

export interface ProbeWatcherOptions<K extends Kind> {
  RED: NodeAPI
  node: Node<DialogValues>
  config: ProbeConfig
  monitorId: string
  line: StatusLine
  kind: ProbeKind<K>
  /** Told of every observation that is sent. */
  observed(observation: Observation<K, MeasurementsOf[K]>): void
}

/** What a probe node does in one monitor, from its start, or its move to that monitor, until `close`. */
export class ProbeWatcher<K extends Kind> {
  readonly state: MonitorState
  readonly #options: ProbeWatcherOptions<K>
  readonly #takeBack: () => void
  readonly #set: WatchSet<K, MeasurementsOf[K]>
  /** Why the target of the dialog is not watched. */
  #refusal: MonitorError | null = null
  /** The reason that was logged last. */
  #said: string | null = null
  /** By target: what of its state is shown. */
  readonly #shown = new Map<string, string>()
  #showing: NodeJS.Timeout | undefined
  readonly #showSoon = guarded(
    'status of a node',
    () => this.#showNow(),
    () => {
      this.#showing = undefined
    },
  )

  constructor(options: ProbeWatcherOptions<K>) {
    this.#options = options
    const { RED, node, config, kind, monitorId } = options
    this.state = monitorState(monitorId)
    this.#set = new WatchSet<K, MeasurementsOf[K]>({
      kind: kind.kind,
      owner: node.id,
      state: this.state,
      create: kind.watches(this.state, config, RED),
      listener: {
        observed: (observation) => this.#observed(observation),
        happened: (event) => this.#happened(event),
        failed: (error) => this.#failed(error),
        unconfirmed: (names) => this.#unconfirmed(names),
      },
      ...(kind.context && { context: kind.context(config) }),
    })
    this.#takeBack = this.state.part(Commands).offer((payload) => this.#takeFromElsewhere(payload))
    this.#watchOwn()
  }

  /** @throws MonitorError as `WatchSet.handle` */
  handle(command: Command): void {
    // Every node of a flow hears the commands for all kinds: thousands for others must cost it nothing.
    if (!isQuestion(command) && command.kind !== this.#options.kind.kind) return
    this.#set.handle(command)
    this.#showStatus()
  }

  /**
   * Measures now, out of turn: the named target, or every one that is watched.
   *
   * @returns the newest observation of each, in the order in which they are watched
   * @throws MonitorError `unknown-target`
   */
  async probeNow(name: string | null): Promise<Observation<K, MeasurementsOf[K]>[]> {
    const targets = name === null ? this.#set.list() : [this.watched(name)]
    const observed = await Promise.all(targets.map(({ watch }) => watch?.probeNow() ?? null))
    return observed.filter((observation) => observation !== null).map((observation) => plainCopy(observation))
  }

  /** @throws MonitorError `unknown-target` */
  watched(name: string): WatchedTarget<K, MeasurementsOf[K]> {
    const watched = this.#set.get(name)
    if (watched) return watched
    throw unknownTarget(
      this.#options.kind.kind,
      this.#set.list().map((known) => known.name),
    )
  }

  /** Whether the node watches a target of that name. */
  has(name: string): boolean {
    return this.#set.get(name) !== undefined
  }

  flowsStarting(): void {
    this.#set.flowsStarting()
  }

  flowsStarted(): void {
    this.#set.flowsStarted()
    // The node that had the name may have gone with a deploy that left this one alone.
    if (this.#refusal?.code === 'duplicate-target') this.#watchOwn()
    this.#showStatus()
  }

  redact(text: string): string {
    return this.state.secrets.redact(text)
  }

  async close(removed: boolean): Promise<void> {
    this.#takeBack()
    clearTimeout(this.#showing)
    this.state.refusedDialogs.delete(this.#options.node.id)
    if (!removed) return this.#set.park()
    await this.#set.end()
    this.state.secrets.removeOwner(this.#dialogOwner)
  }

  /** Word from a flow that is not wired to this node: only whether a target should be on the air. */
  #takeFromElsewhere(payload: unknown): boolean {
    const { action, kind, name } = (payload ?? {}) as Record<string, unknown>
    if (action !== 'expect' || kind !== this.#options.kind.kind || !this.has(String(name))) return false
    this.handle(parseCommand(payload))
    return true
  }

  /** Owner of the secrets of the dialog, apart from those of targets that came by message. */
  get #dialogOwner(): string {
    return `${this.#options.node.id}/dialog`
  }

  #watchOwn(): void {
    const { secrets } = this.state
    try {
      const { RED, kind, node, config } = this.#options
      const own = ownTarget(
        this.state.kinds[kind.kind],
        {
          ...{ id: node.id, values: config, credentials: node.credentials ?? {} },
          variable: (name) => variableFor(RED, node, name),
        },
        kind.target,
      )
      secrets.removeOwner(this.#dialogOwner)
      for (const [name, value] of own?.secrets ?? []) secrets.put(this.#dialogOwner, name, value)
      this.#refusal = null
      if (own) this.#set.watchOwn({ ...own.target, name: this.#nameOf(own.target) })
      this.#said = null
      this.state.refusedDialogs.delete(node.id)
    } catch (error) {
      this.#refuse(catchable(error, (text) => this.redact(text)))
    }
  }

  /** Where the dialog gives no name, the one after the address may be that of another target of the same server: it gets a number. */
  #nameOf({ name }: { name: string }): string {
    const { kind, node } = this.#options
    if (textIn(this.#options.config.name) !== '') return name
    const isFree = (candidate: string) => (this.state.directory.get(kind.kind, candidate)?.owner ?? node.id) === node.id
    let free = name
    for (let number = 2; !isFree(free); number += 1) free = `${name} ${number}`
    return free
  }

  #refuse(refusal: MonitorError): void {
    this.#refusal = refusal
    const { type, name = '', id } = this.#options.node
    const { kind } = this.#options.kind
    const entry = `The node ${type.replace('hmonitor-', '')} "${name || id}"`
    this.state.refusedDialogs.set(id, toRejection(entry, refusal, { kind, name: nameOf({ name }) }))
    const key = refusal.code === 'duplicate-target' ? 'common.probe.double' : 'common.probe.refused'
    const { RED, node, line } = this.#options
    // It is tried again after a deploy of other nodes; the same reason is no news then.
    if (this.#said === refusal.message) line.show('red', 'ring', RED._(key))
    else refuse(node, line, RED._(key), refusal.message)
    this.#said = refusal.message
  }

  #observed(observation: Observation<K, MeasurementsOf[K]>): void {
    // A copy: what a flow does to the message must not reach what goes on being measured.
    this.#options.node.send([{ topic: observation.target, payload: plainCopy(observation) }, null, null])
    this.#options.observed(observation)
    const shown = `${observation.state} ${observation.error?.code}`
    if (this.#shown.size > 1 && this.#shown.get(observation.target) === shown) return
    this.#shown.set(observation.target, shown)
    this.#showStatus()
  }

  #happened(event: MonitorEvent): void {
    this.#options.node.send([null, { topic: event.target, payload: plainCopy(event) }, null])
  }

  #failed(error: unknown): void {
    const shown = catchable(error, (text) => this.redact(text))
    // With a message, because without one no Catch node would get it.
    this.#options.node.error(shown, {})
    this.#showStatus()
  }

  #unconfirmed(names: string[]): void {
    this.#options.node.warn(this.#options.RED._('common.probe.unconfirmed', { names: names.join(', ') }))
    this.#showStatus()
  }

  /** At once; of many targets once a second, because each time all of them are counted. */
  #showStatus(): void {
    if (this.#set.size <= MOST_SHOWN_AT_ONCE) this.#showNow()
    else this.#showing ??= setTimeout(this.#showSoon, SHOW_EVERY).unref()
  }

  #showNow(): void {
    clearTimeout(this.#showing)
    this.#showing = undefined
    const watched = this.#set.list()
    for (const name of this.#shown.keys()) if (!this.#set.get(name)) this.#shown.delete(name)
    if (this.#refusal) return
    const newest = watched.map(({ watch }) => watch?.newest ?? null)
    const { RED, kind, line } = this.#options
    const say: Say = (key, values) => RED._(key, values)
    const { fill, shape, text } = probeStatus(newest, KINDS[kind.kind].status, say)
    line.show(fill, shape, text)
  }
}
