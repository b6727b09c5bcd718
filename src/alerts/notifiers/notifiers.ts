import type { Receiver } from '../receiver.ts'
import { emailNotifier } from './email.ts'
import type { Notifier } from './notifier.ts'
import { slackNotifier } from './slack.ts'
import { webhookNotifier } from './webhook.ts'

/** What sends to a receiver. */
export function notifierFor(receiver: Receiver): Notifier {
  if (receiver.channel === 'email') return emailNotifier(receiver)
  return receiver.channel === 'slack' ? slackNotifier(receiver) : webhookNotifier(receiver)
}
