import { type DirectoryEntry, NO_LINKS } from '../../src/monitor/directory.ts'
import type { Arrival } from '../../src/monitor/newest.ts'
import type { Instant } from '../../src/observation/clock.ts'
import type { Kind } from '../../src/observation/observation.ts'

export const START = Date.parse('2026-03-01T10:00:00.000Z')

/** The moment so many seconds after the start. */
export function at(seconds: number): Instant {
  return { wall: START + seconds * 1000, monotonic: seconds }
}

/** A target that is watched since the start. */
export function entry(kind: Kind, name: string, interval = 1): DirectoryEntry {
  return { kind, name, owner: 'node', interval, since: at(0), links: NO_LINKS }
}

/** An observation of a target that came so many seconds after the start. */
export function arrival(kind: Kind, target: string, seconds: number): Arrival {
  return {
    arrived: seconds,
    observation: {
      kind,
      target,
      labels: { hall: 'east' },
      time: new Date(START + seconds * 1000).toISOString(),
      sequence: seconds,
      state: 'ok',
      expected: true,
      score: 100,
      measurements: { up: true },
      issues: [],
    },
  }
}
