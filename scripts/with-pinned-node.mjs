/**
 * `node scripts/with-pinned-node.mjs FILE ARGUMENT…` runs a file of the checkout with the Node.js that the application
 * brings; the one that starts this may be older.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
if (!existsSync(node)) {
  console.error('There is no node_modules/node. Run npm install first.')
  process.exit(2)
}
const [file = '', ...args] = process.argv.slice(2)
const main = fileURLToPath(new URL(`../${file}`, import.meta.url))
const child = spawn(node, [main, ...args], { stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
