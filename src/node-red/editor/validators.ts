import type { EditorNode, Validator } from './editor.ts'

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

export function atMost(property: string, to: number): Validator {
  return function (value, _options) {
    if (String(value ?? '').length <= to) return true
    return this._('common.error.tooLong', { label: labelOf(this, property), to })
  }
}

/** Text of a JSON object, as the editor's input for JSON saves it. */
export function jsonObject(property: string): Validator {
  return function (value, _options) {
    if (value === '' || value === undefined) return true
    try {
      const parsed: unknown = JSON.parse(String(value))
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return true
    } catch {
      // Said below.
    }
    return this._('common.error.jsonObject', { label: labelOf(this, property) })
  }
}

/** Prometheus data model, "Metric names and labels". Names that begin with two underscores are its own. */
const LABEL_NAME = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/

/** @returns the first reason why these are no label names, or true */
export function checkLabelNames(node: EditorNode, names: string[]): true | string {
  const seen = new Set<string>()
  for (const name of names) {
    if (!LABEL_NAME.test(name)) return node._('common.error.labelName', { name })
    if (seen.has(name)) return node._('common.error.doubleLabel', { name })
    seen.add(name)
  }
  return true
}
