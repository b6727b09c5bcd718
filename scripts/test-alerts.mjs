/** Measures how long alerts take, with the Node.js that the application brings; the one that starts this may be older. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
if (!existsSync(node)) {
  console.error('There is no node_modules/node. Run npm install first.')
  process.exit(2)
}
const main = fileURLToPath(new URL('../bench/alerts.ts', import.meta.url))
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
