import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type FlowNode, root } from '../runtime.ts'

const files = ['flows', 'flows/examples', 'flows/integrations', 'app/demo']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith('.json') && !path.endsWith('.schema.json'))

const scripts = files.flatMap((file) => {
  const nodes: unknown = JSON.parse(readFileSync(join(root, file), 'utf8'))
  if (!Array.isArray(nodes)) return []
  return (nodes as FlowNode[])
    .filter(({ type }) => type === 'function')
    .map(({ name, func }) => ({ name: `${name} of ${file}`, text: `${func}` }))
})

/** As Node-RED runs it: the body of a function that may wait. */
const wrapped = (text: string) =>
  `export async function script({ msg, node, context, flow, global, env, RED }) {\n${text}\n}\n`

const CONFIGURATION = {
  linter: {
    rules: {
      // What several scripts share is put into each whole, so that one may leave some of it unused.
      correctness: { noUndeclaredVariables: 'error', noUnusedVariables: 'off', noUnusedFunctionParameters: 'off' },
      suspicious: { noAssignInExpressions: 'error' },
    },
  },
}

function lint(texts: readonly string[]): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-flow-scripts-'))
  try {
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(CONFIGURATION))
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.js`), wrapped(text))
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'lint', '.', '--colors=off', '--error-on-warnings']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return { status, said: `${stdout}\n${stderr}` }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a script in a flow', () => {
  it('is looked for where there are some', () => assert.ok(scripts.length >= 5, `${scripts.length}`))

  it('has nothing that a linter complains of', () => {
    const { status, said } = lint(scripts.map(({ text }) => text))
    assert.equal(status, 0, `${scripts.map(({ name }, index) => `${index}.js: ${name}`).join('\n')}\n${said}`)
  })

  it('is refused where it is wrong', () => {
    assert.match(lint(['const text = mgs.payload\nmsg.payload = text\nreturn msg']).said, /noUndeclaredVariables/)
    assert.match(lint(['if (msg.a = 1) return msg']).said, /noAssignInExpressions/)
  })
})
