import { type DeviceAddress, parseDeviceAddress } from './address.ts'
import type { DeviceClient, DeviceStatus } from './device-status.ts'

/** A client of a device whose address may hold `${NAME}`, whose value may become another while it is watched. */
export class ExpandingClient implements DeviceClient {
  readonly #expanded: () => string
  readonly #create: (address: DeviceAddress) => DeviceClient
  #address: string | null = null
  #client: DeviceClient | null = null

  /** @param expanded the address as it is now */
  constructor(expanded: () => string, create: (address: DeviceAddress) => DeviceClient) {
    this.#expanded = expanded
    this.#create = create
  }

  /** @throws MonitorError `invalid-target`, `missing-variable`, beside what the client throws */
  async ask(signal: AbortSignal): Promise<DeviceStatus> {
    const address = this.#expanded()
    if (this.#client === null || address !== this.#address) {
      this.close()
      this.#client = this.#create(parseDeviceAddress(address))
      this.#address = address
    }
    return this.#client.ask(signal)
  }

  close(): void {
    this.#client?.close()
    this.#client = null
  }
}
