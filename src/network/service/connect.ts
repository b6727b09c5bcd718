import { once } from 'node:events'
import net from 'node:net'
import type { NetworkAddress } from '../../connection/lookup.ts'

/**
 * Seconds before the next address of the host is tried beside the last. Node's own 0.25 s would give up a server on the
 * other side of the world.
 */
const NEXT_ADDRESS_AFTER = 1

/**
 * A TCP connection to the first address that answers. The caller ends it.
 *
 * @throws the socket's error, and an `AbortError`
 */
export async function connectTo(
  host: string,
  port: number,
  addresses: readonly [NetworkAddress, ...NetworkAddress[]],
  signal: AbortSignal,
): Promise<net.Socket> {
  signal.throwIfAborted()
  const [only, another] = addresses
  const socket =
    another === undefined
      ? net.connect({ host: only.address, port, noDelay: true })
      : net.connect({
          host,
          port,
          noDelay: true,
          autoSelectFamily: true,
          autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER * 1000,
          lookup: (_host, _options, answer) => answer(null, [...addresses]),
        })
  try {
    // Errors of a socket that has been given up must not go unheard.
    socket.on('error', () => {})
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}
