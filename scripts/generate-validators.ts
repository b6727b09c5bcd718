/**
 * Compiles `src/targets/targets.schema.json` to `src/targets/validators.generated.js`, so that the runtime needs neither
 * ajv nor the schema. Run it with Node 22: `node scripts/generate-validators.ts`.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import { KINDS } from '../src/kinds/kinds.ts'

interface TargetsSchema {
  $id: string
  properties: Record<string, { items?: { $ref: string } }>
  $defs: Record<string, Properties & { additionalProperties?: false | Required<Properties> }>
}

interface Properties {
  properties?: Record<string, unknown>
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'src', 'targets')
const output = join(folder, 'validators.generated.js')
const schema: TargetsSchema = JSON.parse(await readFile(join(folder, 'targets.schema.json'), 'utf8'))

const profiles = JSON.parse(await readFile(join(root, 'src', 'health', 'profiles', 'profile.schema.json'), 'utf8'))

const ajv = new Ajv({
  code: { source: true, esm: true },
  allErrors: true,
  useDefaults: true,
  strict: true,
  allowUnionTypes: true,
  schemas: [schema, profiles],
})

const references: Record<string, string> = { profiles: `${schema.$id}#/properties/profiles` }
const { window, limits } = schema.$defs
const limitsOfCheck = limits?.additionalProperties
if (!window?.properties || !limitsOfCheck) {
  throw new Error('the schema does not say which keys windows and limits have')
}
const keys: Record<string, string[]> = {
  file: Object.keys(schema.properties),
  window: Object.keys(window.properties),
  limits: Object.keys(limitsOfCheck.properties),
}
for (const { list, kind } of Object.values(KINDS)) {
  const reference = schema.properties[list]?.items?.$ref
  const definition = reference?.split('/').at(-1)
  const properties = definition === undefined ? undefined : schema.$defs[definition]?.properties
  if (reference === undefined || properties === undefined) throw new Error(`the schema has no definition for ${list}`)
  references[kind] = `${schema.$id}${reference}`
  keys[kind] = Object.keys(properties)
}

const compile = standalone as unknown as (instance: Ajv, references: Record<string, string>) => string
const source = `${compile(ajv, references)}
export const validators = { ${Object.keys(references).join(', ')} }
export const keys = ${JSON.stringify(keys)}
`
const bundle = await build({
  stdin: { contents: source, resolveDir: root },
  bundle: true,
  format: 'esm',
  target: 'node22',
  write: false,
  banner: { js: '// Made from targets.schema.json by scripts/generate-validators.ts. Do not edit.' },
})
const [file] = bundle.outputFiles
if (file === undefined) throw new Error('esbuild wrote nothing')
// Tests and builds may read the file meanwhile: they see the old one or the new one, never a part.
const fresh = `${output}.${process.pid}`
await writeFile(fresh, file.contents)
await rename(fresh, output)
