import { isTimezone } from '../../observation/local-time.ts'
import type { ExpectedWindow } from '../../targets/target.ts'
import type { EditorNode } from './editor.ts'

interface Row {
  name: string
  value: string
}

/** A list of name and value pairs in a dialog, on the editor's own editable list. */
export class LabelsList {
  readonly #list: JQuery

  /** @param selector of an empty `ol` */
  constructor(selector: string, labels: unknown, node: EditorNode) {
    const texts: Row = { name: node._('labels.name'), value: node._('labels.value') }
    this.#list = $(selector)
    const list = this.#list as JQuery & { editableList(options: object | string, item?: unknown): void }
    list.editableList({
      height: 'auto',
      removable: true,
      sortable: true,
      addItem: (container: JQuery, _index: number, row: Partial<Row>) => {
        const pair = $('<div class="hmonitor-pair">').appendTo(container)
        const input = (key: keyof Row) =>
          $('<input type="text">')
            .addClass(`hmonitor-label-${key}`)
            .attr({ placeholder: texts[key], 'aria-label': texts[key] })
            .val(row[key] ?? '')
            .appendTo(pair)
        input('name')
        input('value')
      },
    })
    for (const [name, value] of Object.entries(labels ?? {})) list.editableList('addItem', { name, value })
  }

  /** Rows without a name are left out. */
  read(): Record<string, string> {
    const rows = this.#list.find('.hmonitor-pair').toArray()
    const read = (row: HTMLElement, key: keyof Row) => String($(row).find(`.hmonitor-label-${key}`).val() ?? '').trim()
    return Object.fromEntries(rows.map((row) => [read(row, 'name'), read(row, 'value')]).filter(([name]) => name))
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

/** As a week is written in most places where the monitor stands. */
const DAYS: ExpectedWindow['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** A Monday, from which the names of the days are counted. */
const MONDAY = Date.UTC(2024, 0, 1, 12)
const DAY = 86_400_000
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** A list of times of the week in a dialog: days, from, to and time zone. */
export class WindowsList {
  readonly #list: JQuery

  /** @param selector of an empty `ol` */
  constructor(selector: string, windows: unknown, node: EditorNode) {
    this.#list = $(selector)
    const list = this.#list as JQuery & { editableList(options: object | string, item?: unknown): void }
    list.editableList({
      height: 'auto',
      removable: true,
      addItem: (container: JQuery, _index: number, window: Partial<ExpectedWindow>) =>
        addRow(container.addClass('hmonitor-window'), window, node),
    })
    for (const window of listOf(windows)) list.editableList('addItem', { ...window })
  }

  read(): ExpectedWindow[] {
    const text = (row: JQuery, field: string) => String(row.find(`.hmonitor-window-${field}`).val() ?? '').trim()
    return this.#list
      .find('.hmonitor-window')
      .toArray()
      .map((element) => {
        const row = $(element)
        const days = DAYS.filter((day) => row.find(`[data-day="${day}"]`).is(':checked'))
        return { days, from: text(row, 'from'), to: text(row, 'to'), timezone: text(row, 'timezone') }
      })
  }
}

/** @returns the first reason why these are no windows, or true */
export function checkWindows(node: EditorNode, windows: unknown): true | string {
  const all = listOf(windows)
  if (all.length === 0) return node._('windows.none')
  for (const { days, from, to, timezone } of all) {
    if (!days?.length) return node._('windows.noDay')
    if (!TIME.test(from ?? '') || !(TIME.test(to ?? '') || to === '24:00')) return node._('windows.noTime')
    if (!isTimezone(timezone ?? '')) return node._('windows.noTimezone', { timezone: timezone ?? '' })
  }
  return true
}

function listOf(windows: unknown): Partial<ExpectedWindow>[] {
  return Array.isArray(windows) ? windows : []
}

function addRow(container: JQuery, { days = ['sun'], from, to, timezone }: Partial<ExpectedWindow>, node: EditorNode) {
  const name = new Intl.DateTimeFormat(RED.i18n.lang(), { weekday: 'short', timeZone: 'UTC' })
  const row = () => $('<div class="hmonitor-pair">').appendTo(container)
  const input = (parent: JQuery, field: string, type: string, value: string) =>
    $('<input>')
      .attr({ type, 'aria-label': node._(`windows.${field}`), title: node._(`windows.${field}`) })
      .addClass(`hmonitor-window-${field}`)
      .val(value)
      .appendTo(parent)
  const week = row().addClass('hmonitor-days')
  for (const [at, day] of DAYS.entries()) {
    const label = $('<label class="hmonitor-day">').appendTo(week)
    $('<input type="checkbox">').attr('data-day', day).prop('checked', days.includes(day)).appendTo(label)
    label.append(document.createTextNode(` ${name.format(MONDAY + at * DAY)}`))
  }
  const times = row()
  input(times, 'from', 'time', from ?? '09:45')
  // What ends at 24:00 ends at midnight: at or before its beginning it is of the next day.
  input(times, 'to', 'time', to === '24:00' ? '00:00' : (to ?? '11:30'))
  input(times, 'timezone', 'text', timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
}
