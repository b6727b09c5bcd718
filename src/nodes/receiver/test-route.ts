import type { NodeAPI } from 'node-red'
import { notifierFor } from '../../alerts/notifiers/notifiers.ts'
import { readReceiver } from '../../alerts/receiver.ts'
import { deployedNode, knownCredentials, offerTrial, type Trial, type TrialAnswer } from '../../node-red/trial.ts'
import { dashboardPath, dashboardUrl } from '../notify/dashboard-url.ts'
import type { ReceiverCredentials } from './receiver.types.ts'
import { RECEIVER_TYPE } from './receiver-node.ts'
import { testMessage } from './test-message.ts'

const CREDENTIALS = ['user', 'password', 'slackUrl', 'webhookUrl', 'secret'] as const

/** The route behind the test button: sends a message with what the dialog says and answers whether it was taken. */
export function offerTest(RED: NodeAPI): void {
  offerTrial(RED, 'receiver', (trial) => sendTest(RED, trial))
}

async function sendTest(RED: NodeAPI, trial: Trial): Promise<TrialAnswer> {
  try {
    const known = deployedNode<ReceiverCredentials>(RED, RECEIVER_TYPE, trial.id)?.credentials
    const credentials = knownCredentials<ReceiverCredentials>(trial, CREDENTIALS, known)
    const receiver = readReceiver({ ...trial.fields, ...credentials }, process.env)
    if (receiver === null) return { state: 'unknown', text: trial.say('test.nothing') }
    const notifier = notifierFor(receiver)
    try {
      await notifier.send(testMessage(Date.now(), dashboardUrl(dashboardPath(RED))), trial.signal)
    } finally {
      notifier.close()
    }
    return { state: 'ok', text: trial.say('test.sent') }
  } catch (error) {
    return { state: 'down', text: error instanceof Error ? error.message : String(error) }
  }
}
