import type { Bounds } from './crossing.ts'

const DAYS = { name: 'HISTORY_DAYS', least: 0, most: 3660, otherwise: 31 } as const
/** Below the least not even the newest hours of a few streams have room. */
const MEGABYTES = { name: 'HISTORY_MB', least: 20, most: 1_000_000, otherwise: 2000 } as const

export interface HistorySettings {
  /** Null: none is kept. */
  readonly bounds: Bounds | null
  /** What of the variables is no number that can be; the default counts there. */
  readonly mistakes: readonly string[]
}

/** How much history is kept, as HISTORY_DAYS and HISTORY_MB say. */
export function historySettings(variables: NodeJS.ProcessEnv): HistorySettings {
  const mistakes: string[] = []
  const read = ({ name, least, most, otherwise }: typeof DAYS | typeof MEGABYTES): number => {
    const text = variables[name]?.trim() ?? ''
    const value = text === '' ? otherwise : Number(text)
    if (value >= least && value <= most) return value
    mistakes.push(`${name} must be a number from ${least} to ${most}, not "${text}"; ${otherwise} is used`)
    return otherwise
  }
  const [days, megabytes] = [read(DAYS), read(MEGABYTES)]
  return { bounds: days === 0 ? null : { days, megabytes }, mistakes }
}
