import type { KeptKinds } from '../history/measures.ts'
import { type Clock, now } from '../observation/clock.ts'
import { messageOrNull } from '../observation/messages.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { Usual } from '../observation/usual.ts'
import { type DamagedFile, JsonFile } from '../storage/json-file.ts'
import { type Baseline, NOTHING_KNOWN } from './baseline.ts'
import type { LogHistogram } from './log-histogram.ts'
import { type KeptTarget, type KnownRange, TargetBaseline } from './target-baseline.ts'

/** Seconds between two writings: what is lost by a sudden end is a few of hundreds of samples. */
const SAVE_EVERY = 300
/** Milliseconds: who was away longer than that begins another broadcast. */
const AWAY = 600_000
/** Targets that are remembered; the last to come have no baseline. About 40 MB at the very most. */
const MOST_TARGETS = 1000

const NOTHING: readonly Usual[] = []

/** What is usual for the targets of one monitor. It lasts over a restart, and over a deploy that leaves a target out. */
export class Baselines {
  readonly #kinds: KeptKinds
  readonly #clock: Clock
  readonly #isEndless: (kind: Kind, target: string) => boolean
  readonly #targets = new Map<string, TargetBaseline>()
  /** Of an earlier process, until the target is observed. */
  #kept: KeptTargets = new Map()
  #file = new JsonFile(null)
  #isOpen = false
  #savedAt: number

  /** @param isEndless whether a target is always expected, so that it has days and no broadcasts */
  constructor(kinds: KeptKinds, clock: Clock, isEndless: (kind: Kind, target: string) => boolean) {
    this.#kinds = kinds
    this.#clock = clock
    this.#isEndless = isEndless
    this.#savedAt = clock.monotonic()
  }

  /**
   * Reads what an earlier process knew. Called again it does nothing.
   *
   * @param path null: memory only
   * @param damaged told of a file that is not what it should be
   */
  open(path: string | null, damaged: (file: DamagedFile) => void): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#file = new JsonFile(path, damaged)
    this.#kept = this.#file.read(parseKept) ?? new Map()
  }

  /** Why it cannot be kept, in words; null where it can. */
  get problem(): string | null {
    return this.#file.problem
  }

  /** How a target stands to what is usual for it: by measure, as the newest ten seconds were. */
  usualOf(kind: Kind, target: string): readonly Usual[] {
    return this.#targets.get(keyOf(kind, target))?.usual ?? NOTHING
  }

  /** What is usual for a target, whether it is there now or not. */
  rangesOf(kind: Kind, target: string): readonly KnownRange[] {
    return this.#targets.get(keyOf(kind, target))?.ranges ?? []
  }

  observe(observation: Observation): void {
    const { monotonic } = now(this.#clock)
    this.#of(observation)?.observe(observation, monotonic)
    if (monotonic - this.#savedAt >= SAVE_EVERY) this.save()
  }

  save(): void {
    this.#savedAt = this.#clock.monotonic()
    const wall = this.#clock.wall()
    const kept = new Map(this.#kept)
    for (const [key, target] of this.#targets) kept.set(key, { ...target.kept, at: wall })
    this.#file.write(fileOf([...kept].slice(-MOST_TARGETS)))
  }

  /** For when the monitor is removed for good. */
  forget(): void {
    this.#file.remove()
  }

  #of({ kind, target }: Observation): TargetBaseline | null {
    const key = keyOf(kind, target)
    const known = this.#targets.get(key)
    if (known !== undefined) return known
    if (this.#targets.size >= MOST_TARGETS) return null
    const isEndless = this.#isEndless(kind, target)
    const kept = this.#kept.get(key) ?? null
    const made = new TargetBaseline(this.#kinds, isEndless, kept)
    // Whichever way the clock was set meanwhile: then the most that is wrong is where one broadcast is taken to end.
    if (kept !== null && !isEndless && Math.abs(this.#clock.wall() - kept.at) > AWAY) made.endBroadcast()
    this.#kept.delete(key)
    this.#targets.set(key, made)
    return made
  }
}

function keyOf(kind: Kind, target: string): string {
  return `${kind}/${target}`
}

/** By kind and name, with when it was written: milliseconds since the epoch. */
type KeptTargets = Map<string, KeptTarget & { at: number }>

/** `DATA_DIR/baselines/<monitor>.json`, as `messages.schema.json` has it. */
interface BaselinesFile {
  version: 1
  targets: {
    target: string
    at: number
    measured: number
    measures: Record<string, { kept: LogHistogram[]; usual: LogHistogram; heldBack: LogHistogram }>
  }[]
}

/** What goes on disk: not what can be worked out of it, nor whether something is unusual just now. */
export function fileOf(targets: readonly (readonly [string, KeptTarget & { at: number }])[]): BaselinesFile {
  return {
    version: 1,
    targets: targets.map(([target, { at, measured, measures }]) => {
      const kept = Object.entries(measures).map(([name, { kept, usual, heldBack }]) => [
        name,
        { kept, usual, heldBack },
      ])
      return { target, at, measured, measures: Object.fromEntries(kept) }
    }),
  }
}

/** Null for what this version does not write. */
export function parseKept(value: unknown): KeptTargets | null {
  const file = messageOrNull<BaselinesFile>('baselines', value)
  if (file === null) return null
  const sound = (one: LogHistogram) => one.counts.length % 2 === 0
  const targets: KeptTargets = new Map()
  for (const { target, at, measured, measures } of file.targets) {
    const known: [string, Baseline][] = []
    for (const [name, { kept, usual, heldBack }] of Object.entries(measures)) {
      if (![...kept, usual, heldBack].every(sound)) return null
      known.push([name, { ...NOTHING_KNOWN, kept, usual, heldBack }])
    }
    targets.set(target, { at, measured, measures: Object.fromEntries(known) })
  }
  return targets
}
