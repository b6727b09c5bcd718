import { type Clock, now } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import type { AnswerOf, Batch, EntryRow, Question, SliceRow } from './crossing.ts'
import { Gathered } from './gathered.ts'
import type { KeptKinds } from './measures.ts'
import { type HistoryEntry, SLICE, type TargetName } from './records.ts'
import { packValues } from './rows.ts'
import type { HistoryStore } from './store.ts'

/** Where it is kept. */
type Store = Pick<HistoryStore, 'write' | 'ask'>

/** Milliseconds after the end of a slice at which all of them are written: observations that were due then have come. */
const AFTER_SLICE = 50

/** What the history of one monitor is made from. */
interface RecorderSource {
  /** The id of its config node. */
  readonly monitor: string
  readonly kinds: KeptKinds
  readonly clock: Clock
  /** Hears every observation. @returns the way to stop */
  onObservation(listener: (observation: Observation) => void): () => void
  /** Hears which target is watched no more. @returns the way to stop */
  onLeft(listener: (target: TargetName) => void): () => void
  /** Seconds for which an observation of a target says something. */
  holds(target: TargetName): number
  /** Takes secrets out of a text. */
  redact(text: string): string
}

/** A question about the history of the monitor that it is asked of. */
type Asking = { [K in Question['ask']]: Omit<Extract<Question, { ask: K }>, 'monitor'> & { ask: K } }[Question['ask']]

/** Gathers the history of one monitor, writes it every ten seconds, and answers what was. */
export class Recorder {
  readonly #source: RecorderSource
  readonly #gathered = new Map<string, Gathered>()
  #entries: EntryRow[] = []
  #rows: SliceRow[] = []
  #states: Batch['states'][number][] = []
  #store: Store | null = null
  #stops: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(source: RecorderSource) {
    this.#source = source
  }

  get isOpen(): boolean {
    return this.#store !== null
  }

  /** Begins. Called again it goes on with another store. */
  open(store: Store): void {
    this.#store = store
    if (this.#stops.length > 0) return
    this.#stops = [
      this.#source.onObservation((observation) => this.#observe(observation)),
      this.#source.onLeft((target) => this.#left(target)),
    ]
    this.#plan()
  }

  /** Gives all there is to the store, and goes on with nothing. The store is not its own. */
  close(): void {
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.flush()
    this.#gathered.clear()
    this.#store = null
  }

  /** What happened. Its content is kept without secrets and addresses; where no history is kept, nothing is. */
  add(entry: HistoryEntry): void {
    if (this.#store !== null) this.#entries.push(entryText(entry, this.#source.redact))
  }

  /** @throws MonitorError `no-history` where none is kept, or it cannot be read */
  async ask<K extends Question['ask']>(question: Extract<Asking, { ask: K }>): Promise<AnswerOf[K]> {
    if (this.#store === null)
      throw new MonitorError('no-history', 'No history is kept here: HISTORY_DAYS is 0, or there is no folder for it')
    // What has just been is asked for most.
    this.write()
    const { monitor } = this.#source
    return (await this.#store.ask({ ...question, monitor } as Extract<Question, { ask: K }>)) as AnswerOf[K]
  }

  /** Writes all there is, also the slices that are not complete. */
  flush(): void {
    const at = now(this.#source.clock)
    for (const gathered of this.#gathered.values()) this.#take(gathered.end(at))
    this.#write()
  }

  #observe(observation: Observation): void {
    const { kind, target } = observation
    const key = `${kind}/${target}`
    const gathered = this.#gathered.get(key) ?? new Gathered(this.#source.kinds, { kind, target })
    this.#gathered.set(key, gathered)
    // Whoever observes a kind measures what there is of that kind.
    const measured = observation as Observation<Kind, MeasurementsOf[Kind]>
    gathered.observe(measured, now(this.#source.clock), this.#source.holds({ kind, target }))
  }

  #left({ kind, target }: TargetName): void {
    const gathered = this.#gathered.get(`${kind}/${target}`)
    this.#gathered.delete(`${kind}/${target}`)
    if (gathered !== undefined) this.#take(gathered.end(now(this.#source.clock)))
  }

  #plan(): void {
    const wait = SLICE - (this.#source.clock.wall() % SLICE) + AFTER_SLICE
    const again = () => {
      if (this.#stops.length > 0) this.#plan()
    }
    this.#timer = setTimeout(
      guarded(
        'history',
        () => {
          this.write()
          again()
        },
        again,
      ),
      wait,
    ).unref()
  }

  /** Writes what is complete: what the timer does after each ten seconds. */
  write(): void {
    const at = now(this.#source.clock)
    for (const gathered of this.#gathered.values()) this.#take(gathered.take(at))
    this.#write()
  }

  #take({ slices, states }: ReturnType<Gathered['take']>): void {
    for (const slice of slices) {
      const { kind, target, from, values } = slice
      this.#rows.push({ kind, target, from, values: JSON.stringify(packValues(values)) })
    }
    this.#states.push(...states)
  }

  #write(): void {
    const [slices, states, entries] = [this.#rows, this.#states, this.#entries]
    if (this.#store === null || slices.length + states.length + entries.length === 0) return
    this.#rows = []
    this.#states = []
    this.#entries = []
    this.#store.write({ monitor: this.#source.monitor, slices, states, entries })
  }
}

/** Characters of a text that are kept. */
const LONGEST_TEXT = 2_000
/** Characters of a whole entry; what is longer is kept without its content. */
const LONGEST_ENTRY = 100_000

const ADDRESS = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"<>]+/gi

/** Links are made anew where the entry is shown. */
const LINKS = new Set(['runbookUrl', 'dashboardUrl'])

/** An entry as it is stored: each text is redacted by itself, and no address of whatever kind stays. */
export function entryText({ content, ...entry }: HistoryEntry, redact: (text: string) => string): EntryRow {
  const text = JSON.stringify(content, (name, value: unknown) => {
    if (LINKS.has(name)) return undefined
    return typeof value === 'string' ? withoutAddresses(redact(value.slice(0, LONGEST_TEXT))) : value
  })
  return { ...entry, content: text.length > LONGEST_ENTRY ? '{"omitted":"too long"}' : text }
}

/** @returns the text with the scheme of each address, as `rtmp://…` */
function withoutAddresses(text: string): string {
  return text.replaceAll(ADDRESS, (address) => `${address.slice(0, address.indexOf('://'))}://…`)
}
