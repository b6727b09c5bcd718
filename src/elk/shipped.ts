import { isRecord } from '../observation/shape.ts'
import type { Asset } from './asset.ts'
import shipped from './assets.json' with { type: 'json' }
import { SetupError } from './setup-error.ts'

/** What somebody may choose of the assets. */
export interface Choices {
  /** How long a line is kept, in days from the rollover of its index; null: as shipped. */
  retentionDays: number | null
  /** A folder that all nodes share, for snapshots; null: there are none. */
  snapshots: string | null
}

/** Of all assets that this package has. */
export const VERSION: number = shipped.version

/** The assets with what was chosen. */
export function chosenAssets({ retentionDays, snapshots }: Choices): Asset[] {
  const assets = shipped.assets as unknown as readonly Asset[]
  return assets
    .filter(({ kind }) => snapshots !== null || !kind.startsWith('snapshot'))
    .map((asset) => {
      if (asset.kind === 'lifecycle policy' && retentionDays !== null) return withRetention(asset, retentionDays)
      if (asset.kind === 'snapshot repository' && snapshots !== null) {
        return { ...asset, body: { ...asset.body, settings: { location: snapshots } } }
      }
      return asset
    })
}

function withRetention(asset: Asset, days: number): Asset {
  const { policy } = asset.body
  const phases = isRecord(policy) ? policy.phases : null
  if (!isRecord(policy) || !isRecord(phases) || !isRecord(phases.delete)) {
    throw new SetupError(`the ${asset.kind} ${asset.name} has no phase in which it deletes`)
  }
  const end = { ...phases.delete, min_age: `${days}d` }
  return { ...asset, body: { ...asset.body, policy: { ...policy, phases: { ...phases, delete: end } } } }
}
