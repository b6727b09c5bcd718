/**
 * `npm run test:elk`: what is put into a cluster, and what is shipped there, with a real OpenSearch. It installs a JDK and
 * Maven where they are missing, and gets OpenSearch once.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { opensearchJars } from './opensearch-jars.mjs'
import { ensurePrograms } from './system-programs.mjs'

/** @param {string} line */
const say = (line) => console.log(line)

try {
  ensurePrograms(['javac', 'mvn'], say)
  const env = { ...process.env, HMONITOR_OPENSEARCH: opensearchJars(say) }
  const tests = fileURLToPath(new URL('test.mjs', import.meta.url))
  const child = spawn(process.execPath, [tests, 'elk'], { stdio: 'inherit', env })
  // The tests hear of Ctrl-C themselves; this one ends after them.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  say('0 passed, 1 failed')
  process.exitCode = 1
}
