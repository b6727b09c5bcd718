/** The route behind a dialog's test button: tries what the dialog says now, deployed or not. */

import type { Node, NodeAPI } from 'node-red'
import { AbortScope } from '../connection/abort-scope.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Say } from '../observation/kind.ts'
import { parseMessage } from '../observation/messages.ts'

/** Before the node's short name; relative to where the editor is. */
const PATH = '/hmonitor/try'
/** Who may press the button, in Node-RED's words for permissions. */
const PERMISSION = 'hmonitor.write'
/** Seconds after which a trial is given up. */
export const TRIAL_TIME = 25
/** What the editor puts into a password field that holds a value that it does not know. */
const UNCHANGED = '__PWRD__'

export type TrialState = 'ok' | 'degraded' | 'down' | 'unknown'

/** What the dialog shows. Lines of text for a person, without secrets. */
export interface TrialAnswer {
  state: TrialState
  text: string
}

/** What somebody wants to try. */
export interface Trial {
  /** Of the node in the editor. */
  id: string
  /** Of the dialog, by property; passwords that only the runtime knows stand as in `knownCredentials`. */
  fields: Readonly<Record<string, string | boolean>>
  /** In the language of who asks, as far as the node has it. */
  say: Say
  /** Aborted when nobody waits any more, or the time is over. */
  signal: AbortSignal
}

interface Request {
  body?: unknown
  headers: { 'accept-language'?: string | undefined }
}
interface Response {
  writableEnded: boolean
  on(event: 'close', listener: () => void): unknown
  status(code: number): { json(body: object): void }
}

/**
 * Offers `POST hmonitor/try/<kind>`, to whoever has the permission `hmonitor.write`. One trial of a kind runs at a time,
 * for `TRIAL_TIME` at most.
 *
 * @param run may throw: the message of the error is the answer, so it must not hold a secret
 */
export function offerTrial(RED: NodeAPI, kind: string, run: (trial: Trial) => Promise<TrialAnswer>): void {
  let isRunning = false
  RED.httpAdmin.post(
    `${PATH}/${kind}`,
    RED.auth.needsPermission(PERMISSION),
    async (request: Request, response: Response) => {
      const say = sayIn(RED, request.headers['accept-language'])
      if (isRunning) {
        response.status(429).json({ state: 'unknown', text: say('common.try.busy') })
        return
      }
      isRunning = true
      const scope = new AbortScope(null, TRIAL_TIME)
      response.on(
        'close',
        guarded('trial', () => (response.writableEnded ? undefined : scope.abort())),
      )
      try {
        const trial = parseMessage<Partial<Pick<Trial, 'id' | 'fields'>>>('trial', request.body)
        response.status(200).json(await run({ id: '', fields: {}, ...trial, say, signal: scope.signal }))
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        response.status(200).json({ state: 'unknown', text })
      } finally {
        scope.end()
        isRunning = false
      }
    },
  )
}

/** The deployed node of an id, where there is one and it is of that type. */
export function deployedNode<C extends object>(RED: NodeAPI, type: string, id: string): Node<C> | null {
  const node: Node | null | undefined = RED.nodes.getNode(id)
  return node?.type === type ? (node as Node<C>) : null
}

/** Fills in the passwords that the editor shows as stars, from the deployed node. */
export function knownCredentials<C extends object>(
  { fields }: Pick<Trial, 'fields'>,
  names: readonly (string & keyof C)[],
  known: Partial<C> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [name, fields[name] === UNCHANGED ? (known?.[name] ?? '') : (fields[name] ?? '')]),
  )
}

/** Texts of the node set. Node-RED has loaded those of the editor's language when the editor was opened. */
function sayIn(RED: NodeAPI, accepted: string | undefined): Say {
  const [language] = /^[a-z]{2,3}(?:-[a-z]{2,4})?/i.exec(accepted ?? '') ?? []
  return (key, values) => RED._(key, { ...values, ...(language !== undefined && { lng: language }) })
}
