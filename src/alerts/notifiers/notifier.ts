import { MonitorError } from '../../observation/errors.ts'
import type { Message, MessagePicture } from '../message.ts'

/** A field of a receiver's dialog. Its texts stand under its property. */
export interface NotifierField {
  property: string
  /** `login` and `secret` are credentials; only `secret` is hidden. */
  input: 'text' | 'login' | 'secret' | 'port' | 'choice' | 'flag'
  /** Of Font Awesome 4. */
  icon: string
  /** The environment variable that counts where the field is empty. The file of a secret is named by `…_FILE`. */
  variable?: string
  /** Of a choice; empty: what applies then. */
  choices?: readonly string[]
  /** It stands in a section that can be opened. */
  isMore?: true
  /** Nothing can be sent without it. */
  isNeeded?: true
  /** It says who gets the secrets. Where it is changed, they have to be written anew. */
  isServer?: true
}

/** What is said of a receiver: by its dialog, and by the environment where that says nothing. Empty: nothing. */
export interface Given {
  /** What the dialog says. */
  own(property: string): string
  /** What the environment says. @throws MonitorError `unreadable-file` */
  preset(property: string): string
  /** The one, else the other. */
  value(property: string): string
  /** A flag that is left out is on. */
  isOn(property: string): boolean
}

/** One way to reach people: what its dialog asks, what of that is secret, and how it sends. */
export interface NotifierType<R extends { channel: string }> {
  channel: R['channel']
  fields: readonly NotifierField[]
  /**
   * Null where nothing says where to send to: then nothing is set up, which is no fault.
   *
   * @throws MonitorError `invalid-receiver` that names the field, `unreadable-file`
   */
  read(given: Given): R | null
  open(receiver: R): Notifier
}

/** Sends messages to one receiver. */
export interface Notifier {
  /** Whether pictures reach the receiver. */
  takesPictures?: true
  /**
   * Resolves when the receiver has taken the message.
   * @param pictures none where the receiver takes none
   * @throws DeliveryError, or any error of the network, which counts as one that may pass
   */
  send(message: Message, signal: AbortSignal, pictures?: readonly MessagePicture[]): Promise<void>
  /** Lets go of connections. */
  close(): void
}

/** Why a message was not taken. Its message holds no secret. */
export class DeliveryError extends Error {
  /** Whether it is of no use to try again with the same message. */
  readonly isFinal: boolean
  /** Milliseconds that the receiver asked to wait; null where it did not. */
  readonly retryAfter: number | null

  constructor(
    message: string,
    { isFinal = false, retryAfter = null as number | null, cause = undefined as unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'DeliveryError'
    this.isFinal = isFinal
    this.retryAfter = retryAfter
  }
}

/** Milliseconds that one try may take. */
export const TRY_LIMIT = 20_000

/**
 * The receiver of one channel. Null where nothing is set up.
 *
 * @param said what the dialog and its credentials say, by property
 * @param variableOf what the environment says under a name; empty where it says nothing
 * @throws MonitorError as `read` of the channel
 */
export function readNotifier<R extends { channel: string }>(
  notifier: NotifierType<R>,
  said: Readonly<Record<string, unknown>>,
  variableOf: (name: string, isSecret: boolean) => string,
): R | null {
  const own = (property: string) => textOf(said[property])
  const preset = (property: string) => {
    const { variable: name, input } = notifier.fields.find((field) => field.property === property) ?? {}
    return name === undefined ? '' : variableOf(name, input === 'secret')
  }
  const value = (property: string) => own(property) || preset(property)
  return notifier.read({ own, preset, value, isOn: (property) => said[property] !== false })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

/** @throws MonitorError `invalid-receiver` where it is no address of the web; the text is not shown, it may be secret */
export function webAddress(what: string, value: string): string {
  const url = URL.parse(value)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw invalidReceiver(`${what} must begin with https:// or http://`)
  }
  if (url.username !== '' || url.password !== '') throw invalidReceiver(`${what} must not hold a login`)
  return value
}

export function invalidReceiver(reason: string): MonitorError {
  return new MonitorError('invalid-receiver', `The receiver cannot be used: ${reason}`)
}
