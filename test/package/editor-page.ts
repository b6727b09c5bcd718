import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface SyntaxNode {
  type: string
  [field: string]: unknown
}

interface PropertyNode extends SyntaxNode {
  key: { name?: string; value?: string }
  value: SyntaxNode
}

/** Node-RED brings this parser itself; the flow library's scorecard uses the same. */
const require = createRequire(createRequire(import.meta.url).resolve('node-red/package.json'))
const { parse } = createRequire(require.resolve('@node-red/nodes/package.json'))('acorn') as {
  parse(code: string, options: object): SyntaxNode
}

/** What can be read of a registration without running it. */
export interface Registration {
  type: string
  category: string | undefined
  /** Names of the definition's properties. */
  properties: string[]
  icon: string | undefined
  color: string | undefined
  defaults: string[]
  /** Of the config that its dialog saves. */
  configVersion: number
  credentials: string[]
  inputs: number
  outputs: number
}

/**
 * Reads a node's page as the scorecard of the flow library does: registrations are found by syntax, so type and
 * definition must be literals.
 * @throws where the page or a registration cannot be read that way
 */
export function readPage(file: string): {
  registrations: Registration[]
  dialogs: Map<string, string>
  script: string
} {
  const html = readFileSync(file, 'utf8')
  const [script, another] = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)]
  if (!script?.[1] || another) throw new Error(`${file} has not exactly one <script type="text/javascript">`)
  const dialogs = [...html.matchAll(/<script type="text\/html" data-template-name="([^"]+)">([\s\S]*?)<\/script>/g)]
  return {
    registrations: callsOf(parse(script[1], { ecmaVersion: 'latest' })).map(readRegistration),
    dialogs: new Map(dialogs.map((match) => [match[1] ?? '', match[2] ?? ''])),
    script: script[1],
  }
}

/** Every call of `RED.nodes.registerType`. */
function callsOf(node: unknown): SyntaxNode[] {
  if (Array.isArray(node)) return node.flatMap(callsOf)
  if (typeof node !== 'object' || node === null) return []
  const { type, callee } = node as { type?: unknown; callee?: { property?: { name?: unknown } } }
  const own = type === 'CallExpression' && callee?.property?.name === 'registerType' ? [node as SyntaxNode] : []
  return [...own, ...Object.values(node).flatMap(callsOf)]
}

function readRegistration(call: SyntaxNode): Registration {
  const [type, definition] = call.arguments as SyntaxNode[]
  if (type?.type !== 'Literal' || typeof type.value !== 'string') throw new Error('the type is no plain string')
  const properties = propertiesOf(definition, type.value)
  const literal = (name: string) => properties.get(name)?.value
  const defaults = propertiesOf(properties.get('defaults'), type.value)
  return {
    type: type.value,
    category: text(literal('category')),
    properties: [...properties.keys()],
    icon: text(literal('icon')),
    color: text(literal('color')),
    defaults: [...defaults.keys()],
    configVersion: Number(propertiesOf(defaults.get('configVersion'), type.value).get('value')?.value),
    credentials: [...propertiesOf(properties.get('credentials'), type.value).keys()],
    inputs: Number(literal('inputs') ?? 0),
    outputs: Number(literal('outputs') ?? 0),
  }
}

function propertiesOf(object: SyntaxNode | undefined, type: string): Map<string, SyntaxNode> {
  if (object === undefined) return new Map()
  if (object.type !== 'ObjectExpression') throw new Error(`${type}: ${object.type} where a literal object must stand`)
  const properties = object.properties as PropertyNode[]
  const spread = properties.find((property) => property.type !== 'Property')
  if (spread) throw new Error(`${type}: a ${spread.type} ends the scorecard's parser`)
  return new Map(properties.map(({ key, value }) => [key.name ?? key.value ?? '', value]))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
