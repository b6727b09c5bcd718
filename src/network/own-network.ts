import { networkInterfaces } from 'node:os'

/**
 * Whether this computer has an address on a network that is up, beside its own loopback. Without one, nothing that it
 * cannot reach is to blame.
 */
export function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
}
