import type { Node, NodeAPI, NodeDef } from 'node-red'
import { composeMessage, type Message } from '../../alerts/message.ts'
import {
  NOTIFIER_CREDENTIALS,
  notifierFor,
  originOf,
  type Receiver,
  type ReceiverOrigin,
  readReceiver,
} from '../../alerts/notifiers/notifiers.ts'
import { numberIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { createNode } from '../../node-red/config-version.ts'
import { deployedNode, knownCredentials, offerTrial, type Trial, type TrialAnswer } from '../../node-red/trial.ts'
import type { Alert } from '../../observation/alert.ts'
import { type Language, parseLanguage } from '../../observation/language.ts'
import { machineTimezone } from '../../observation/local-time.ts'
import { dashboardPath, dashboardUrl } from '../notify/dashboard-url.ts'

const TYPE = 'hmonitor-receiver'

/** Messages in an hour, where the dialog says nothing: one a minute. */
const PER_HOUR = 60

/** A `receiver` config node. */
export interface ReceiverNode extends Node<Record<string, string>> {
  /** Messages that it takes in an hour. */
  perHour: number
  channel: string
  /** Where it is set up. @throws MonitorError as `read` */
  origin(): ReceiverOrigin
  /** Sends a message that says it is a test. Never rejects: the answer says what is wrong. */
  test(receiver: Receiver, language: Language, signal: AbortSignal): Promise<TrialAnswer>
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
  offerTrial(RED, 'receiver', (trial) => {
    const receiver = () => {
      const known = deployedNode<Record<string, string>>(RED, TYPE, trial.id)?.credentials
      const credentials = knownCredentials(trial, Object.keys(NOTIFIER_CREDENTIALS), known)
      return readReceiver({ ...trial.fields, ...credentials }, process.env)
    }
    return sendTest(RED, receiver, trial)
  })

  /** @param saved what the dialog saves: a channel, the fields of all channels, and `perHour` */
  function ReceiverConfig(this: ReceiverNode, saved: NodeDef & Record<string, unknown>): void {
    const config = createNode(RED, this, saved)
    this.perHour = Math.max(1, Math.floor(numberIn(config.perHour) ?? PER_HOUR))
    this.channel = typeof config.channel === 'string' ? config.channel : ''
    const said = () => {
      const name = unsetVariable(config) ?? unsetVariable(this.credentials)
      if (name !== null) throw unsetVariableError(name)
      return { ...config, ...this.credentials }
    }
    this.read = () => readReceiver(said(), process.env)
    this.origin = () => originOf(said(), process.env)
    this.test = (receiver, language, signal) =>
      sendTest(RED, () => receiver, { say: (key, values) => RED._(key, { ...values, lng: language }), signal })
  }

  RED.nodes.registerType<ReceiverNode, NodeDef & Record<string, unknown>, object, Record<string, string>>(
    TYPE,
    ReceiverConfig,
    { credentials: NOTIFIER_CREDENTIALS },
  )
}

/** Sends a message through a receiver that may not be set up yet, and answers whether it was accepted. */
async function sendTest(
  RED: NodeAPI,
  read: () => Receiver | null,
  { say, signal }: Pick<Trial, 'say' | 'signal'>,
): Promise<TrialAnswer> {
  try {
    const receiver = read()
    if (receiver === null) return { state: 'unknown', text: say('test.nothing') }
    const notifier = notifierFor(receiver)
    try {
      await notifier.send(testMessage(Date.now(), dashboardUrl(dashboardPath(RED)), say), signal)
    } finally {
      notifier.close()
    }
    return { state: 'ok', text: say('test.sent') }
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
