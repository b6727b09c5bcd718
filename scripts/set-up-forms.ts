/** What the dashboard asks for when a target is set up: the fields of the nodes' dialogs that a targets file has, in words. */

import type { KindDescriptor } from '../src/kinds/kind.ts'
import type { DialogField } from '../src/targets/dialog.ts'
import { dialogs } from '../src/targets/validators.generated.js'
import { textsOf } from './node-html.ts'
import type { Texts } from './probe-dialogs.ts'

/** A field of a form; its texts are for people. */
export interface FormField {
  /** The key of the target. */
  key: string
  input: Exclude<DialogField['input'], 'windows' | 'node'>
  label: string
  hint: string
  placeholder: string
  unit: string
  /** Value and text. The first is what counts where nothing is written. */
  choices: [string, string][]
  /** What counts where nothing is written. */
  preset: string | boolean
  isRequired: boolean
  isWhole: boolean
}

export interface Form {
  kind: string
  noun: string
  title: string
  /** By section: its title, and its fields. The first has no title. */
  sections: { title: string; fields: FormField[] }[]
}

/** In the place of a dialog's hint, which speaks of the node. By kind and key; `*`: of every kind. */
const HINTS: Readonly<Record<string, string>> = {
  '*.name': 'What metrics, alerts and messages call it.',
  'stream.url':
    'Where the stream can be played, for example rtmp://relay.example/live. ${NAME} takes its value from a variable.',
  'stream.key': 'The last part of the address, where it is given apart. It is not shown again.',
  'service.url': 'What has to answer, for example rtmps://ingest.example:443/live.',
  'ping.address': 'A host name or an IP address: the gateway of the venue, the server.',
  'encoder.address': 'The host name or IP address of the encoder.',
}

/** @param root of the package */
export async function setUpForms(root: string, kinds: readonly KindDescriptor[]): Promise<Form[]> {
  return Promise.all(
    kinds.map(async ({ kind, noun, title, field }) => {
      const { node, fields } = dialogs[kind]
      const texts = await textsOf(root, node, 'en-US')
      const groups = [...new Set(fields.map(({ group }) => group))]
      const sections = groups.map((group) => ({
        title: group === 'main' ? '' : textAt(texts, ['section', group]),
        fields: fields
          .filter((each) => each.group === group && each.field !== undefined)
          .map((each) => formField(kind, each, texts, [field, 'name'])),
      }))
      return { kind, noun, title, sections: sections.filter((section) => section.fields.length > 0) }
    }),
  )
}

function formField(kind: string, field: DialogField, texts: Texts, required: readonly string[]): FormField {
  const { property, field: key = property, input, unit, choices = [], preset, isWhole = false } = field
  const own = (text: string) => textAt(texts, [property, text])
  return {
    key,
    input: input === 'windows' || input === 'node' ? 'text' : input,
    label: own('label') || own('text') || property,
    hint: HINTS[`${kind}.${key}`] ?? HINTS[`*.${key}`] ?? (own('hint') || (own('label') === '' ? '' : own('text'))),
    placeholder: own('placeholder'),
    unit: unit === undefined ? '' : textAt(texts, ['unit', unit]),
    choices: choices.map((choice) => [choice, own(choice === '' ? 'none' : choice) || choice]),
    preset: typeof preset === 'boolean' ? preset : typeof preset === 'string' ? preset : '',
    isRequired: required.includes(key),
    isWhole,
  }
}

/** A text by its path; empty where there is none. */
export function textAt(texts: Texts, path: readonly string[]): string {
  const found = path.reduce<Texts | string | undefined>(
    (at, key) => (typeof at === 'object' ? at[key] : undefined),
    texts,
  )
  return typeof found === 'string' ? found : ''
}
