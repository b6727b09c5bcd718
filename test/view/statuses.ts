import type { SeenStatus, SeenTarget } from '../../src/view/seen.ts'
import { observation } from '../metrics/observations.ts'

export const START = Date.parse('2026-03-01T10:00:00Z')

/** A status that has what is given, some seconds after `START`. */
export function status(targets: readonly SeenTarget[], more: Partial<SeenStatus> = {}, second = 0): SeenStatus {
  const time = new Date(START + second * 1000).toISOString()
  return {
    instance: { name: 'hall', site: 'north', version: '1.0.0', startedAt: time, time },
    targets,
    alerts: [],
    incidents: null,
    rejected: { targets: 0, total: 0, entries: [] },
    lasting: [],
    ...more,
  }
}

/** A stream that is watched, as of `START`. */
export function stream(target: string, changes: object = {}): SeenTarget {
  return observation({ target, issues: [], time: new Date(START).toISOString(), ...changes })
}
