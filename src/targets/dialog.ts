import type { Kind } from '../observation/observation.ts'

/** How a field of a dialog is filled in. `windows` belongs to `expected`, `node` chooses a config node. */
export type DialogInput =
  | 'text'
  | 'secret'
  | 'number'
  | 'choice'
  | 'flag'
  | 'list'
  | 'json'
  | 'labels'
  | 'expected'
  | 'windows'
  | 'node'

/** Where a field stands: before all groups, or in one that can be opened. In the order of a dialog. */
export const DIALOG_GROUPS = ['main', 'expect', 'judge', 'measure', 'connection', 'relations'] as const
export type DialogGroup = (typeof DIALOG_GROUPS)[number]

/** A field of a probe node's dialog, made from the definition of its target in `targets.schema.json`. */
export interface DialogField {
  /** The property or credential of the node. Its texts stand under this name. */
  property: string
  /** The key of the target; left out where the target has none. */
  field?: string
  input: DialogInput
  group: DialogGroup
  /** Of Font Awesome 4. */
  icon?: string
  /** What a new node has. */
  preset: unknown
  /** A text under `unit`. */
  unit?: string
  /** Of a choice, in the order in which they are offered; empty: none of them. */
  choices?: string[]
  /** The type of the config node. */
  type?: string
  /** It is asked only where that property has a value, or the value `shownFor`. */
  shownWith?: string
  shownFor?: string
  /** Of a number, or of each in a list of numbers; `above` is not allowed itself. */
  minimum?: number
  maximum?: number
  above?: number
  isWhole?: boolean
  /** Characters of a text. */
  longest?: number
  /** Of a text, or of each in a list of texts. */
  pattern?: string
  /** Entries of a list. */
  most?: number
  /** Which address it is: checked by the parser of that kind. */
  check?: Kind
}

/** What the dialog of a probe node holds. */
export interface ProbeDialog {
  /** The node's short name. */
  node: string
  /** Whether what it says can be tried. */
  test: boolean
  fields: DialogField[]
}

/**
 * The host of a URL, for the name of a target that has none; empty where there is none to show, as in `rtmp://${HOST}`.
 * A user and password before it are left out.
 */
export function hostOf(url: string): string {
  return /^[a-z0-9]+:\/\/(?:[^/?#@]*@)?([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(url)?.[1] ?? ''
}
