import type { Clock } from '../observation/clock.ts'
import type { EncoderMeasurements, EncoderProtocol } from '../observation/encoder.ts'
import { ENCODER_HANDOVER } from '../observation/encoder.ts'
import { PolledProbe } from '../polling/polled-probe.ts'
import { createClient } from './device-finder.ts'
import { ANSWER_WITHIN, EncoderPoll, initialMeasurements } from './encoder-poll.ts'
import { ExpandingClient } from './expanding-client.ts'

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

export interface EncoderProbeContext {
  clock: Clock
  /** `${NAME}` -> value, the last step before a connection is made. */
  expand(template: string): string
  redact(text: string): string
  /** Somebody has stopped, or started, the encoder. */
  stopped(): void
  started(): void
  /** Carried over when only settings changed. */
  totals?: EncoderMeasurements['total']
}

/** Watches one Blackmagic encoder. */
export class EncoderProbe extends PolledProbe<EncoderMeasurements> {
  readonly #poll: EncoderPoll

  constructor({ name, address, protocol, interval }: EncoderProbeTarget, context: EncoderProbeContext) {
    const { clock, expand, redact, stopped, started, totals } = context
    const client = new ExpandingClient(
      () => expand(address),
      (device) => createClient(protocol, device, () => clock.monotonic()),
    )
    const poll = new EncoderPoll({ client, clock, interval, stopped, started })
    super({
      ...{ name, interval, clock, redact, limit: ANSWER_WITHIN + GRACE },
      initial: initialMeasurements(totals ?? null),
      handover: ENCODER_HANDOVER,
      poll: (signal, { previous }) => poll.poll(signal, previous),
    })
    this.#poll = poll
  }

  override async stop(): Promise<void> {
    await super.stop()
    this.#poll.close()
  }
}
