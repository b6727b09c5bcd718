import type { Node, NodeAPI, NodeDef } from 'node-red'
import { composeMessage, type Message } from '../../alerts/message.ts'
import { NOTIFIER_CREDENTIALS, notifierFor, type Receiver, readReceiver } from '../../alerts/notifiers/notifiers.ts'
import { numberIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { createNode } from '../../node-red/config-version.ts'
import { deployedNode, knownCredentials, offerTrial, type Trial, type TrialAnswer } from '../../node-red/trial.ts'
import type { Alert } from '../../observation/alert.ts'
import { parseLanguage } from '../../observation/language.ts'
import { machineTimezone } from '../../observation/local-time.ts'
import { dashboardPath, dashboardUrl } from '../notify/dashboard-url.ts'

const TYPE = 'hmonitor-receiver'

/** Messages in an hour, where the dialog says nothing: one a minute. */
const PER_HOUR = 60

/** A `receiver` config node. */
export interface ReceiverNode extends Node<Record<string, string>> {
  /** Messages that it takes in an hour. */
  perHour: number
  /**
   * Where it sends; null where nothing is set up. Read anew each time, because a secret may stand in a file.
   * @throws MonitorError where its dialog and the environment do not make a receiver
   */
  read(): Receiver | null
}

/** The config node of a receiver, where there is one. */
export function receiverNode(RED: NodeAPI, id: unknown): ReceiverNode | null {
  const node: Node | null | undefined = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null
  return node?.type === TYPE ? (node as ReceiverNode) : null
}

export default function register(RED: NodeAPI): void {
  offerTrial(RED, 'receiver', (trial) => sendTest(RED, trial))

  /** @param saved what the dialog saves: a channel, the fields of all channels, and `perHour` */
  function ReceiverConfig(this: ReceiverNode, saved: NodeDef & Record<string, unknown>): void {
    const config = createNode(RED, this, saved)
    this.perHour = Math.max(1, Math.floor(numberIn(config.perHour) ?? PER_HOUR))
    this.read = () => {
      const name = unsetVariable(config) ?? unsetVariable(this.credentials)
      if (name !== null) throw unsetVariableError(name)
      return readReceiver({ ...config, ...this.credentials }, process.env)
    }
  }

  RED.nodes.registerType<ReceiverNode, NodeDef & Record<string, unknown>, object, Record<string, string>>(
    TYPE,
    ReceiverConfig,
    { credentials: NOTIFIER_CREDENTIALS },
  )
}

/** Sends a message with what the dialog says now, and answers whether it was accepted. */
async function sendTest(RED: NodeAPI, trial: Trial): Promise<TrialAnswer> {
  try {
    const known = deployedNode<Record<string, string>>(RED, TYPE, trial.id)?.credentials
    const credentials = knownCredentials(trial, Object.keys(NOTIFIER_CREDENTIALS), known)
    const receiver = readReceiver({ ...trial.fields, ...credentials }, process.env)
    if (receiver === null) return { state: 'unknown', text: trial.say('test.nothing') }
    const notifier = notifierFor(receiver)
    try {
      await notifier.send(testMessage(Date.now(), dashboardUrl(dashboardPath(RED)), trial.say), trial.signal)
    } finally {
      notifier.close()
    }
    return { state: 'ok', text: trial.say('test.sent') }
  } catch (error) {
    return { state: 'down', text: error instanceof Error ? error.message : String(error) }
  }
}

/** What the test button sends, in the language of who pressed it: it looks like any other message and says that it is a test. */
function testMessage(at: number, dashboardUrl: string | null, say: Trial['say']): Message {
  const time = new Date(at).toISOString()
  const alert: Alert = {
    id: 'test',
    alertname: 'HmonitorTest',
    severity: 'warning',
    kind: 'monitor',
    target: 'test',
    monitor: '',
    site: '',
    status: 'firing',
    change: 'firing',
    startsAt: time,
    time,
    labels: {},
    effects: [],
    via: 'notify',
    issue: {
      type: 'test',
      severity: 'warning',
      since: time,
      measured: say('test.measured'),
      expected: say('test.expected'),
      summary: say('test.summary'),
      remedy: [say('test.remedy')],
    },
  }
  return {
    ...composeMessage([alert], dashboardUrl, machineTimezone(), parseLanguage(say('test.language'), 'The test')),
    subject: say('test.subject'),
  }
}
