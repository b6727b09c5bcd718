import { type Environment, secretVariable, variable } from '../../secrets/variables.ts'
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

/**
 * The receiver that a dialog describes, with what it leaves empty taken from the environment. Null where neither says
 * where to send to: then nothing is set up, which is no fault.
 *
 * @param said what the dialog and its credentials say, by property
 * @throws MonitorError `invalid-receiver` that names the field, `unreadable-file`
 */
export function readReceiver(said: Readonly<Record<string, unknown>>, environment: Environment): Receiver | null {
  return readNotifier(typeOf(said.channel), said, (name, isSecret) =>
    isSecret ? secretVariable(environment, name) : variable(environment, name),
  )
}

/** What sends to a receiver. */
export function notifierFor(receiver: Receiver): Notifier {
  return typeOf(receiver.channel).open(receiver)
}

function typeOf(channel: unknown): NotifierType<Receiver> {
  const found = NOTIFIERS.find((notifier) => notifier.channel === channel)
  if (found !== undefined) return found
  throw invalidReceiver(`the channel must be one of ${NOTIFIERS.map((notifier) => notifier.channel).join(', ')}`)
}
