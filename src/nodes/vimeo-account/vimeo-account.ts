import type { Node, NodeAPI, NodeDef } from 'node-red'
import { createNode } from '../../node-red/config-version.ts'
import { handleClose } from '../../node-red/lifecycle.ts'
import { monitorStates } from '../../node-red/monitor-states.ts'
import { accountSecretsOwner, VIMEO_ACCOUNT_TYPE, type VimeoAccountCredentials } from '../vimeo/access.ts'

export default function register(RED: NodeAPI): void {
  function VimeoAccount(this: Node<VimeoAccountCredentials>, config: NodeDef): void {
    createNode(RED, this, config)
    // The `vimeo` nodes put its token where it is looked for in what leaves; with the account that ends.
    handleClose(this, (removed) => {
      if (!removed) return
      for (const { secrets } of monitorStates()) secrets.removeOwner(accountSecretsOwner(this.id))
    })
  }

  RED.nodes.registerType<Node<VimeoAccountCredentials>, NodeDef, object, VimeoAccountCredentials>(
    VIMEO_ACCOUNT_TYPE,
    VimeoAccount,
    { credentials: { token: { type: 'password' } } },
  )
}
