// Writes src/elk/assets.json, which the command `elk setup` puts into a cluster, from deploy/elk/source/. A test holds the
// file to its source.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ASSETS } from '../deploy/elk/source/assets.ts'
import { DASHBOARDS, DATA_VIEW } from '../deploy/elk/source/kibana.ts'
import { VERSION } from '../deploy/elk/source/names.ts'

export const FILE = fileURLToPath(new URL('../src/elk/assets.json', import.meta.url))

const shipped = { version: VERSION, assets: ASSETS, dataView: DATA_VIEW, dashboards: DASHBOARDS }

export const text = (): string => `${JSON.stringify(shipped, null, 2)}\n`

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, text())
