/**
 * Makes everything that is generated from data: `npm run generate`. Tests hold the committed pages to their sources;
 * the validators are not committed, and the build makes them, too.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SCRIPTS = [
  'scripts/generate-validators.ts',
  'scripts/generate-checks-doc.ts',
  'scripts/generate-profiles-doc.ts',
  'scripts/generate-metrics-doc.ts',
  'app/env-example.mjs',
]

// Each in a process of its own: the pages import what the validators are part of.
for (const script of SCRIPTS) {
  execFileSync(process.execPath, [script], { cwd: root, stdio: 'inherit' })
  console.log(`✔ ${script}`)
}
