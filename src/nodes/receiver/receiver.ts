import type { NodeAPI, NodeDef } from 'node-red'
import { readReceiver } from '../../alerts/receiver.ts'
import { numberIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import type { ReceiverCredentials, ReceiverNodeFields } from './receiver.types.ts'
import { RECEIVER_TYPE, type ReceiverNode } from './receiver-node.ts'
import { offerTest } from './test-route.ts'

/** Messages in an hour, where the dialog says nothing: one a minute. */
const PER_HOUR = 60

export default function register(RED: NodeAPI): void {
  offerTest(RED)

  function Receiver(this: ReceiverNode, config: NodeDef & ReceiverNodeFields): void {
    RED.nodes.createNode(this, config)
    this.perHour = Math.max(1, Math.floor(numberIn(config.perHour) ?? PER_HOUR))
    this.read = () => {
      const name = unsetVariable(config) ?? unsetVariable(this.credentials)
      if (name !== null) throw unsetVariableError(name)
      return readReceiver({ ...config, ...this.credentials }, process.env)
    }
  }

  RED.nodes.registerType<ReceiverNode, NodeDef & ReceiverNodeFields, object, ReceiverCredentials>(
    RECEIVER_TYPE,
    Receiver,
    {
      credentials: {
        user: { type: 'text' },
        password: { type: 'password' },
        slackUrl: { type: 'password' },
        webhookUrl: { type: 'password' },
        secret: { type: 'password' },
      },
    },
  )
}
