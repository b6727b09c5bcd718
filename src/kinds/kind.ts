import type { KeptKind } from '../history/measures.ts'
import type { MeasuredKind } from '../metrics/definition.ts'
import type { StatusWords } from '../observation/kind.ts'
import type { Kind, MeasurementsOf } from '../observation/observation.ts'
import type { TargetKind } from '../targets/target-kind.ts'
import type { Card, Columns } from '../view/format.ts'

/**
 * All that is said of a kind of target. Each room below asks for the part that it works with by an interface of its own,
 * and gets the table of kinds from whoever starts it.
 */
export interface KindDescriptor<K extends Kind = Kind> extends TargetKind<K>, MeasuredKind<K>, KeptKind<K> {
  /** What stands under a node that watches them. */
  readonly status: StatusWords<K, MeasurementsOf[K]>
  /** What its card on the dashboard shows while something is measured. */
  readonly card: Card<MeasurementsOf[K]>
  /** What its table on the dashboard shows. Absent where the kind has a page of its own. */
  readonly columns?: Columns<MeasurementsOf[K]>
  /** What the documentation, the alerts and Grafana say of it. */
  readonly docs: {
    /** Under the heading of its checks. */
    readonly checks: string
    /** How a person sees whether an alert is right, first things first. */
    readonly confirm: readonly string[]
    /** The dashboard in `deploy/grafana` that shows them, by its uid. */
    readonly dashboard: string
  }
}

export type KindTable = { readonly [K in Kind]: KindDescriptor<K> }
