import { ENCODER_HANDOVER, type EncoderMeasurements, type EncoderProtocol } from '../observation/encoder.ts'
import type { ProbeContext } from '../observation/reading.ts'
import { PolledProbe } from '../polling/polled-probe.ts'
import { type DeviceAddress, parseDeviceAddress } from './address.ts'
import { createClient } from './device-finder.ts'
import type { DeviceClient, DeviceStatus } from './device-status.ts'
import { ANSWER_WITHIN, EncoderPoll, initialMeasurements } from './encoder-poll.ts'

/** Seconds beyond the time that a device has, after which a poll counts as lost by ourselves. */
const GRACE = 2

/** What of an encoder's target says how it is asked. */
export interface EncoderProbeTarget {
  name: string
  /** May hold `${NAME}`. */
  address: string
  protocol: EncoderProtocol | 'auto'
  /** Seconds between two polls. */
  interval: number
}

export interface EncoderProbeContext extends ProbeContext<EncoderMeasurements> {
  /** Somebody has started, or stopped, the encoder. */
  eventBegan(): void
  eventEnded(): void
}

/** Watches one Blackmagic encoder. */
export function encoderProbe(
  { name, address, protocol, interval }: EncoderProbeTarget,
  { clock, expand, redact, eventBegan, eventEnded, before }: EncoderProbeContext,
): PolledProbe<EncoderMeasurements> {
  const client = new ExpandingClient(
    () => expand(address),
    (device) => createClient(protocol, device, () => clock.monotonic()),
  )
  const poll = new EncoderPoll({ client, clock, interval, stopped: eventEnded, started: eventBegan })
  return new PolledProbe<EncoderMeasurements>({
    ...{ name, interval, clock, redact, limit: ANSWER_WITHIN + GRACE },
    initial: initialMeasurements(before?.total ?? null),
    handover: ENCODER_HANDOVER,
    poll: (signal, { previous }) => poll.poll(signal, previous),
    ended: () => poll.close(),
  })
}

/** A client of a device whose address may hold `${NAME}`, whose value may become another while it is watched. */
class ExpandingClient implements DeviceClient {
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
