/** What the dialogs of all probe nodes do in the editor. Their fields come from the definitions of their targets. */
import { type DialogField, hostOf, type ProbeDialog } from '../../targets/dialog.ts'
import type { AddressCheck } from './address-checks.ts'
import { atMost, numberBetween, openFaultySections, wholeNumberBetween } from './dialog.ts'
import { checkLabelNames, checkWindows, LabelsList, WindowsList } from './editable-lists.ts'
import type { EditorNode, Validator } from './editor.ts'
import { offerTest } from './trial.ts'

type ProbeNode = EditorNode & Record<string, unknown>

/** What is typed into an open dialog counts before what is saved. */
function valueNow(node: EditorNode, property: string): unknown {
  return $(`#node-input-${property}`).val() ?? (node as ProbeNode)[property]
}

export class DialogOfProbe {
  readonly #dialog: ProbeDialog
  readonly #check: AddressCheck
  /** Lists of the open dialog, by the property that they fill. */
  readonly #lists = new Map<string, LabelsList | WindowsList>()

  /** @param check of the field that has one */
  constructor(dialog: ProbeDialog, check: AddressCheck = () => true) {
    this.#dialog = dialog
    this.#check = check
  }

  /** The name of a node, or what it watches. */
  label(node: EditorNode): string {
    const [, address] = this.#dialog.fields
    const watched = String((node as ProbeNode)[address?.property ?? ''] ?? '').trim()
    return node.name || (watched.includes('://') ? hostOf(watched) : watched) || node._('palette')
  }

  /** Says why a value of the property cannot be used. Nothing is valid everywhere: the dialog shows what applies then. */
  validator(property: string): Validator {
    const field = this.#dialog.fields.find((candidate) => candidate.property === property)
    if (field === undefined) throw new Error(`the dialog has no field for ${property}`)
    switch (field.input) {
      case 'number':
        return numberOf(field)
      case 'list':
        return listOf(field)
      case 'json':
        return objectOf(field)
      case 'labels':
        return function (value, _options) {
          return checkLabelNames(this, Object.keys(value ?? {}))
        }
      case 'windows':
        return function (value, _options) {
          return valueNow(this, field.shownWith ?? '') === field.shownFor ? checkWindows(this, value) : true
        }
      case 'text':
        return field.check === undefined ? textOf(field) : this.#addressOf(property)
      default:
        throw new Error(`a ${field.input} cannot be wrong`)
    }
  }

  #addressOf(property: string): Validator {
    const check = this.#check
    return function (value, _options) {
      const address = String(value ?? '').trim()
      const verdict = address === '' || check(address)
      return verdict === false ? this._(`${property}.invalid`) : verdict
    }
  }

  /** Fills in what the editor does not fill in itself. Call it in `oneditprepare`. */
  prepare(node: EditorNode): void {
    for (const field of this.#dialog.fields) this.#show(field, (node as ProbeNode)[field.property], node)
    for (const field of this.#dialog.fields) showWhereAsked(field)
    if (this.#dialog.test) offerTest(node, this.#dialog.node)
    openFaultySections()
  }

  #show({ property, input, preset }: DialogField, saved: unknown, node: EditorNode): void {
    const selector = `#node-input-${property}`
    if (input === 'labels') this.#lists.set(property, new LabelsList(`${selector}-container`, saved, node))
    if (input === 'windows') this.#lists.set(property, new WindowsList(`${selector}-container`, saved, node))
    if (input === 'json') showJson(selector, node._(`${property}.label`))
    // What a flow written by hand leaves out is the default, in the runtime too.
    if (input === 'flag' && saved === undefined) $(selector).prop('checked', preset === true)
    if (input === 'choice' || input === 'expected') choose($(selector), saved, preset)
  }

  /** Call it in `oneditsave`. */
  save(node: EditorNode): void {
    for (const [property, list] of this.#lists) (node as ProbeNode)[property] = list.read()
    this.#lists.clear()
  }
}

/** The editor shows nothing for a value that is not offered: it is kept as it is, and shown. */
function choose(select: JQuery, saved: unknown, preset: unknown): void {
  if (select.val() !== null && select.val() !== undefined) return
  const kept = typeof saved === 'string' ? saved : ''
  if (kept !== '') $('<option>').val(kept).text(kept).appendTo(select)
  select.val(kept || String(preset))
}

/** Hides a field while what it belongs to is not chosen. */
function showWhereAsked({ property, shownWith, shownFor }: DialogField): void {
  if (shownWith === undefined) return
  const asks = $(`#node-input-${shownWith}`)
  const show = () => {
    const chosen = asks.val()
    $(`#hmonitor-${property}`).toggle(shownFor === undefined ? chosen !== '' : chosen === shownFor)
  }
  asks.on('change', show)
  show()
}

/**
 * Makes a field the editor's own input for JSON, which has a larger editor behind a button. Empty becomes `{}`.
 *
 * @param label of the field, which the editor hides behind another one
 */
function showJson(selector: string, label: string): void {
  const input = $(selector).attr('aria-label', label) as JQuery & {
    typedInput(options: { types: string[]; default: string }): void
  }
  if (!input.val()) input.val('{}')
  input.typedInput({ types: ['json'], default: 'json' })
}

function numberOf({ property, minimum, above, isWhole, maximum = Number.POSITIVE_INFINITY }: DialogField): Validator {
  if (isWhole) return wholeNumberBetween(property, minimum ?? 0, maximum)
  if (above === undefined) return numberBetween(property, minimum ?? 0, maximum)
  return function (value, _options) {
    if (value === '' || value === undefined || (Number(value) > above && Number(value) <= maximum)) return true
    return this._('common.error.numberAbove', { label: this._(`${property}.label`), above, to: maximum })
  }
}

/** Text of a JSON object, as the editor's input for JSON saves it. */
function objectOf({ property }: DialogField): Validator {
  return function (value, _options) {
    if (value === '' || value === undefined) return true
    try {
      const parsed: unknown = JSON.parse(String(value))
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return true
    } catch {
      // Said below.
    }
    return this._('common.error.jsonObject', { label: this._(`${property}.label`) })
  }
}

function textOf({ property, longest = Number.POSITIVE_INFINITY, pattern }: DialogField): Validator {
  const isShort = atMost(property, longest)
  const allowed = pattern === undefined ? null : new RegExp(pattern, 'u')
  return function (value, options) {
    const text = String(value ?? '').trim()
    if (text === '') return true
    const verdict = isShort.call(this, text, options)
    if (verdict !== true) return verdict
    return allowed === null || allowed.test(text) || this._(`${property}.invalid`)
  }
}

/** Entries with commas between them. */
function listOf({
  property,
  most = Number.POSITIVE_INFINITY,
  pattern,
  isWhole,
  minimum,
  maximum,
}: DialogField): Validator {
  const allowed = pattern === undefined ? null : new RegExp(pattern, 'u')
  const fits = (entry: string) => {
    const number = Number(entry)
    if (isWhole) return Number.isInteger(number) && number >= (minimum ?? number) && number <= (maximum ?? number)
    return entry.length <= 64 && (allowed === null || allowed.test(entry))
  }
  return function (value, _options) {
    const entries = String(value ?? '')
      .split(isWhole ? /[\s,]+/ : ',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
    return (entries.length <= most && entries.every(fits)) || this._(`${property}.invalid`)
  }
}
