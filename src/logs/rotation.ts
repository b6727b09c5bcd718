import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Makes room for a new file: `log` becomes `log.1`, `log.1` becomes `log.2`, and so on. What is older than the last one
 * kept goes, also what an earlier, larger number had kept.
 *
 * @param kept older files that stay, 0 or more
 */
export async function rotate(path: string, kept: number): Promise<void> {
  const folder = dirname(path)
  const numbers = numbersOf(basename(path), await readdir(folder))
  for (const number of numbers.filter((number) => number > kept)) {
    await rm(join(folder, `${basename(path)}.${number}`), { force: true })
  }
  // The oldest first, so that none is overwritten.
  for (const number of numbers.filter((number) => number < kept).sort((one, other) => other - one)) {
    await rename(`${path}.${number}`, `${path}.${number + 1}`)
  }
  if (kept === 0) await rm(path, { force: true })
  else await rename(path, `${path}.1`)
}

function numbersOf(name: string, entries: string[]): number[] {
  return entries
    .filter((entry) => entry.startsWith(`${name}.`) && /^[1-9]\d*$/.test(entry.slice(name.length + 1)))
    .map((entry) => Number(entry.slice(name.length + 1)))
}
