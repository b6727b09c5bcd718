import type { NodeAPI } from 'node-red'
import { notifierFor } from '../../alerts/notifiers/notifiers.ts'
import { type ReceiverFields, readReceiver } from '../../alerts/receiver.ts'
import { dashboardUrl } from '../notify/dashboard-url.ts'
import type { ReceiverCredentials } from './receiver.types.ts'
import { RECEIVER_TYPE, receiverNode } from './receiver-node.ts'
import { testMessage } from './test-message.ts'

/** Relative to where the editor is. */
export const TEST_PATH = 'rtmp-hmonitor/receivers/test'

/** What the editor puts into a password field that holds a value that it does not know. */
const UNCHANGED = '__PWRD__'

const CREDENTIALS = ['user', 'password', 'slackUrl', 'webhookUrl', 'secret'] as const

interface Request {
  body?: unknown
}
interface Response {
  status(code: number): { json(body: object): void }
}

/**
 * The route behind the test button: sends a message with what the dialog says now, deployed or not, and answers
 * whether it was taken. Only for who may change receivers.
 */
export function offerTest(RED: NodeAPI): void {
  RED.httpAdmin.post(
    `/${TEST_PATH}`,
    RED.auth.needsPermission(`${RECEIVER_TYPE}.write`),
    async (request: Request, response: Response) => {
      const answer = await sendTest(RED, request.body)
      response.status(answer.ok ? 200 : 422).json(answer)
    },
  )
}

async function sendTest(RED: NodeAPI, body: unknown): Promise<{ ok: boolean; message: string }> {
  try {
    const { id, ...given } = (typeof body === 'object' && body !== null ? body : {}) as {
      id?: unknown
    } & ReceiverFields
    const receiver = readReceiver(withKnown(given, receiverNode(RED, id)?.credentials ?? {}), process.env)
    if (receiver === null) return { ok: false, message: RED._('test.nothing') }
    const notifier = notifierFor(receiver)
    try {
      await notifier.send(testMessage(Date.now(), dashboardUrl()), new AbortController().signal)
    } finally {
      notifier.close()
    }
    return { ok: true, message: RED._('test.sent') }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** The editor does not know the passwords that it shows as stars. */
function withKnown(given: ReceiverFields, known: ReceiverCredentials): ReceiverFields {
  const fields: ReceiverFields = { ...given }
  for (const name of CREDENTIALS) if (fields[name] === UNCHANGED) fields[name] = known[name] ?? ''
  return fields
}
