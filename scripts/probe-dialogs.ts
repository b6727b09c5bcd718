/** The dialogs of the probe nodes, from the definitions of their targets: their fields, their page, their script. */
import { configVersion } from '../src/node-red/config-version.ts'
import {
  DIALOG_GROUPS,
  type DialogField,
  type DialogGroup,
  type DialogInput,
  type ProbeDialog,
} from '../src/targets/dialog.ts'
import {
  type DialogAnnotation,
  type Property,
  readTargetsSchema,
  resolved,
  type TargetsSchema,
} from './generate-targets-schema.ts'

/** The texts of a node, as Node-RED's catalogue has them. */
export interface Texts {
  [key: string]: string | Texts
}

/** @returns null where no target is watched by that node */
export function dialogOfNode(node: string): ProbeDialog | null {
  const schema = readTargetsSchema()
  const definition = Object.values(schema.$defs).find((entry) => entry['x-dialog']?.node === node)
  return definition === undefined ? null : dialogOf(schema, definition)
}

/** @throws Error where the definition does not say of which node it is */
export function dialogOf(schema: TargetsSchema, definition: Property): ProbeDialog {
  const { node, test = false, more = [] } = definition['x-dialog'] ?? {}
  if (node === undefined) throw new Error(`the schema names no node for "${definition.title}"`)
  const fields: DialogField[] = []
  const add = (name: string, field: DialogField) => {
    fields.push(field)
    if (field.input === 'expected') fields.push(windowsOf(field))
    for (const { after, ...annotation } of more.filter((other) => other.after === name)) {
      add(annotation.property, extraField(annotation))
    }
  }
  for (const [name, property] of Object.entries(definition.properties ?? {})) {
    const whole = resolved(schema, property)
    if (whole['x-dialog']?.onlyInFile !== true) add(name, fieldOf(schema, name, whole))
  }
  const type = 'hmonitor-monitor'
  add('monitor', { property: 'monitor', input: 'node', type, group: 'main', icon: 'heartbeat', preset: '' })
  return { node, test, fields }
}

function windowsOf({ group, property }: DialogField): DialogField {
  return { property: 'windows', input: 'windows', group, preset: [], shownWith: property, shownFor: 'windows' }
}

function extraField({ property = '', input = 'text', group = 'main', icon, type }: DialogAnnotation): DialogField {
  return withoutUndefined({ property, input, group, icon, type, preset: '' })
}

function fieldOf(schema: TargetsSchema, name: string, definition: Property): DialogField {
  const { property = name, group = 'main', choices, input: given, ...annotation } = definition['x-dialog'] ?? {}
  // A credential is no property of the node: what becomes of it is the node's own.
  if (given === 'secret') return { ...extraField({ ...annotation, property, group, input: given }), field: name }
  const input = inputOf(definition)
  const { minimum, maximum, exclusiveMinimum: above, maxItems: most } = definition
  const item = resolved(schema, definition.items ?? {})
  const numbers = input === 'list' ? item : { minimum, maximum, type: definition.type }
  const isWhole = numbers.type === 'integer'
  return withoutUndefined({
    ...{ property, field: name, input, group, preset: presetOf(input, definition.default) },
    ...(annotation as Pick<DialogField, 'icon' | 'unit' | 'shownWith' | 'check'>),
    ...(input === 'choice' && { choices: choicesOf(choices ?? definition.enum ?? [], definition.default) }),
    ...(input === 'expected' && { choices: choicesOf(['always', 'manual', 'windows'], definition.default) }),
    ...((input === 'number' || isWhole) && { minimum: numbers.minimum, maximum: numbers.maximum, above }),
    ...(isWhole && { isWhole }),
    ...(input === 'text' && { longest: definition.maxLength, pattern: definition.pattern }),
    ...(input === 'list' && { most, pattern: item.pattern }),
  })
}

function inputOf({ enum: values, type, then, additionalProperties, 'x-dialog': annotation }: Property): DialogInput {
  const types = [type].flat()
  const isMap = typeof additionalProperties === 'object'
  if (then !== undefined) return 'expected'
  if (values !== undefined || annotation?.choices !== undefined) return 'choice'
  if (types.includes('boolean')) return 'flag'
  if (types.includes('number') || types.includes('integer')) return 'number'
  if (types.includes('array')) return 'list'
  if (types.includes('string')) return 'text'
  return isMap && additionalProperties.type === 'string' ? 'labels' : 'json'
}

/** What the editor holds of a default: numbers as text, JSON as text, nothing as the empty text. */
function presetOf(input: DialogInput, preset: unknown): unknown {
  if (input === 'labels') return {}
  if (input === 'json') return '{}'
  if (input === 'flag') return preset === true
  return typeof preset === 'string' || typeof preset === 'number' ? String(preset) : ''
}

/** The default first, then the others in their order. */
function choicesOf(choices: readonly (string | null)[], preset: unknown): string[] {
  const first = typeof preset === 'string' ? preset : ''
  return [...new Set([first, ...choices.map((choice) => choice ?? '')])]
}

function withoutUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T
}

/** @param texts of the node in one language: only what they hold is shown */
export function pageOf({ fields, test }: ProbeDialog, texts: Texts): string {
  const groups = DIALOG_GROUPS.map((group) => ({ group, inside: fields.filter((field) => field.group === group) }))
  const parts = groups
    .filter(({ inside }) => inside.length > 0)
    .map(({ group, inside }) => {
      const rows = inside.map((field) => rowOf(field, texts))
      if (group === 'main') return [...rows, ...(test ? [TEST_ROW] : [])].join('\n')
      return section(group, rows)
    })
  return `<div class="hmonitor-dialog">\n${parts.join('\n')}\n</div>`
}

const TEST_ROW = `<div class="form-row">
  <label for="hmonitor-try"><i class="fa fa-check"></i> <span data-i18n="common.try.label"></span></label>
  <button type="button" class="red-ui-button" id="hmonitor-try" data-i18n="common.try.button"></button>
  <div class="hmonitor-hint hmonitor-answer" id="hmonitor-answer" role="status" aria-live="polite"></div>
</div>`

function section(group: DialogGroup, rows: string[]): string {
  return `<details>\n<summary data-i18n="section.${group}"></summary>\n${rows.join('\n')}\n</details>`
}

function rowOf(field: DialogField, texts: Texts): string {
  const { property, input, icon, shownWith } = field
  const has = (text: string) => textAt(texts, `${property}.${text}`)
  const hint = has('hint') ? `<div class="hmonitor-hint" data-i18n="${property}.hint"></div>` : ''
  const id = shownWith === undefined ? '' : ` id="hmonitor-${property}"`
  if (input === 'labels' || input === 'windows') {
    const list = `<p data-i18n="${property}.hint"></p>\n<ol id="node-input-${property}-container"></ol>`
    return `<div class="form-row"${id}>\n${list}\n</div>`
  }
  // A checkbox has a label of its own beside it.
  const label = `<label${input === 'flag' ? '' : ` for="node-input-${property}"`}><i class="fa fa-${icon}"></i> <span data-i18n="${property}.label"></span></label>`
  return [`<div class="form-row"${id}>`, label, inputFor(field, has), hint, '</div>'].filter(Boolean).join('\n')
}

function inputFor(
  { property, input, group, choices = [], unit, preset, check }: DialogField,
  has: (text: string) => boolean,
) {
  const id = `id="node-input-${property}"`
  const placeholder = has('placeholder') ? ` data-i18n="[placeholder]${property}.placeholder"` : ''
  switch (input) {
    case 'choice':
    case 'expected': {
      const options = choices.map(
        (choice) => `<option value="${choice}" data-i18n="${property}.${choice || 'none'}"></option>`,
      )
      return `<select ${id}>\n${options.join('\n')}\n</select>`
    }
    case 'flag':
      return `<input type="checkbox" ${id}>\n<label class="hmonitor-beside" for="node-input-${property}" data-i18n="${property}.text"></label>`
    case 'number': {
      const shown = preset === '' ? placeholder : ` placeholder="${preset}"`
      const after = unit === undefined ? '' : `\n<span class="hmonitor-unit" data-i18n="unit.${unit}"></span>`
      return `<input type="text" class="hmonitor-short" ${id}${shown}>${after}`
    }
    case 'secret':
      return `<input type="password" ${id} autocomplete="off"${placeholder}>`
    case 'json':
    case 'node':
      // The editor puts its own input in the place of this one, and takes the width from here alone.
      return `<input type="text" ${id} style="width: calc(100% - ${group === 'main' ? 168 : 157}px)">`
    default:
      return `<input type="text" ${id}${check === undefined ? '' : ' autocomplete="off"'} spellcheck="false"${placeholder}>`
  }
}

function textAt(texts: Texts, path: string): boolean {
  const found = path
    .split('.')
    .reduce<string | Texts | undefined>((at, key) => (typeof at === 'object' ? at[key] : at), texts)
  return typeof found === 'string'
}

/** What a person may fill in wrongly. */
/** What people type who look for a node: the palette searches its label, and knows no other words of it. */
const PALETTE_LABELS: Readonly<Record<string, string>> = {
  ffprobe: 'ffprobe (RTMP, HLS stream)',
  service: 'service (TCP, HTTP, RTMP)',
  'web-presenter': 'web-presenter (Blackmagic)',
}

const CHECKED: readonly DialogInput[] = ['text', 'number', 'list', 'json', 'labels', 'windows']

/**
 * The script of a probe node's page. Its registration is written out, because the flow library's scorecard reads it by
 * syntax.
 */
export function scriptOf(dialog: ProbeDialog): string {
  const { node, fields } = dialog
  const check = fields.find((field) => field.check !== undefined)?.check
  const isSecret = ({ input }: DialogField) => input === 'secret'
  const defaults = fields
    .filter((field) => !isSecret(field))
    .map(({ property, input, preset, type }) => {
      const value = JSON.stringify(preset)
      if (input === 'node') return `${property}: { value: ${value}, type: '${type}', required: false }`
      if (!CHECKED.includes(input)) return `${property}: { value: ${value} }`
      return `${property}: { value: ${value}, validate: dialog.validator('${property}') }`
    })
  const credentials = fields.filter(isSecret).map(({ property }) => `${property}: { type: 'password' }`)
  return `import { inputLabels, labelStyle, outputLabels } from './src/node-red/editor/dialog.ts'
import { DialogOfProbe } from './src/node-red/editor/probe-dialog.ts'
${check === undefined ? '' : `import { ${check} as check } from './src/node-red/editor/address-checks.ts'`}
const dialog = new DialogOfProbe(${JSON.stringify(dialog)}${check === undefined ? '' : ', check'})
RED.nodes.registerType('hmonitor-${node}', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/${node}:common.category',
  color: '#98CBAA',
  icon: '${node}.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    ${defaults.join(',\n    ')},
    configVersion: { value: ${configVersion(`hmonitor-${node}`)} },
  },
  credentials: { ${credentials.join(', ')} },
  paletteLabel: '${PALETTE_LABELS[node] ?? node}',
  label() { return dialog.label(this) },
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.observations', 'output.events', 'output.answers'),
  oneditprepare() { dialog.prepare(this) },
  oneditsave() { dialog.save(this) },
})
`
}
