import type { HealthReason } from '../monitor/health-report.ts'
import type { StatusDocument } from '../monitor/status.ts'
import type { KindNames } from '../observation/kind.ts'
import type { Language } from '../observation/language.ts'
import type { Kind, Observation, State } from '../observation/observation.ts'
import type { Card, Columns } from './format.ts'

/** A target as one monitor has it, or as several together have it. */
export interface SeenTarget extends Observation {
  /** Of a cluster: which monitor says this. */
  monitor?: string
  /** What each of several monitors says. */
  seenFrom?: readonly { monitor: string; state: State }[]
}

/** The status of one monitor, or of a cluster, of which a page is made. */
export interface SeenStatus extends Omit<StatusDocument, 'targets' | 'lasting'> {
  targets: readonly SeenTarget[]
  lasting: readonly HealthReason[]
  cluster?: {
    name: string
    members: readonly {
      monitor: string
      site: string
      state: 'this' | 'answers' | 'silent'
      address: string | null
      fault?: string
      targets: number
    }[]
  }
}

/** What a page shows of a kind of target. */
export interface ShownKind<K extends Kind = Kind, M = never> extends KindNames<K> {
  readonly card: Card<M>
  readonly columns?: Columns<M>
}

export type ShownKinds = Readonly<Record<Kind, ShownKind>>

/** What every page is told of where it comes from. */
export interface Told {
  name: string
  site: string
  /** ISO 8601, UTC: when this was so, by the clock of the monitor. */
  time: string
  language: Language
}

export function toldBy({ instance: { name, site, time } }: SeenStatus, language: Language): Told {
  return { name, site, time, language }
}
