import { fillPlaceholders } from '../secrets/placeholder.ts'
import { type Secret, sealUrl } from '../secrets/seal.ts'
import type { SecretStore } from '../secrets/secrets.ts'
import type { CommonTarget } from '../targets/target.ts'

/** A target without literal secrets, and what was taken out of its URL. */
export interface SealedTarget<T> {
  target: T
  secrets: Secret[]
}

/**
 * Takes literal secrets out of the URL of a target that came by message or dialog. `targets` has done so already with
 * what it sends. A name without a value yet stays as it is.
 */
export function sealTarget<T extends CommonTarget>(owner: string, target: T, store: SecretStore): SealedTarget<T> {
  const { url } = target as { url?: unknown }
  if (typeof url !== 'string') return { target, secrets: [] }
  const filled = fillPlaceholders(url, (name) => store.valueOf(name) ?? 'x')
  const sealed = sealUrl(owner, target.name, url, filled)
  if (sealed.url === url) return { target, secrets: [] }
  return { target: { ...target, url: sealed.url }, secrets: sealed.secrets }
}
