/** Runs the fault suite with the Node.js that the application brings; the one that starts this may be older. */
import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from '../app/prepare.mjs'
import { ensurePrograms } from './system-programs.mjs'
import { FAULTS_NEED } from './test-suites.mjs'

/** @param {string} line */
const say = (line) => console.log(line)

ensurePrograms(FAULTS_NEED, say)
const node = await prepare(say)
const main = fileURLToPath(new URL('../test/faults/main.ts', import.meta.url))
const PATH = [dirname(node), process.env.PATH, '/usr/sbin'].join(delimiter)
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, PATH } })
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
