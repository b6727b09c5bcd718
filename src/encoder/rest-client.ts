import { askHttp } from '../connection/http-request.ts'
import { fieldsOf, objectIn } from '../connection/legible.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { authority } from '../connection/request-hop.ts'
import type { EncoderDevice } from '../observation/encoder.ts'
import { DEFAULT_PORTS, type DeviceAddress } from './address.ts'
import { badAnswer, cutOff, type DeviceClient, DeviceFailure, type DeviceStatus, failureBy } from './device-status.ts'
import { bitrateOf, cacheOf, deviceText, durationOf, stateOf } from './field.ts'

/** Bytes of an answer: ten times the longest that is documented. */
const MOST_BYTES = 65_536

/** Seconds for one question at the most; a poll gives up sooner. */
const ANSWER_LIMIT = 10

/** Seconds after which a device is asked again what it is: software is renewed now and then. */
const IDENTITY_LASTS = 60

interface Identity {
  device: EncoderDevice
  videoFormat: string | null
}

const NO_IDENTITY: Identity = { device: { model: null, label: null, software: null }, videoFormat: null }

/**
 * Asks a device by REST (`/control/api/v1`). It sends nothing but GET, and never for `activePlatform`, which would reveal
 * the stream key. Each request has a connection of its own, so that none is left half open.
 */
export class RestClient implements DeviceClient {
  /** Without a slash at its end. */
  readonly #base: string
  readonly #clock: () => number
  #identity = NO_IDENTITY
  #identifiedAt: number | null = null

  /** @param clock seconds, monotonic */
  constructor({ host, port }: DeviceAddress, clock: () => number) {
    this.#clock = clock
    this.#base = `http://${authority(host, port ?? DEFAULT_PORTS.rest)}/control/api/v1`
  }

  async ask(signal: AbortSignal): Promise<DeviceStatus> {
    const answer = readAnswer(await this.#get('/livestreams/0', signal))
    const state = stateOf(answer.status)
    const status = {
      protocol: 'rest' as const,
      state,
      bitrate: bitrateOf(answer.bitrate),
      cacheUsedRatio: cacheOf(answer.cache),
      duration: state === 'idle' ? null : durationOf(answer.duration),
    }
    await this.#identify(signal)
    const { device, videoFormat } = this.#identity
    return { ...status, videoFormat: deviceText(answer.effectiveVideoFormat) ?? videoFormat, device }
  }

  close(): void {
    // Nothing stays open between two questions.
  }

  /** Both are optional: a device may answer 204, 404 or 501, and its stream is watched all the same. */
  async #identify(signal: AbortSignal): Promise<void> {
    if (this.#identifiedAt !== null && this.#clock() - this.#identifiedAt < IDENTITY_LASTS) return
    const [product, system] = await Promise.all(
      ['/system/product', '/system'].map((path) =>
        this.#get(path, signal)
          .then(readAnswer)
          .catch(() => null),
      ),
    )
    if (product == null) return
    this.#identifiedAt = this.#clock()
    this.#identity = {
      device: {
        model: deviceText(product.productName),
        label: deviceText(product.deviceName),
        software: deviceText(product.softwareVersion),
      },
      videoFormat: deviceText(fieldsOf(system?.videoFormat).name),
    }
  }

  async #get(path: string, signal: AbortSignal): Promise<string> {
    try {
      const { status, body } = await askHttp({
        url: this.#base + path,
        headers: { accept: 'application/json' },
        mostBytes: MOST_BYTES,
        within: ANSWER_LIMIT,
        signal,
      })
      if (status === 200) return body
      throw refusal(status)
    } catch (error) {
      throw error instanceof ConnectionError ? failureOf(error) : error
    }
  }
}

function refusal(status: number): DeviceFailure {
  if (status === 404 || status === 501) {
    return new DeviceFailure(
      { outcome: 'unknown', code: 'no-livestreams' },
      `The device answers, but has no livestream interface (HTTP ${status}): its firmware is too old for REST, or it is no encoder. Try the protocol "ethernet"`,
    )
  }
  if (status === 401 || status === 403) {
    return new DeviceFailure(
      { outcome: 'unknown', code: 'not-allowed' },
      `The device answers, but does not let itself be asked (HTTP ${status})`,
    )
  }
  return badAnswer(`The encoder answers with HTTP ${status}`)
}

function failureOf({ code, message }: ConnectionError): Error {
  switch (code) {
    case 'aborted':
      return failureBy('timeout')
    case 'too-long':
      return badAnswer(`The answer of the encoder is longer than ${MOST_BYTES} bytes`)
    case 'encoded':
    case 'redirect':
    case 'forbidden-protocol':
    case 'private-address':
      return badAnswer(`The encoder cannot be asked: ${message}`)
    case 'cut':
      return cutOff()
    default:
      return failureBy(code)
  }
}

function readAnswer(body: string): Readonly<Record<string, unknown>> {
  const answer = objectIn(body)
  if (answer === null) throw badAnswer('The answer of the encoder is no JSON object')
  return answer
}
