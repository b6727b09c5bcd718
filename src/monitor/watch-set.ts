import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind } from '../observation/observation.ts'
import {
  type Command,
  type ExpectCommand,
  isQuestion,
  type KeepCommand,
  type WatchCommand,
} from '../targets/command.ts'
import { nameOf, parseTarget, sealTarget } from '../targets/parse-target.ts'
import { toRejection } from '../targets/rejection.ts'
import type { Target } from '../targets/target.ts'
import { MOST_TARGETS } from '../targets/target-kind.ts'
import type { WatchListener } from './delivery.ts'
import { keyOf, linksOf } from './directory.ts'
import { type CreateWatch, canonical, HeldWatch } from './held-watch.ts'
import { checkTaking, checkUnwatch, isUnconfirmed, type Origin, unknownTarget } from './origin.ts'
import type { MonitorState } from './state.ts'
import type { Watch } from './watch.ts'

/** Seconds within which a sender must confirm what it sent once, counted from when the flows have started. */
const CONFIRM_WITHIN = 10

export interface WatchSetListener<K extends Kind, M> extends WatchListener<K, M> {
  /** A target that had to wait could not be watched. */
  failed(error: unknown): void
  /** Nobody confirmed these after a deploy: they are not watched any more. */
  unconfirmed(names: string[]): void
}

export interface WatchSetOptions<K extends Kind, M> {
  kind: K
  /** The id of the node. */
  owner: string
  state: MonitorState
  create: CreateWatch<K, M>
  listener: WatchSetListener<K, M>
  /** Settings of the node that every watch depends on: when they change, all begin anew. */
  context?: string
}

/** A target that is watched, or waits for the watch before it to end: then `watch` is null. */
export interface WatchedTarget<K extends Kind, M> {
  readonly name: string
  readonly target: Target<K>
  readonly watch: Watch<K, M> | null
}

/**
 * What a probe node watches: the target of its dialog and any number by message. It is made when the node is, and takes
 * over what the node's predecessor parked. Outputs begin with the first `flowsStarted`, when there are nodes to take
 * them.
 */
export class WatchSet<K extends Kind, M> {
  readonly #options: WatchSetOptions<K, M>
  readonly #held = new Map<string, HeldWatch<K, M>>()
  /** Held by dialog before the deploy, and not asked for since. */
  readonly #unclaimed = new Set<string>()
  #postponed: Target<K> | null = null
  #listening = false
  #closed = false
  #confirming: NodeJS.Timeout | undefined
  /** Monotonic seconds: what was sent before must be confirmed. */
  #confirmedSince: number

  constructor(options: WatchSetOptions<K, M>) {
    this.#options = options
    const { kind, owner, state } = options
    this.#confirmedSince = state.clock.monotonic()
    for (const parked of state.parking.takeAllOf(kind, owner)) {
      // What a set of this kind parks in this monitor is held by the same class.
      this.#adopt(parked as HeldWatch<K, M>)
    }
  }

  list(): WatchedTarget<K, M>[] {
    return [...this.#held.values()]
  }

  get size(): number {
    return this.#held.size
  }

  get(name: string): WatchedTarget<K, M> | undefined {
    return this.#held.get(name)
  }

  /**
   * Takes a *watch*, *unwatch*, *keep* or *expect*. One for another kind is passed over, and so is what the node
   * itself answers.
   *
   * @throws MonitorError `duplicate-target`, `unknown-target`, `invalid-message`, and the codes of `parseTarget`
   */
  handle(command: Command): void {
    if (this.#closed || isQuestion(command) || command.kind !== this.#options.kind) return
    if (command.action === 'watch') this.#handleWatch(command)
    else if (command.action === 'unwatch') this.#handleUnwatch(command.name)
    else if (command.action === 'keep') this.#handleKeep(command)
    else this.#handleExpect(command)
  }

  /**
   * Watches the target of the node's dialog. Called while the nodes of a deploy are made.
   *
   * @throws MonitorError `duplicate-target`
   */
  watchOwn(target: Target<K>): void {
    const { kind, state } = this.#options
    if (!this.#listening && state.parking.has(kind, target.name)) {
      // The node that parked it may still come back in this deploy; if it does not, the name is free then.
      this.#postponed = target
      return
    }
    this.#unclaimed.delete(target.name)
    this.#want(target, { from: 'dialog' })
  }

  /**
   * To be called when a deploy that leaves the node alone begins to make the others: what senders sent before, they
   * have to confirm. A node that is made in the deploy need not be told.
   */
  flowsStarting(): void {
    this.#confirmedSince = this.#options.state.clock.monotonic()
  }

  /** To be called at every start of flows: outputs begin, and senders have `CONFIRM_WITHIN` from now. */
  flowsStarted(): void {
    if (this.#closed) return
    for (const name of this.#unclaimed) this.#remove(this.#held.get(name))
    this.#unclaimed.clear()
    this.#listen()
    this.#watchPostponed()
    clearTimeout(this.#confirming)
    this.#confirming = setTimeout(
      guarded('unconfirmed watches', () => this.#endUnconfirmed()),
      CONFIRM_WITHIN * 1000,
    )
  }

  /** The node closes and will be made again: everything goes on, unheard, until its successor adopts it. */
  park(): void {
    this.#close()
    for (const held of this.#held.values()) {
      held.detach()
      this.#options.state.parking.park(held)
    }
    this.#held.clear()
  }

  /** The node is removed: everything ends. Resolves when it has. */
  async end(): Promise<void> {
    this.#close()
    const { kind, state } = this.#options
    const all = [...this.#held.values()]
    for (const held of all) this.#remove(held)
    await Promise.all(all.map(({ name }) => state.parking.ending(kind, name)))
  }

  #close(): void {
    this.#closed = true
    this.#postponed = null
    clearTimeout(this.#confirming)
  }

  #handleWatch({ owner, target }: WatchCommand): void {
    const { kind, state } = this.#options
    if (owner === undefined) {
      this.#want(parseTarget(state.kinds[kind], target), { from: 'message', sender: null })
      return
    }
    const name = nameOf(target)
    try {
      this.#want(parseTarget(state.kinds[kind], target), { from: 'message', sender: owner })
      if (name !== null) state.refusedEntries.delete(keyOf(kind, name))
    } catch (error) {
      // Whoever sent it goes on believing that it is watched.
      if (name !== null) {
        const rejection = toRejection(`${kind} "${name}"`, error, { kind, name })
        state.refusedEntries.set(keyOf(kind, name), { owner, rejection })
      }
      throw error
    }
  }

  #handleUnwatch(name: string): void {
    const held = this.#known(name)
    checkUnwatch(held)
    this.#remove(held)
  }

  #handleKeep({ owner, names }: KeepCommand): void {
    const kept = new Set(names)
    for (const [key, { owner: sender, rejection }] of this.#options.state.refusedEntries) {
      const isOwn = sender === owner && rejection.kind === this.#options.kind
      if (isOwn && !kept.has(rejection.name ?? '')) this.#options.state.refusedEntries.delete(key)
    }
    for (const held of [...this.#held.values()]) {
      if (held.origin.from !== 'message' || held.origin.sender !== owner) continue
      if (kept.has(held.name)) held.confirmed = this.#options.state.clock.monotonic()
      else this.#remove(held)
    }
  }

  #handleExpect({ name, expected, until }: ExpectCommand): void {
    this.#known(name).expect(until === undefined ? { expected } : { expected, until })
  }

  #known(name: string): HeldWatch<K, M> {
    const held = this.#held.get(name)
    if (held === undefined) throw unknownTarget(this.#options.kind, [...this.#held.keys()])
    return held
  }

  #want(written: Target<K>, origin: Origin): void {
    const { kind, owner, state } = this.#options
    const { target, secrets } = sealTarget(owner, written, state.secrets)
    const known = this.#held.get(target.name) ?? null
    if (known === null && this.#held.size >= MOST_TARGETS) {
      const message = `This node watches ${MOST_TARGETS} targets, which is the most; "${target.name}" is not watched. Split them over several monitors`
      throw new MonitorError('too-many-targets', message)
    }
    if (known) checkTaking(known, origin, this.#unclaimed.has(known.name), this.#confirmedSince)
    else state.parking.endOne(kind, target.name)
    const settings = this.#settingsOf(target)
    if (known?.settings === settings) known.confirm(origin, secrets)
    else {
      state.directory.enter(kind, target.name, owner, target.interval, linksOf(target))
      this.#hold(new HeldWatch<K, M>(state, { kind, target, settings, origin, owner, secrets }, known))
    }
    this.#unclaimed.delete(target.name)
  }

  /** Goes on with a parked watch; begins anew where a setting of the node itself has changed. */
  #adopt(held: HeldWatch<K, M>): void {
    if (held.origin.from === 'dialog') this.#unclaimed.add(held.name)
    const settings = this.#settingsOf(held.target)
    const next = held.settings === settings ? held : held.successor(settings)
    this.#try(() => this.#hold(next))
  }

  #hold(held: HeldWatch<K, M>): void {
    const { create, listener } = this.#options
    this.#held.set(held.name, held)
    if (this.#listening) held.attach(listener)
    const failed = (error: unknown) => {
      this.#remove(held)
      listener.failed(error)
    }
    try {
      held.begin(create, failed)
    } catch (error) {
      this.#remove(held)
      throw error
    }
  }

  #remove(held: HeldWatch<K, M> | undefined): void {
    if (held === undefined || this.#held.get(held.name) !== held) return
    this.#held.delete(held.name)
    held.end()
  }

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    for (const held of this.#held.values()) held.attach(this.#options.listener)
  }

  #watchPostponed(): void {
    const target = this.#postponed
    this.#postponed = null
    if (target) this.#try(() => this.watchOwn(target))
  }

  #endUnconfirmed(): void {
    const unconfirmed = [...this.#held.values()].filter((held) => isUnconfirmed(held, this.#confirmedSince))
    for (const held of unconfirmed) this.#remove(held)
    if (unconfirmed.length > 0) this.#options.listener.unconfirmed(unconfirmed.map(({ name }) => name))
  }

  #try(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.listener.failed(error)
    }
  }

  #settingsOf(target: Target<K>): string {
    return canonical([this.#options.context ?? null, target])
  }
}
