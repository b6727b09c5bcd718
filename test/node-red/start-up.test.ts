import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'

/** Each is 20 to 40 MB of memory. */
const ONLY_FOR_SOME = ['@vimeo/vimeo', 'axios', 'nodemailer']

/** Loads modules in a process of its own and tells which files that took. */
function loadedBy(modules: readonly string[]): string[] {
  const script = `
    const loaded = new Set()
    require('node:module').registerHooks({ load: (url, context, next) => (loaded.add(url), next(url, context)) })
    Promise.all(${JSON.stringify(modules)}.map((file) => import(file))).then(() => console.log(JSON.stringify([...loaded])))
  `
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })) as string[]
}

describe('the start of Node-RED', () => {
  it('loads no library that only who asks a device, an account or a mail server needs', () => {
    const { 'node-red': own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      'node-red': { nodes: Record<string, string> }
    }
    const sources = Object.values(own.nodes).map((file) => join(root, file.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')))
    const loaded = loadedBy(sources)
    assert.ok(loaded.some((url) => url.includes('/node_modules/prom-client/')))
    assert.deepEqual(
      ONLY_FOR_SOME.filter((name) => loaded.some((url) => url.includes(`/node_modules/${name}/`))),
      [],
    )
  })
})
