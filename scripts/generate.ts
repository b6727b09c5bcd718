/**
 * Makes everything that is generated from data: `npm run generate`. Tests hold the committed pages to their sources;
 * the validators are not committed, and the build makes them, too.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Validators first: others import what they are part of. */
const scripts = readdirSync(join(root, 'scripts'))
  .filter((name) => /^generate-.+\.ts$/.test(name))
  .sort((one, other) => Number(other.includes('validators')) - Number(one.includes('validators')))
  .map((name) => `scripts/${name}`)

for (const script of [...scripts, 'app/env-example.mjs']) {
  execFileSync(process.execPath, [script], { cwd: root, stdio: 'inherit' })
  console.log(`✔ ${script}`)
}
