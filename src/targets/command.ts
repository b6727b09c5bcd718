import { MonitorError } from '../observation/errors.ts'
import { parseMessage } from '../observation/messages.ts'
import type { Kind } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'

/** Watch this target from now on. An equal one changes nothing; another one of the same name takes its place. */
export interface WatchCommand {
  action: 'watch'
  kind: Kind
  /** Who sent it and will confirm it, and may end it by *keep*. A watch without owner goes on until *unwatch*. */
  owner?: string
  /** Whoever watches this kind checks it with `parseTarget`; the others pass it over. */
  target: unknown
}

export interface UnwatchCommand {
  action: 'unwatch'
  kind: Kind
  name: string
}

/** What this owner once sent and does not name here is unwatched. */
export interface KeepCommand {
  action: 'keep'
  kind: Kind
  owner: string
  names: string[]
}

/** Says whether a target should be on the air. */
export interface ExpectCommand {
  action: 'expect'
  kind: Kind
  name: string
  expected: boolean
  /** Milliseconds since the epoch; without it until the opposite is said. */
  until?: number
}

/** Asks once what a stream is made of: a watched one by name, or any by URL. */
export type InspectCommand = { action: 'inspect'; profile?: string } & ({ name: string } | { url: string })

/** Asks for a picture of a watched stream. */
export interface PictureCommand {
  action: 'picture'
  name: string
}

/** What is asked of the node itself, which answers on its third output. */
export type Question = InspectCommand | PictureCommand

export type Command = WatchCommand | UnwatchCommand | KeepCommand | ExpectCommand | Question

const ACTIONS = ['watch', 'unwatch', 'keep', 'expect', 'inspect', 'picture'] as const

export function isQuestion(command: Command): command is Question {
  return command.action === 'inspect' || command.action === 'picture'
}

/**
 * Checks the payload of a message to a probe node.
 *
 * @param own the node's own kind, for messages that name none
 * @throws MonitorError `invalid-message`: what is wrong and how it is written. The target of a *watch* is not looked at.
 */
export function parseCommand(payload: unknown, own?: Kind): Command {
  const action = actionOf(payload)
  if (action === 'inspect' || action === 'picture') return withoutNull(parseMessage<Question>(action, payload))
  const { kind = own, ...command } = withoutNull(parseMessage<Partial<Command> & { kind?: Kind }>(action, payload))
  if (kind === undefined) return refuse(`${action}: "kind" is missing`)
  const { until } = command as { until?: string | number }
  // It was checked above, all but the kind, which is there now.
  return { ...command, kind, ...(typeof until === 'string' && { until: Date.parse(until) }) } as Command
}

function actionOf(payload: unknown): Command['action'] {
  if (!isRecord(payload)) {
    const form = "an object such as { action: 'watch', kind: 'stream', target: { name, url } }"
    if (payload === undefined) refuse(`msg.payload is missing; send ${form}`)
    if (typeof payload === 'string') refuse(`msg.payload is text; send ${form}, or put a json node before this one`)
    refuse(`msg.payload must be ${form}`)
  }
  const { action } = payload
  const known = ACTIONS.find((each) => each === action)
  if (known !== undefined) return known
  refuse(`msg.payload.action ${action === undefined ? 'is missing; it must' : 'must'} be one of ${ACTIONS.join(', ')}`)
}

/** In a command, null is the same as nothing. */
function withoutNull<T extends object>(command: T): T {
  return Object.fromEntries(Object.entries(command).filter(([, value]) => value !== null)) as T
}

function refuse(message: string): never {
  throw new MonitorError('invalid-message', message)
}
