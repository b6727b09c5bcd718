/**
 * `npm run laboratory [-- NAME… | --parallel N]` makes every fault for real, or these, and keeps what the monitors knew of them:
 * everything in `laboratory/raw`, which is not committed, and the answers to the questions in `test/diagnosis/recorded`. Runs that
 * the machine spoilt are repeated. `--missing` plays what is not in `raw`, `--again` plays nothing and asks the questions anew of
 * what is there.
 */
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { removeLeftovers } from '../test/fixtures/network/leftovers.ts'
import { hashOf, type LaboratoryCase } from './case.ts'
import { CASES } from './cases/all.ts'
import { writeRecorded } from './recorded.ts'
import { recordedOf } from './recording.ts'
import { rawFolder, run } from './run.ts'

const TRIES = 3

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parallel: { type: 'string', default: '2' },
    again: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
  },
})
const isRecorded = ({ name }: LaboratoryCase) => existsSync(path.join(rawFolder(name), 'run.json'))
const wanted = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const failed: string[] = []

async function play(row: LaboratoryCase): Promise<void> {
  for (let count = 1; count <= TRIES; count += 1) {
    const began = performance.now()
    const folder = rawFolder(row.name)
    await rm(folder, { recursive: true, force: true })
    try {
      const result = await run(row, folder)
      await writeFile(path.join(folder, 'run.json'), JSON.stringify(result))
      const took = Math.round((performance.now() - began) / 1000)
      console.log(`${row.name}: ${result.spoilt ?? 'recorded'} (${took} s)`)
      if (result.spoilt === null) return
    } catch (error) {
      console.log(`${row.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
    await rm(folder, { recursive: true, force: true })
  }
  failed.push(row.name)
}

process.once('SIGINT', () => process.exit(130))
if (!values.again) {
  // In an order in which what is there after half of the time is of every location.
  const queue = wanted.filter((row) => !(values.missing && isRecorded(row)))
  queue.sort((one, other) => hashOf(one.name) - hashOf(other.name))
  const worker = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) await play(row)
  }
  await Promise.all(Array.from({ length: Number(values.parallel) }, worker))
  removeLeftovers()
}
for (const row of wanted.filter(isRecorded)) writeRecorded(await recordedOf(row, rawFolder(row.name)))
if (failed.length > 0) {
  console.error(`Not recorded: ${failed.join(', ')}`)
  process.exitCode = 1
}
