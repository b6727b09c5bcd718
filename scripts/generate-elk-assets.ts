// Writes src/elk/assets.json, which the command `elk setup` puts into a cluster, from deploy/elk/source/. A test holds the
// file to its source.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ASSETS } from '../deploy/elk/source/assets.ts'
import { VERSION } from '../deploy/elk/source/names.ts'

export const FILE = fileURLToPath(new URL('../src/elk/assets.json', import.meta.url))

export const text = (): string => `${JSON.stringify({ version: VERSION, assets: ASSETS }, null, 2)}\n`

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, text())
