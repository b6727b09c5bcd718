import type { Node, NodeAPI } from 'node-red'
import type { MonitorState } from '../../monitor/state.ts'
import { textIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { MonitorError } from '../../observation/errors.ts'
import { type Access, VimeoAccount } from '../../platform/vimeo-account.ts'
import { parseApiAddress } from '../../platform/vimeo-request.ts'
import { type Environment, Variables } from '../../secrets/variables.ts'

export const VIMEO_ACCOUNT_TYPE = 'hmonitor-vimeo-account'

export interface VimeoAccountCredentials {
  token?: string
}

const VARIABLE = 'VIMEO_ACCESS_TOKEN'
const ADDRESS = 'VIMEO_API_URL'

/** Owner of an account's token in a monitor's secret store. */
export function accountSecretsOwner(accountId: string): string {
  return `${accountId}/token`
}

/**
 * The account of a node, by the config node that its dialog names. Without one, or where that one has no token, the
 * environment's token applies.
 */
export function accountOf(RED: NodeAPI, state: MonitorState, configured: unknown): VimeoAccount {
  const id = textIn(configured) === '_ADD_' ? '' : textIn(configured)
  if (id !== '') keepToken(RED, state, id)
  // What shares one token shares what Vimeo allows it.
  const known = state.shared('platform', () => new Map<string, VimeoAccount>())
  const account =
    known.get(id) ??
    new VimeoAccount({
      clock: state.clock,
      onChanged: (listener) =>
        state.secrets.onChanged((name) => (name === (id === '' ? VARIABLE : nameOf(id)) ? listener() : undefined)),
      access: id === '' ? environmentAccess(state, process.env) : configuredAccess(RED, state, id),
    })
  known.set(id, account)
  return account
}

/** A token of the dialog goes to Vimeo itself and nowhere else, whatever the environment says. */
function configuredAccess(RED: NodeAPI, state: MonitorState, id: string): () => Promise<Access> {
  const environment = environmentAccess(state, process.env)
  return async () => {
    const token = state.secrets.valueOf(nameOf(id))
    const unset = unsetVariable(accountNode(RED, id)?.credentials?.token)
    if (unset !== null) return { lacking: unsetVariableError(unset).message }
    if (token !== undefined) return { token, address: null }
    if (accountNode(RED, id) !== null) return environment()
    return { lacking: 'the Vimeo account that the node names does not exist or is disabled; choose another' }
  }
}

/** The token of the environment and the address that belongs to it: a simulator's token is worth nothing at Vimeo. */
function environmentAccess(state: MonitorState, environment: Environment): () => Promise<Access> {
  const last = new Map<string, string>()
  return async () => {
    const { values, missing } = await new Variables(environment, last).resolve([VARIABLE])
    const token = values.get(VARIABLE)
    if (token === undefined) {
      const set = Boolean(environment[VARIABLE] || environment[`${VARIABLE}_FILE`])
      const why = set ? (missing.get(VARIABLE)?.message ?? '') : `neither an account nor ${VARIABLE} has one`
      return { lacking: why }
    }
    state.secrets.put(VARIABLE, VARIABLE, token)
    try {
      const address = environment[ADDRESS]
      return { token, address: address ? parseApiAddress(address) : null }
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error
      return { lacking: error.message }
    }
  }
}

/** Puts the token where it is found by the account, and taken out of every text that leaves. */
function keepToken(RED: NodeAPI, { secrets }: MonitorState, id: string): void {
  const token = textIn(accountNode(RED, id)?.credentials?.token)
  if (token === '') secrets.removeOwner(accountSecretsOwner(id))
  else secrets.put(accountSecretsOwner(id), nameOf(id), token)
}

function nameOf(id: string): string {
  return `node.${id}.token`
}

function accountNode(RED: NodeAPI, id: string): Node<VimeoAccountCredentials> | null {
  const node: Node | null | undefined = RED.nodes.getNode(id)
  return node?.type === VIMEO_ACCOUNT_TYPE ? (node as Node<VimeoAccountCredentials>) : null
}
