/** The part of the Node-RED editor that our dialogs use. The published types lack what came with 4 and 5. */

/** What the editor gives as `this` to a definition's functions. */
export interface EditorNode {
  id: string
  name: string
  /** A text of this node's labels. */
  _(key: string, values?: Record<string, string | number>): string
}

/**
 * Says true, or why not. The editor shows the reason only when the function has exactly two parameters.
 * A value that is wholly `${NAME}` never gets here: the editor takes it as valid.
 */
export type Validator = (this: EditorNode, value: unknown, options: unknown) => true | string

export interface EditorProperty {
  value: unknown
  type?: string
  required?: boolean
  validate?: Validator
}

export interface EditorDefinition<N extends EditorNode> {
  category: string
  /** Tooltip of the category in the palette; since Node-RED 5. */
  categoryDescription?: string
  color?: string
  icon?: string
  align?: 'left' | 'right'
  inputs?: 0 | 1
  outputs?: number
  defaults: Record<string, EditorProperty>
  credentials?: Record<string, { type: 'text' | 'password' }>
  paletteLabel?: string
  label: (this: N) => string
  labelStyle?: (this: N) => string
  inputLabels?: (this: N) => string
  outputLabels?: (this: N, index: number) => string
  oneditprepare?: (this: N) => void
  oneditsave?: (this: N) => void
}

interface Editor {
  /** `lang`: the language of the editor, as Node-RED has it. */
  i18n: { lang(): string }
  nodes: { registerType<N extends EditorNode>(type: string, definition: EditorDefinition<N>): void }
}

declare global {
  const RED: Editor
}
