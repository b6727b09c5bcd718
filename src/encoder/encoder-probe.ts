import { AbortScope } from '../connection/abort-scope.ts'
import { ENCODER_HANDOVER, type EncoderMeasurements, type EncoderProtocol } from '../observation/encoder.ts'
import type { ProbeContext } from '../observation/reading.ts'
import { PolledProbe } from '../polling/polled-probe.ts'
import { type DeviceAddress, parseDeviceAddress } from './address.ts'
import { type DeviceClient, DeviceFailure, type DeviceStatus } from './device-status.ts'
import { ANSWER_WITHIN, EncoderPoll, initialMeasurements } from './encoder-poll.ts'
import { RestClient } from './rest-client.ts'
import { TextClient } from './text-client.ts'

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
