/**
 * Compiles the schemas of `src/kinds/` to `src/targets/validators.generated.js`, and
 * `src/observation/messages.schema.json` to `src/observation/messages.generated.js`, so that the runtime needs neither
 * ajv nor the schemas. Run it with Node 22: `node scripts/generate-validators.ts`.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _, Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import { KINDS } from '../src/kinds/kinds.ts'
import type { ProbeDialog } from '../src/targets/dialog.ts'
import { entryOf, readTargetsSchema } from './generate-targets-schema.ts'
import { dialogOf } from './probe-dialogs.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'src', 'targets')
const schema = readTargetsSchema()

const profiles = JSON.parse(await readFile(join(root, 'src', 'health', 'profiles', 'profile.schema.json'), 'utf8'))

const ajv = new Ajv({
  code: { source: true, esm: true },
  allErrors: true,
  useDefaults: true,
  strict: true,
  allowUnionTypes: true,
  schemas: [schema, profiles],
  // What our dialogs need to know of a field.
  keywords: ['x-dialog'],
})

const references: Record<string, string> = { profiles: `${schema.$id}#/properties/profiles` }
const { window, limits } = schema.$defs
const limitsOfCheck = limits?.additionalProperties
if (!window?.properties || typeof limitsOfCheck !== 'object' || !limitsOfCheck.properties) {
  throw new Error('the schema does not say which keys windows and limits have')
}
const fileKeys = {
  file: Object.keys(schema.properties),
  window: Object.keys(window.properties),
  limits: Object.keys(limitsOfCheck.properties),
}
const keys: Record<string, string[]> = {}
const dialogs: Record<string, ProbeDialog> = {}
for (const { list, kind } of Object.values(KINDS)) {
  const { reference, definition } = entryOf(schema, list)
  references[kind] = `${schema.$id}${reference}`
  keys[kind] = Object.keys(definition.properties ?? {})
  dialogs[kind] = dialogOf(schema, definition)
}

const compile = standalone as unknown as (instance: Ajv, references: Record<string, string>) => string

/** Bundles what was compiled, because it imports parts of ajv. @param from the schema, for who looks into the file */
async function write(output: string, from: string, source: string): Promise<void> {
  const bundle = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    format: 'esm',
    target: 'node22',
    write: false,
    banner: { js: `// Made from ${from} by scripts/generate-validators.ts. Do not edit.` },
  })
  const [file] = bundle.outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  // Tests and builds may read the file meanwhile: they see the old one or the new one, never a part.
  const fresh = `${output}.${process.pid}`
  await writeFile(fresh, file.contents)
  await rename(fresh, output)
}

await write(
  join(folder, 'validators.generated.js'),
  'targets.schema.json',
  `${compile(ajv, references)}
export const validators = { ${Object.keys(references).join(', ')} }
export const keys = ${JSON.stringify(keys)}
export const fileKeys = ${JSON.stringify(fileKeys)}
export const dialogs = ${JSON.stringify(dialogs)}
`,
)

/** A part of the schema of messages, as far as it says what is copied of a message. */
interface Part {
  title?: string
  $ref?: string
  properties?: Record<string, Part>
  additionalProperties?: boolean | Part
  items?: Part
}

const messagesFolder = join(root, 'src', 'observation')
const messages: Part & { $id: string; $defs: Record<string, Part> } = JSON.parse(
  await readFile(join(messagesFolder, 'messages.schema.json'), 'utf8'),
)

/** What a copy of such a value has: the keys of an object, what lies under its other keys, the items of a list. */
function shapeOf({ $ref, properties, additionalProperties: rest, items }: Part): object {
  const named = $ref === undefined ? undefined : messages.$defs[$ref.split('/').at(-1) ?? '']
  if (named !== undefined) return shapeOf(named)
  const keys = Object.entries(properties ?? {}).map(([key, part]) => [key, shapeOf(part)])
  return {
    ...(properties && { keys: Object.fromEntries(keys) }),
    ...(rest === false && { isClosed: true }),
    ...(typeof rest === 'object' && { rest: shapeOf(rest) }),
    ...(items && { items: shapeOf(items) }),
  }
}

// One fault is enough to refuse a message, and of a hostile one there may be thousands.
const messagesAjv = new Ajv({
  code: { source: true, esm: true, formats: _`formats` },
  strict: true,
  allowUnionTypes: true,
  messages: false,
  inlineRefs: false,
  // Whatever a date can be made of: flows have always been free to write a time in another form.
  formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
  schemas: [messages],
})
/** What comes as a whole has a title and keys; everything else is a part of that. */
const names = Object.keys(messages.$defs).filter(
  (name) => messages.$defs[name]?.title && messages.$defs[name].properties,
)
await write(
  join(messagesFolder, 'messages.generated.js'),
  'messages.schema.json',
  `const formats = { 'date-time': (text) => !Number.isNaN(Date.parse(text)) }
${compile(messagesAjv, Object.fromEntries(names.map((name) => [`${name}Message`, `${messages.$id}#/$defs/${name}`])))}
export const messages = { ${names.map((name) => `${name}: ${name}Message`).join(', ')} }
export const shapes = ${JSON.stringify(Object.fromEntries(names.map((name) => [name, shapeOf(messages.$defs[name] ?? {})])))}
`,
)
