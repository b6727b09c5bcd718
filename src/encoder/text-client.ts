import type { Socket } from 'node:net'
import { connectTo } from '../connection/connect.ts'
import { networkFault } from '../connection/network-error.ts'
import { guarded } from '../observation/internal-errors.ts'
import { DEFAULT_PORTS, type DeviceAddress } from './address.ts'
import {
  badAnswer,
  cutOff,
  type DeviceClient,
  type DeviceFailure,
  type DeviceStatus,
  failureBy,
} from './device-status.ts'
import { bitrateOf, cacheOf, clockDurationOf, deviceText, stateOf } from './field.ts'
import { TextBlockReader, type TextEvent } from './text-blocks.ts'

/** The question for the whole state: duration, bitrate and cache are never told unasked. */
const QUESTION = 'STREAM STATE:\n\n'

/**
 * Milliseconds that a kept connection has to answer. One that was lost on the way, as over a restart of the device, says
 * nothing at all; then a new one is made within the same poll.
 */
const ANSWER_ON_KEPT = 1000

/** What the device has said of itself since it was connected; updates hold only what has changed. */
type Known = Map<string, Map<string, string>>

type Answer = 'ack' | 'nack'

interface Asking {
  resolve(answer: Answer): void
  reject(error: Error): void
  /** What an event says to what was asked; null: nothing yet. */
  answers(event: TextEvent): Answer | null
}

/**
 * Asks a device by the text protocol, over one connection that it keeps: the device greets with all that it knows, and
 * from then on is asked for its state. Whoever asks ends a question that is not answered by aborting it, and with it the
 * connection: a half-open one is found out so.
 */
export class TextClient implements DeviceClient {
  readonly #address: DeviceAddress
  #socket: Socket | null = null
  #known: Known = new Map()
  #asking: Asking | null = null
  /** Whether the device has said anything since it was asked. */
  #heard = false

  constructor(address: DeviceAddress) {
    this.#address = address
  }

  async ask(signal: AbortSignal): Promise<DeviceStatus> {
    const abort = guarded('encoder text client', () =>
      this.#end(this.#heard ? badAnswer('The encoder answers, but not what it was asked') : failureBy('timeout')),
    )
    signal.addEventListener('abort', abort, { once: true })
    try {
      await this.#refresh(signal)
      return statusOf(this.#known)
    } catch (error) {
      // Whatever went wrong, the next question begins with a greeting.
      this.close()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  close(): void {
    this.#end(new Error('closed'))
  }

  /** A device that refuses the question still greets. */
  async #refresh(signal: AbortSignal): Promise<void> {
    this.#heard = false
    if (this.#socket !== null && (await this.#askOnKept(signal)) === 'ack') return
    this.close()
    await this.#greet(await this.#connect(signal))
  }

  /** A connection on which nothing is heard any more counts as refused: it says nothing of the device. */
  async #askOnKept(signal: AbortSignal): Promise<Answer> {
    const silence = setTimeout(
      guarded('encoder text client', () => {
        if (!this.#heard) this.#asking?.resolve('nack')
      }),
      ANSWER_ON_KEPT,
    )
    try {
      return await this.#question()
    } catch (error) {
      if (this.#heard || signal.aborted) throw error
      return 'nack'
    } finally {
      clearTimeout(silence)
    }
  }

  async #connect(signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.#address
    try {
      return await connectTo({ host, port: port ?? DEFAULT_PORTS.ethernet }, signal)
    } catch (error) {
      throw failureBy(error === signal.reason ? 'timeout' : networkFault(error).verdict)
    }
  }

  #greet(socket: Socket): Promise<unknown> {
    const reader = new TextBlockReader()
    this.#socket = socket
    this.#known = new Map()
    socket.setEncoding('utf8')
    socket.on(
      'data',
      guarded('encoder text client', (text) => this.#hear(socket, reader, String(text))),
    )
    socket.on(
      'error',
      guarded('encoder text client', (error) => this.#lost(socket, failureBy(networkFault(error).verdict))),
    )
    socket.on(
      'close',
      guarded('encoder text client', () => this.#lost(socket, this.#heard ? cutOff() : failureBy('closed'))),
    )
    return this.#until((event) => (event.event === 'block' && event.header === 'END PRELUDE' ? 'ack' : null))
  }

  /** The answer is ACK and then the block, or NACK. */
  #question(): Promise<Answer> {
    let acknowledged = false
    const answered = this.#until((event) => {
      if (event.event !== 'block') {
        acknowledged = event.event === 'ack'
        return acknowledged ? null : 'nack'
      }
      return acknowledged && event.header === 'STREAM STATE' ? 'ack' : null
    })
    this.#socket?.write(QUESTION)
    return answered
  }

  #until(answers: Asking['answers']): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject, answers }
    })
  }

  #hear(socket: Socket, reader: TextBlockReader, text: string): void {
    if (socket !== this.#socket) return
    this.#heard = true
    try {
      for (const event of reader.read(text)) this.#take(event)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#end(badAnswer(`The answer of the encoder makes no sense: ${error.message}`))
    }
  }

  #take(event: TextEvent): void {
    if (event.event === 'nonsense') {
      this.#end(badAnswer('What listens there does not speak the text protocol of these encoders'))
      return
    }
    if (event.event === 'block') {
      const known = this.#known.get(event.header) ?? new Map<string, string>()
      for (const [key, value] of event.values) known.set(key, value)
      this.#known.set(event.header, known)
    }
    const answer = this.#asking?.answers(event) ?? null
    if (answer === null) return
    this.#asking?.resolve(answer)
    this.#asking = null
  }

  #lost(socket: Socket, failure: DeviceFailure): void {
    if (socket === this.#socket) this.#end(failure)
  }

  #end(why: Error): void {
    this.#socket?.destroy()
    this.#socket = null
    this.#asking?.reject(why)
    this.#asking = null
  }
}

/** @throws DeviceFailure `bad-answer` */
function statusOf(known: Known): DeviceStatus {
  const state = known.get('STREAM STATE')
  const deviceState = stateOf(state?.get('status'))
  const text = (block: string, key: string) => deviceText(known.get(block)?.get(key))
  return {
    protocol: 'ethernet',
    state: deviceState,
    bitrate: bitrateOf(state?.get('bitrate')),
    cacheUsedRatio: cacheOf(state?.get('cache used')),
    duration: deviceState === 'idle' ? null : clockDurationOf(state?.get('duration')),
    videoFormat: text('STREAM SETTINGS', 'video mode'),
    device: {
      model: text('IDENTITY', 'model'),
      label: text('IDENTITY', 'label'),
      software: text('VERSION', 'software release'),
    },
  }
}
