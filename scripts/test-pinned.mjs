/**
 * `npm run test:pinned`: the suite `stack` with the very Prometheus and Alertmanager that docker-compose.yml pins, where
 * `npm test` takes those that the system has. It builds them with Go, once.
 */
import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedPrograms } from './pinned-programs.mjs'

try {
  const programs = Object.entries(pinnedPrograms((line) => console.log(line)))
  for (const [name, { version }] of programs) console.log(`with ${name} ${version}`)
  const places = programs.map(([, { folder }]) => folder)
  const env = { ...process.env, PATH: [...places, process.env.PATH].join(delimiter) }
  const tests = fileURLToPath(new URL('test.mjs', import.meta.url))
  const child = spawn(process.execPath, [tests, 'stack'], { stdio: 'inherit', env })
  // The tests hear of Ctrl-C themselves; this one ends after them.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
