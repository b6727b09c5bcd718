import { AbortScope } from '../connection/abort-scope.ts'
import type { EncoderProtocol } from '../observation/encoder.ts'
import type { DeviceAddress } from './address.ts'
import { type DeviceClient, DeviceFailure, type DeviceStatus } from './device-status.ts'
import { RestClient } from './rest-client.ts'
import { TextClient } from './text-client.ts'

/** The failure that tells most, first: what answers is more than what refuses, and that is more than silence. */
const TELLING = [
  'not-allowed',
  'bad-answer',
  'no-livestreams',
  'refused',
  'timeout',
  'unreachable',
  'dns-failed',
  'no-resources',
]

/** @param clock seconds, monotonic */
export function createClient(
  protocol: EncoderProtocol | 'auto',
  address: DeviceAddress,
  clock: () => number,
): DeviceClient {
  if (protocol === 'rest') return new RestClient(address, clock)
  if (protocol === 'ethernet') return new TextClient(address)
  return new DeviceFinder([new RestClient(address, clock), new TextClient(address)])
}

/**
 * Finds out which protocol a device speaks: all are tried at once, and the first in the list that answers is kept to until
 * it fails. So a device that is given other firmware is found again.
 */
class DeviceFinder implements DeviceClient {
  readonly #clients: readonly DeviceClient[]
  #found: DeviceClient | null = null

  constructor(clients: readonly DeviceClient[]) {
    this.#clients = clients
  }

  async ask(signal: AbortSignal): Promise<DeviceStatus> {
    if (this.#found === null) return this.#find(signal)
    try {
      return await this.#found.ask(signal)
    } catch (error) {
      this.#found = null
      throw error
    }
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }

  async #find(signal: AbortSignal): Promise<DeviceStatus> {
    const search = new AbortScope(signal)
    try {
      return await this.#firstOf(this.#clients.map((client) => ({ client, answer: client.ask(search.signal) })))
    } finally {
      // Whoever has not answered by now is not waited for.
      search.abort()
    }
  }

  async #firstOf(asked: readonly { client: DeviceClient; answer: Promise<DeviceStatus> }[]): Promise<DeviceStatus> {
    const failures: unknown[] = []
    for (const { answer } of asked) answer.catch(() => {})
    for (const { client, answer } of asked) {
      try {
        const status = await answer
        this.#found = client
        for (const other of this.#clients) if (other !== client) other.close()
        return status
      } catch (error) {
        failures.push(error)
      }
    }
    throw failures.sort((one, other) => rank(one) - rank(other))[0]
  }
}

/** What is no failure of the device is a fault of ours, and is told before all else. */
function rank(failure: unknown): number {
  if (!(failure instanceof DeviceFailure)) return -1
  const { kind } = failure
  return TELLING.indexOf(kind.outcome === 'absent' ? kind.reason : kind.code)
}
