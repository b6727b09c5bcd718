import { ownEntry } from '../../observation/shape.ts'
import { type Environment, secretVariable, variable } from '../../secrets/variables.ts'
import { type ReceiverEntry, readReceivers, receiversFile } from '../receivers-file.ts'
import { DISCORD } from './discord.ts'
import { EMAIL } from './email.ts'
import { invalidReceiver, type Notifier, type NotifierField, type NotifierType, readNotifier } from './notifier.ts'
import { NTFY } from './ntfy.ts'
import { PUSHOVER } from './pushover.ts'
import { SLACK } from './slack.ts'
import { TEAMS } from './teams.ts'
import { TELEGRAM } from './telegram.ts'
import { WEBHOOK } from './webhook.ts'

/** Every way to reach people, in the order in which the dialog offers them. A new one is a row here. */
const TABLE = [EMAIL, NTFY, TELEGRAM, PUSHOVER, SLACK, DISCORD, TEAMS, WEBHOOK] as const

/** Where messages go. */
export type Receiver = NonNullable<ReturnType<(typeof TABLE)[number]['read']>>

export const NOTIFIERS: readonly NotifierType<Receiver>[] = TABLE

/** What the dialog of a receiver asks, whatever its channel. */
export const NOTIFIER_FIELDS: readonly NotifierField[] = NOTIFIERS.flatMap(({ fields }) => fields)

/** The credentials of a receiver, by property, as Node-RED wants them told. */
export const NOTIFIER_CREDENTIALS: Readonly<Record<string, { type: 'text' | 'password' }>> = Object.fromEntries(
  NOTIFIER_FIELDS.filter(({ input }) => input === 'login' || input === 'secret').map(({ property, input }) => [
    property,
    { type: input === 'secret' ? 'password' : 'text' },
  ]),
)

/** Where a receiver is set up: in its dialog, in the file that the dashboard writes, or else by variables. */
export type ReceiverOrigin = 'dialog' | 'file' | 'environment'

/**
 * Which of the three counts: the first that says anything. What a dialog leaves empty comes from the environment.
 *
 * @param said as in `readReceiver`
 * @throws MonitorError as `readReceivers`
 */
export function originOf(said: Readonly<Record<string, unknown>>, environment: Environment): ReceiverOrigin {
  const { channel, fields } = notifierOf(said.channel)
  const isSaid = ({ property, input }: NotifierField) =>
    input !== 'flag' && input !== 'choice' && String(said[property] ?? '').trim() !== ''
  if (fields.some(isSaid)) return 'dialog'
  return entryOf(channel, environment) === undefined ? 'environment' : 'file'
}

/**
 * The receiver that a dialog describes, or else the dashboard's file, or else the environment. Null where nothing says
 * where to send to: then nothing is set up, which is no fault.
 *
 * @param said what the dialog and its credentials say, by property
 * @throws MonitorError `invalid-receiver` that names the field, `unreadable-file`, `invalid-file`
 */
export function readReceiver(said: Readonly<Record<string, unknown>>, environment: Environment): Receiver | null {
  const type = notifierOf(said.channel)
  const written = entryOf(type.channel, environment)
  if (written !== undefined && originOf(said, environment) === 'file') return receiverIn(type.channel, written)
  return readNotifier(type, said, (name, isSecret) =>
    isSecret ? secretVariable(environment, name) : variable(environment, name),
  )
}

/** The receiver of an entry of the dashboard's file, to which no variable adds anything. @throws MonitorError `invalid-receiver` */
export function receiverIn(channel: string, entry: ReceiverEntry): Receiver | null {
  return readNotifier(notifierOf(channel), entry, () => '')
}

function entryOf(channel: string, environment: Environment): ReceiverEntry | undefined {
  return ownEntry<ReceiverEntry>(readReceivers(receiversFile(environment)), channel)
}

/** What sends to a receiver. */
export function notifierFor(receiver: Receiver): Notifier {
  return notifierOf(receiver.channel).open(receiver)
}

/** How a channel sends. @throws MonitorError `invalid-receiver` where there is none of that name */
export function notifierOf(channel: unknown): NotifierType<Receiver> {
  const found = NOTIFIERS.find((notifier) => notifier.channel === channel)
  if (found !== undefined) return found
  throw invalidReceiver(`the channel must be one of ${NOTIFIERS.map((notifier) => notifier.channel).join(', ')}`)
}
