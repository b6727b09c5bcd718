import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A picture as it is kept. */
export interface KeptPicture {
  /** Milliseconds since the epoch. */
  at: number
  jpeg: Uint8Array
}

/** Bytes; a picture of 640 pixels has 20 to 60 kB. What is larger is not kept: a report has fifteen of them at most. */
const LARGEST = 80_000
/** Of one stream, the newest: about 10 MB. */
const MOST_KEPT = 200
const DAY = 86_400_000

/**
 * Pictures of streams beside the history, for reports: a folder for each stream, a file for each moment. It is given only
 * what the target allows; in memory there is nothing.
 */
export class PictureFiles {
  #folder: string | null = null
  #days = 0

  /**
   * Says where they are kept, and for how long. Before, and where that is nowhere, nothing is kept.
   *
   * @param days as the history; 0: nothing is kept
   */
  keepIn(folder: string | null, days: number): void {
    this.#folder = days > 0 ? folder : null
    this.#days = days
  }

  /** Keeps it, and removes what is too old or too much of this stream. @returns whether it was kept */
  async keep(target: string, { at, jpeg }: KeptPicture): Promise<boolean> {
    const folder = this.#folderOf(target)
    if (folder === null || jpeg.length > LARGEST) return false
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const scratch = join(folder, `${randomUUID().slice(0, 8)}.new`)
    await writeFile(scratch, jpeg, { mode: 0o600 })
    await rename(scratch, join(folder, `${Math.round(at)}.jpg`))
    await this.#forgetOld(folder, at)
    return true
  }

  /** Those of a time, the oldest first. @param most the newest of more */
  async between(target: string, { from, to }: { from: number; to: number }, most: number): Promise<KeptPicture[]> {
    const folder = this.#folderOf(target)
    if (folder === null) return []
    const times = (await timesIn(folder)).filter((at) => at >= from && at < to).slice(-most)
    const read = times.map(async (at): Promise<KeptPicture[]> => {
      const jpeg = await readFile(join(folder, `${at}.jpg`)).catch(() => null)
      return jpeg === null ? [] : [{ at, jpeg }]
    })
    return (await Promise.all(read)).flat()
  }

  /** All of them, as when the monitor is removed. */
  async forgetAll(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
  }

  /** Of a stream of which no picture may be kept any more. */
  async forget(target: string): Promise<void> {
    const folder = this.#folderOf(target)
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }

  /** Removes what is too old, of all streams. @param now milliseconds since the epoch */
  async sweep(now: number): Promise<void> {
    if (this.#folder === null) return
    for (const name of await readdir(this.#folder).catch(() => [])) await this.#forgetOld(join(this.#folder, name), now)
  }

  async #forgetOld(folder: string, now: number): Promise<void> {
    const times = await timesIn(folder)
    const surplus = times.length - MOST_KEPT
    for (const [index, at] of times.entries()) {
      if (index >= surplus && at >= now - this.#days * DAY) break
      await rm(join(folder, `${at}.jpg`), { force: true })
    }
  }

  /** Names of targets may be anything. */
  #folderOf(target: string): string | null {
    const name = createHash('sha256').update(target).digest('hex').slice(0, 16)
    return this.#folder === null ? null : join(this.#folder, name)
  }
}

async function timesIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => [])
  const times = names.flatMap((name) => /^(\d{1,16})\.jpg$/.exec(name)?.[1] ?? [])
  return times.map(Number).sort((one, other) => one - other)
}
