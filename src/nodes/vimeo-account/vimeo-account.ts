import type { Node, NodeAPI, NodeDef } from 'node-red'
import { handleClose } from '../../node-red/close.ts'
import { createNode } from '../../node-red/config-version.ts'
import { monitorStates } from '../../node-red/monitor-states.ts'
import { accountSecretsOwner } from '../vimeo/access.ts'
import { VIMEO_ACCOUNT_TYPE, type VimeoAccountCredentials } from './vimeo-account.types.ts'

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
