import { eventEntry } from '../history/entries.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind } from '../observation/observation.ts'
import type { Secret } from '../secrets/seal.ts'
import type { Target } from '../targets/target.ts'
import type { WatchListener } from './delivery.ts'
import { followEvents } from './event-end.ts'
import type { ExpectMessage } from './expectation.ts'
import type { Origin } from './origin.ts'
import type { Parked } from './parking.ts'
import type { MonitorState } from './state.ts'
import type { Watch } from './watch.ts'

/**
 * Makes the watch of a target.
 *
 * @param settings canonical text of the target
 * @param before the watch of the same target that has just been stopped because its settings changed: totals and
 *   expectation go on from there
 */
export type CreateWatch<K extends Kind, M> = (
  target: Target<K>,
  settings: string,
  before: Watch<K, M> | null,
) => Watch<K, M>

export interface Wanted<K extends Kind> {
  kind: K
  target: Target<K>
  settings: string
  origin: Origin
  /** The id of the node that holds it. */
  owner: string
  /** What was taken out of the target's URL. */
  secrets: readonly Secret[]
}

/** One wanted target and its watch, which starts as soon as the watch before it has ended. It survives its node. */
export class HeldWatch<K extends Kind, M> implements Parked {
  readonly kind: K
  readonly name: string
  readonly target: Target<K>
  readonly settings: string
  readonly owner: string
  origin: Origin
  /** When its sender asked for it last. Monotonic seconds. */
  confirmed: number
  readonly #state: MonitorState
  #secrets: readonly Secret[] = []
  #watch: Watch<K, M> | null = null
  #before: Watch<K, M> | null = null
  /** What was asked for before there was a watch. */
  #early: ExpectMessage | null = null
  #listener: WatchListener<K, M> | null = null
  #over = false
  #turn = 0
  #stopFollowing: () => void = () => {}

  /** @param older what this one takes the place of; it is stopped here */
  constructor(state: MonitorState, wanted: Wanted<K>, older: HeldWatch<K, M> | null) {
    this.#state = state
    this.kind = wanted.kind
    this.name = wanted.target.name
    this.target = wanted.target
    this.settings = wanted.settings
    this.owner = wanted.owner
    this.origin = wanted.origin
    this.confirmed = state.clock.monotonic()
    if (older) {
      this.#before = older.#watch ?? older.#before
      this.#early = older.#early
      this.#secrets = older.#secrets
      older.#stop()
    }
    this.#keepSecrets(wanted.secrets)
  }

  /** The same target, to be watched anew under other settings of the node. It takes this one's place. */
  successor(settings: string): HeldWatch<K, M> {
    const { kind, target, origin, owner } = this
    return new HeldWatch<K, M>(this.#state, { kind, target, settings, origin, owner, secrets: this.#secrets }, this)
  }

  /** It was asked for again. A literal key may be another one by now. */
  confirm(origin: Origin, secrets: readonly Secret[]): void {
    this.origin = origin
    this.confirmed = this.#state.clock.monotonic()
    this.#keepSecrets(secrets)
  }

  /** The watch, once it has started. */
  get watch(): Watch<K, M> | null {
    return this.#watch
  }

  /**
   * Starts the watch, now or when the one before has ended, unless it is over by then.
   *
   * @param failed called when it cannot be made after a wait
   * @throws what `create` throws, when there is nothing to wait for
   */
  begin(create: CreateWatch<K, M>, failed: (error: unknown) => void): void {
    if (this.#over || this.#watch) return
    const ending = this.#state.parking.ending(this.kind, this.name)
    if (ending === null) {
      this.#start(create)
      return
    }
    this.#turn += 1
    const turn = this.#turn
    const goOn = guarded('start of a watch', () => {
      if (turn !== this.#turn) return
      try {
        this.begin(create, failed)
      } catch (error) {
        failed(error)
      }
    })
    ending.then(goOn, goOn)
  }

  attach(listener: WatchListener<K, M>): void {
    this.#listener = listener
    this.#watch?.attach(listener)
  }

  detach(): void {
    this.#listener = null
    this.#watch?.detach()
    // A start that is waiting belongs to the node that goes; the next one begins it again.
    this.#turn += 1
  }

  expect(message: ExpectMessage): void {
    if (this.#watch) this.#watch.expect(message.expected, message.until)
    else this.#early = message
  }

  end(): void {
    this.#stop()
    this.#keepSecrets([])
    this.#state.directory.leave(this.kind, this.name, this.owner)
  }

  #start(create: CreateWatch<K, M>): void {
    const watch = create(this.target, this.settings, this.#before)
    this.#before = null
    this.#watch = watch
    if (this.#early) watch.expect(this.#early.expected, this.#early.until)
    if (this.#listener) watch.attach(this.#listener)
    if (this.kind === 'stream') {
      this.#stopFollowing = followEvents(this.#state, {
        name: this.name,
        isOver: () => watch.isEventOver,
        endEvent: () => watch.endEvent(),
        beginEvent: () => watch.beginEvent(),
      })
    }
    const { newest, history } = this.#state
    watch.start(
      (observation) => newest.put(observation),
      (event) => history.add(eventEntry(event)),
    )
  }

  #stop(): void {
    this.#over = true
    this.#listener = null
    this.#stopFollowing()
    if (this.#watch) this.#state.parking.track(this.kind, this.name, this.#watch.stop())
  }

  #keepSecrets(needed: readonly Secret[]): void {
    const { secrets } = this.#state
    for (const { name, value } of needed) secrets.put(this.owner, name, value)
    for (const { name } of this.#secrets) {
      if (!needed.some((secret) => secret.name === name)) secrets.remove(this.owner, name)
    }
    this.#secrets = needed
  }
}

/** JSON with the keys of every object in order, so that equal values have equal text. For plain data. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}
