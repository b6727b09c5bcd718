import { messageOrNull } from '../observation/messages.ts'
import { type Baseline, NOTHING_KNOWN } from './baseline.ts'
import type { LogHistogram } from './log-histogram.ts'
import type { KeptTarget } from './target-baseline.ts'

/** By kind and name, with when it was written: milliseconds since the epoch. */
export type KeptTargets = Map<string, KeptTarget & { at: number }>

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
