import { type SimulatorOptions, WebPresenter } from '../../app/demo/web-presenter/web-presenter.ts'
import { parseDeviceAddress } from '../../src/encoder/address.ts'
import { EncoderPoll } from '../../src/encoder/encoder-poll.ts'
import { createClient } from '../../src/encoder/encoder-probe.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { EncoderMeasurements, EncoderProtocol } from '../../src/observation/encoder.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import type { Reading } from '../../src/observation/reading.ts'
import { until } from '../fixtures/wait.ts'

/** Seconds that a device has to answer which will: machines that test are busy. */
const PATIENCE = 10

/** Seconds for one that will not. */
const SHORT = 0.2

/** A simulated device and what polls it, one poll at a time and when the test says so. */
export class Polled {
  readonly simulator: WebPresenter
  readonly #poll: EncoderPoll
  #previous: EncoderMeasurements = NO_ENCODER
  #patience = PATIENCE
  /** How often it was told that somebody has stopped the device. */
  stops = 0
  /** And how often that somebody has started it. */
  starts = 0
  /** Added to what the clock of the poll says, in seconds. */
  later = 0

  constructor(simulator: WebPresenter, protocol: EncoderProtocol | 'auto', address: string) {
    this.simulator = simulator
    const clock = { wall: () => Date.now(), monotonic: () => systemClock.monotonic() + this.later }
    const patience = () => this.#patience
    this.#poll = new EncoderPoll({
      client: createClient(protocol, parseDeviceAddress(address), clock.monotonic),
      clock,
      interval: 1,
      get answerWithin() {
        return patience()
      },
      stopped: () => {
        this.stops += 1
      },
      started: () => {
        this.starts += 1
      },
    })
  }

  /** Starts the device and waits until it streams. */
  async onAir(): Promise<void> {
    this.simulator.device.start()
    await until(() => this.simulator.device.status === 'Streaming', 1, 'it streams')
  }

  async read(): Promise<Reading<EncoderMeasurements>> {
    const reading = await this.#poll.poll(new AbortController().signal, this.#previous)
    this.#previous = reading.measurements
    return reading
  }

  /** What a reading says in a word: the device's state, the reason for its absence, or why nothing is known. */
  async word(): Promise<string> {
    const reading = await this.read()
    if (reading.outcome === 'present') return reading.measurements.deviceState ?? 'present'
    return reading.outcome === 'absent' ? `absent: ${reading.reason}` : `unknown: ${reading.code}`
  }

  /** The same of a device that is known not to answer. */
  async wordOfSilence(): Promise<string> {
    this.#patience = SHORT
    const word = await this.word()
    this.#patience = PATIENCE
    return word
  }

  async end(): Promise<void> {
    this.#poll.close()
    await this.simulator.switchOff()
  }
}

/** Runs a test with a device that is asked one way, and ends both. */
export async function withPolled(
  protocol: EncoderProtocol,
  test: (polled: Polled) => Promise<void>,
  options: SimulatorOptions = {},
): Promise<void> {
  const simulator = await WebPresenter.start({ connectSeconds: 0, ...options })
  const address = protocol === 'rest' ? simulator.restAddress : simulator.textAddress
  const polled = new Polled(simulator, protocol, address)
  try {
    await test(polled)
  } finally {
    await polled.end()
  }
}
