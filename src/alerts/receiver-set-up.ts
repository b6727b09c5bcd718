/** A receiver that somebody sets up with a form: what he sees of it, and what is written. */

import { MonitorError } from '../observation/errors.ts'
import { ownEntry } from '../observation/shape.ts'
import type { Environment } from '../secrets/variables.ts'
import { readMode } from './mode.ts'
import { invalidReceiver, type NotifierField, type NotifierType } from './notifiers/notifier.ts'
import { notifierOf, type Receiver, receiverIn } from './notifiers/notifiers.ts'
import { RECEIVERS_FILE, type ReceiverEntry, readReceivers, receiversFile, writeReceivers } from './receivers-file.ts'

/** What stands in the place of a secret. Where it comes back unchanged, the secret stays what it was. */
const HIDDEN = '***'

/** Characters of one value: more than the address of any service has. */
const LONGEST = 2000

/**
 * Why no receiver may be changed here; null where they may.
 *
 * @param isShard whether several monitors share the targets
 */
export function receiversRefusal(environment: Environment, isShard: boolean): string | null {
  if (receiversFile(environment) === '') {
    return `Receivers are set up by variables, or in the flow editor, here: ${RECEIVERS_FILE} names no file that the dashboard may change`
  }
  if (isShard) return 'Several monitors tell people here: set the receivers up by variables, for all of them'
  if (readMode(environment).mode !== 'none') {
    return 'Alertmanager tells people here: set its receivers up by variables (.env), or in alertmanager.yml'
  }
  return null
}

/** An entry as it may be shown: what is secret in it is `***`. */
export function shownReceiver(type: NotifierType<Receiver>, entry: ReceiverEntry): ReceiverEntry {
  const isSecret = (property: string) => fieldOf(type, property)?.input === 'secret'
  return Object.fromEntries(
    Object.entries(entry).map(([property, value]) => [property, isSecret(property) && value !== '' ? HIDDEN : value]),
  )
}

/**
 * The receiver that somebody sent, with the secrets that he did not see, and what is to be written of it.
 *
 * @throws MonitorError `invalid-receiver` that names the field, and as `readReceivers`
 */
export function proposedReceiver(
  environment: Environment,
  channel: string,
  sent: Readonly<Record<string, unknown>>,
): { entry: ReceiverEntry; receiver: Receiver } {
  const type = notifierOf(channel)
  const before = ownEntry<ReceiverEntry>(readReceivers(receiversFile(environment)), channel) ?? {}
  const entry = withSecretsOf(type, bounded(type, sent), before)
  const receiver = receiverIn(channel, entry)
  if (receiver !== null) return { entry, receiver }
  const lacking = type.fields.find(({ isNeeded, property }) => isNeeded && entry[property] === undefined)
  throw invalidReceiver(`${lacking?.variable ?? 'where to send to'} is missing`)
}

/** What may be written at all of what was sent. */
function bounded(type: NotifierType<Receiver>, sent: Readonly<Record<string, unknown>>): ReceiverEntry {
  const kept: Record<string, string | boolean> = {}
  for (const [property, value] of Object.entries(sent)) {
    const field = fieldOf(type, property)
    if (field === undefined) throw invalidReceiver(`"${property.slice(0, 40)}" is no field of ${type.channel}`)
    const name = field.variable ?? property
    if (field.input === 'flag') {
      if (typeof value !== 'boolean') throw invalidReceiver(`${name} must be true or false`)
      if (!value) kept[property] = false
      continue
    }
    const text = typeof value === 'string' ? value.trim() : null
    if (text === null || text.length > LONGEST || /\p{Cc}/u.test(text)) {
      throw invalidReceiver(`${name} must be one line of text, of at most ${LONGEST} characters`)
    }
    if (text !== '') kept[property] = text
  }
  return kept
}

/** A secret that was not shown goes only to where it went before. */
function withSecretsOf(type: NotifierType<Receiver>, sent: ReceiverEntry, before: ReceiverEntry): ReceiverEntry {
  const hidden = type.fields.filter(({ property, input }) => input === 'secret' && sent[property] === HIDDEN)
  if (hidden.length === 0) return sent
  const isElsewhere = type.fields.some(
    (field) => field.isServer && !hidden.includes(field) && sent[field.property] !== before[field.property],
  )
  const secrets = hidden.map(({ property, variable = property }) => {
    const secret = before[property]
    if (secret === undefined || isElsewhere) {
      throw invalidReceiver(
        `${variable}: ${HIDDEN} stands for a secret that is not shown; write it again, as it would go somewhere else`,
      )
    }
    return [property, secret] as const
  })
  return { ...sent, ...Object.fromEntries(secrets) }
}

/**
 * Writes or, with null, removes the receiver of a channel. Others stay as they are.
 *
 * @throws MonitorError `unknown-target` where there is none to remove, and as `readReceivers` and `writeReceivers`
 */
export function changeReceiver(environment: Environment, channel: string, entry: ReceiverEntry | null): void {
  const path = receiversFile(environment)
  const { [channel]: old, ...others } = readReceivers(path)
  if (entry === null && old === undefined) {
    throw new MonitorError('unknown-target', `No receiver "${channel}" stands in ${path}; somebody may have changed it`)
  }
  writeReceivers(path, entry === null ? others : { ...others, [channel]: entry })
}

function fieldOf(type: NotifierType<Receiver>, property: string): NotifierField | undefined {
  return type.fields.find((field) => field.property === property)
}
