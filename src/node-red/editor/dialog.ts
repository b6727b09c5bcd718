import { isTimezone } from '../../observation/local-time.ts'
import type { EditorNode, Validator } from './editor.ts'

/** Label of a node in the flow: its own name, else that of its type. */
export function nameOrPalette(this: EditorNode): string {
  return this.name || this._('palette')
}

export function labelStyle(this: EditorNode): string {
  return this.name ? 'node_label_italic' : ''
}

export function inputLabels(this: EditorNode): string {
  return this._('input')
}

/** @param keys of the labels, by output */
export function outputLabels(...keys: string[]): (this: EditorNode, index: number) => string {
  return function (index) {
    return this._(keys[index] ?? '')
  }
}

/** Shows a choice in a select whose property a hand-written flow left out; the editor would show none. */
export function chooseIfEmpty(selector: string, choice: string): void {
  const select = $(selector)
  if (!select.val()) select.val(choice)
}

/** Opens the sections of a dialog that hold a field the editor marked as wrong, so that the mark can be seen. */
export function openFaultySections(): void {
  // The editor validates after `oneditprepare` has returned.
  setTimeout(() => $('.hmonitor-dialog .input-error').closest('details').prop('open', true), 0)
}

/** A property's label in the node's own catalogue: `<property>.label`. */
function labelOf(node: EditorNode, property: string): string {
  return node._(`${property}.label`)
}

/** Empty is valid: the dialog shows what applies then. */
export function numberBetween(property: string, from: number, to: number): Validator {
  return function (value, _options) {
    if (value === '' || value === undefined) return true
    const number = Number(value)
    if (Number.isFinite(number) && number >= from && number <= to) return true
    return this._('common.error.number', { label: labelOf(this, property), from, to })
  }
}

/** Empty is valid: the dialog shows what applies then. */
export function wholeNumberBetween(property: string, from: number, to: number): Validator {
  return function (value, _options) {
    if (value === '' || value === undefined) return true
    const number = Number(value)
    if (Number.isInteger(number) && number >= from && number <= to) return true
    return this._('common.error.wholeNumber', { label: labelOf(this, property), from, to })
  }
}

/** Empty is valid: the dialog shows what applies then. Its text is `timezone.invalid` of the node. */
export const validTimezone: Validator = function (value, _options) {
  const timezone = String(value ?? '').trim()
  return timezone === '' || isTimezone(timezone) ? true : this._('timezone.invalid')
}

export function atMost(property: string, to: number): Validator {
  return function (value, _options) {
    if (String(value ?? '').length <= to) return true
    return this._('common.error.tooLong', { label: labelOf(this, property), to })
  }
}
