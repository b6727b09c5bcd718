import { MonitorError } from '../observation/errors.ts'
import { KINDS, type Kind } from '../observation/observation.ts'
import { unknownKey } from './schema-faults.ts'

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

export type Command = WatchCommand | UnwatchCommand | KeepCommand | ExpectCommand | InspectCommand

/** Every action and the keys it may have. */
const KEYS: Readonly<Record<Command['action'], readonly string[]>> = {
  watch: ['action', 'kind', 'owner', 'target'],
  unwatch: ['action', 'kind', 'name'],
  keep: ['action', 'kind', 'owner', 'names'],
  expect: ['action', 'kind', 'name', 'expected', 'until'],
  inspect: ['action', 'kind', 'name', 'url', 'profile'],
}

const ACTIONS = Object.keys(KEYS).join(', ')

const LONGEST_TEXT = 256
const LONGEST_URL = 2048
const MOST_NAMES = 100_000
/** September 2001 in milliseconds. A number below it is meant as seconds, and would lie in the past. */
const EARLIEST_UNTIL = 1e12

/**
 * Checks the payload of a message to a probe node.
 *
 * @param kind the node's own, for messages that name none
 * @throws MonitorError `invalid-message`: what is wrong and how it is written. The target of a *watch* is not looked at.
 */
export function parseCommand(payload: unknown, kind?: Kind): Command {
  const fields = fieldsOf(payload)
  const action = actionOf(fields)
  const unknown = Object.keys(fields).find((key) => !KEYS[action].includes(key))
  if (unknown !== undefined) {
    const { sentence, suggestion } = unknownKey(unknown, KEYS[action], Object.keys(fields))
    refuse(`${action}: ${sentence}${suggestion === null ? ` (known are ${KEYS[action].join(', ')})` : ''}`)
  }
  switch (action) {
    case 'watch':
      return parseWatch(fields, kind)
    case 'unwatch':
      return { action, kind: kindOf(action, fields, kind), name: text(action, fields, 'name') }
    case 'keep':
      return { action, kind: kindOf(action, fields, kind), owner: text(action, fields, 'owner'), names: names(fields) }
    case 'expect':
      return parseExpect(fields, kind)
    case 'inspect':
      return parseInspect(fields)
  }
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(payload: unknown): Fields {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload as Fields
  const form = "an object such as { action: 'watch', kind: 'stream', target: { name, url } }"
  if (payload === undefined) refuse(`msg.payload is missing; send ${form}`)
  if (typeof payload === 'string') refuse(`msg.payload is text; send ${form}, or put a json node before this one`)
  refuse(`msg.payload must be ${form}`)
}

function actionOf({ action }: Fields): Command['action'] {
  if (typeof action === 'string' && Object.hasOwn(KEYS, action)) return action as Command['action']
  refuse(
    `msg.payload.action ${action === undefined ? 'is missing; it' : ''} must be one of ${ACTIONS}`.replace('  ', ' '),
  )
}

function parseWatch(fields: Fields, own: Kind | undefined): WatchCommand {
  const { owner, target } = fields
  const kind = kindOf('watch', fields, own)
  if (typeof target !== 'object' || target === null) refuse('watch: target must be an object such as { name, url }')
  if (owner === undefined || owner === null) return { action: 'watch', kind, target }
  return { action: 'watch', kind, owner: text('watch', fields, 'owner'), target }
}

function parseExpect(fields: Fields, own: Kind | undefined): ExpectCommand {
  const { expected, until } = fields
  const command: ExpectCommand = {
    action: 'expect',
    kind: kindOf('expect', fields, own),
    name: text('expect', fields, 'name'),
    expected: typeof expected === 'boolean' ? expected : refuse('expect: expected must be true or false'),
  }
  if (until === undefined || until === null) return command
  const time = typeof until === 'string' ? Date.parse(until) : until
  if (typeof time === 'number' && time >= EARLIEST_UNTIL) return { ...command, until: time }
  refuse('expect: until must be a time such as "2026-01-31T11:30:00Z", or milliseconds since 1970')
}

function parseInspect(fields: Fields): InspectCommand {
  const { name, url, profile } = fields
  if ((name === undefined) === (url === undefined)) refuse('inspect: give either the name of a watched stream or a url')
  const subject =
    name === undefined
      ? { url: text('inspect', fields, 'url', LONGEST_URL) }
      : { name: text('inspect', fields, 'name') }
  if (profile === undefined || profile === null) return { action: 'inspect', ...subject }
  return { action: 'inspect', ...subject, profile: text('inspect', fields, 'profile') }
}

function kindOf(action: string, { kind }: Fields, own: Kind | undefined): Kind {
  if (kind === undefined && own !== undefined) return own
  const found = KINDS.find((known) => known === kind)
  return found ?? refuse(`${action}: kind must be one of ${KINDS.join(', ')}`)
}

function text(action: string, fields: Fields, key: string, longest = LONGEST_TEXT): string {
  const value = fields[key]
  if (value === undefined) refuse(`${action}: ${key} is missing`)
  if (typeof value !== 'string' || value === '' || value.length > longest) {
    refuse(`${action}: ${key} must be text of 1 to ${longest} characters`)
  }
  return value
}

function names({ names }: Fields): string[] {
  const isList = Array.isArray(names) && names.length <= MOST_NAMES && names.every((name) => typeof name === 'string')
  return isList ? [...names] : refuse('keep: names must be a list of names')
}

function refuse(message: string): never {
  throw new MonitorError('invalid-message', message)
}
