/** The workflow for a public CI, which is not run where these tests run: what can be said of it without an engine. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { parse, parseAllDocuments } from 'yaml'
import { LOG_FIELDS } from '../../src/logs/log-fields.ts'
import { root } from '../runtime.ts'

const run = promisify(execFile)
const WORKFLOW = readFileSync(join(root, '.github/workflows/elk.yml'), 'utf8')
const SCRIPT = 'scripts/elk-whole.sh'
const script = readFileSync(join(root, SCRIPT), 'utf8')

interface Step {
  name?: string
  uses?: string
  run?: string
  if?: string
}
interface Workflow {
  on: { schedule: { cron: string }[]; pull_request: { paths: string[] } }
  permissions: Record<string, string>
  jobs: Record<string, { 'runs-on': string; 'timeout-minutes': number; steps: Step[] }>
}

describe('.github/workflows/elk.yml', () => {
  const workflow = parse(WORKFLOW) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('is YAML without a mistake, may only read, and ends by itself', () => {
    for (const { errors, warnings } of parseAllDocuments(WORKFLOW)) assert.deepEqual([...errors, ...warnings], [])
    assert.deepEqual(workflow.permissions, { contents: 'read' })
    for (const job of Object.values(workflow.jobs)) {
      assert.ok(job['timeout-minutes'] <= 60)
      assert.match(job['runs-on'], /^ubuntu-\d/)
    }
    for (const { uses, run: command } of steps) {
      assert.notEqual(uses === undefined, command === undefined, 'a step either uses or runs')
      if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@v\d+$/)
      // What somebody else has written, a title for example, would be run.
      assert.doesNotMatch(command ?? '', /\$\{\{/)
    }
  })

  it('is run when something changes that there is', () => {
    for (const path of workflow.on.pull_request.paths) {
      const [fixed = ''] = path.split('*')
      assert.ok(
        path.includes('*') ? existsSync(join(root, fixed.replace(/[^/]*$/, ''))) : existsSync(join(root, path)),
        path,
      )
    }
  })

  it('does the whole, step by step, in steps that the script has', () => {
    const called = steps.flatMap((step) => /^scripts\/elk-whole\.sh (\w+)$/.exec(step.run ?? '')?.[1] ?? [])
    assert.deepEqual(called, ['start', 'twice', 'lines', 'kibana', 'rules', 'node', 'end'])
    for (const name of called) assert.match(script, new RegExp(`^step_${name}\\(\\) \\{$`, 'm'))
    assert.equal(steps.at(-1)?.if, 'always()')
  })
})

describe(SCRIPT, () => {
  it('is a script that bash can read', async () => {
    assert.ok(statSync(join(root, SCRIPT)).mode & 0o100, 'it can be run')
    await run('bash', ['-n', SCRIPT], { cwd: root })
    assert.match(script, /^#!\/usr\/bin\/env bash\n/)
    assert.match(script, /^set -euo pipefail$/m)
  })

  it('names only services and files that there are, and shows no password', () => {
    const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true })
    for (const [, name = ''] of script.matchAll(/compose (?:exec -T|run --rm -T --no-deps) ([\w-]+)/g)) {
      assert.ok(name in services, name)
    }
    for (const [path] of script.matchAll(/\b(?:src|docker-compose)[\w./-]+\.(?:json|ts|yml)/g)) {
      assert.ok(existsSync(join(root, path)), path)
    }
    assert.doesNotMatch(script, /--user|set -x/)
  })

  it('writes a line as the monitor does', () => {
    const [, object = ''] = /'(\{\n {4}"@timestamp"[^']+\}\})'/.exec(script) ?? []
    const line = JSON.parse(object.replace(/: \$\w+/g, ': ""').replace(/([{,]\s*)([a-z_]\w*):/g, '$1"$2":')) as Record<
      string,
      unknown
    >
    const paths = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && path !== 'labels'
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, path === '' ? key : `${path}.${key}`))
        : [path]
    for (const path of paths(line, '')) assert.ok(path in LOG_FIELDS, path)
  })
})
