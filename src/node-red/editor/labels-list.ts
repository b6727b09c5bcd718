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
