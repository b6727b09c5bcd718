import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Language } from '../observation/language.ts'
import { isRecord } from '../observation/shape.ts'
import { reasonOf } from '../storage/json-file.ts'
import { interruptionsCsv } from './csv.ts'
import { reportHtml } from './html.ts'
import type { Report } from './report.ts'
import type { PastEvent } from './report-input.ts'

/** Reports that are kept, of all targets, and for how long. */
const MOST_KEPT = 500
const KEPT_FOR = 366 * 86_400_000

/** Earlier events that a report is compared with. */
const MOST_PAST = 8

/** Bytes; what is larger is none of ours. */
const LARGEST = 16 * 1024 * 1024

/** The kept reports: a folder for each target, and of each report its JSON, its HTML and its table of interruptions. */
export class ReportFiles {
  readonly #folder: string | null

  /** @param folder null: nothing is kept */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** @returns why it could not be kept, in words; null where it was */
  async keep(report: Report, language: Language): Promise<string | null> {
    if (this.#folder === null) return null
    const folder = join(this.#folder, folderOf(report.target))
    const name = join(folder, report.from.replaceAll(':', '-'))
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeWhole(`${name}.html`, reportHtml(report, language))
      await writeWhole(`${name}.csv`, interruptionsCsv(report))
      await writeWhole(`${name}.json`, `${JSON.stringify(report)}\n`)
      await this.#forgetOld(Date.parse(report.madeAt))
      return null
    } catch (error) {
      return `The report could not be kept in ${folder}: ${reasonOf((error as NodeJS.ErrnoException).code)}`
    }
  }

  /** What the last reports of a target said, the newest first. @param before milliseconds since the epoch */
  async past(target: string, before: number): Promise<PastEvent[]> {
    if (this.#folder === null) return []
    const folder = join(this.#folder, folderOf(target))
    const names = (await namesIn(folder)).filter((name) => name.endsWith('.json')).sort()
    const found: PastEvent[] = []
    for (const name of names.reverse()) {
      const event = await pastEventIn(join(folder, name))
      if (event !== null && event.from < before) found.push(event)
      if (found.length === MOST_PAST) break
    }
    return found
  }

  /** Their names begin with the time, so that the oldest come first. */
  async #forgetOld(at: number): Promise<void> {
    if (this.#folder === null) return
    const reports: { path: string; name: string }[] = []
    for (const folder of await namesIn(this.#folder)) {
      for (const name of await namesIn(join(this.#folder, folder))) {
        if (name.endsWith('.json')) reports.push({ path: join(this.#folder, folder, name.slice(0, -5)), name })
      }
    }
    reports.sort((one, other) => (one.name < other.name ? -1 : 1))
    const oldest = new Date(at - KEPT_FOR).toISOString().replaceAll(':', '-')
    const surplus = Math.max(0, reports.length - MOST_KEPT)
    for (const [index, { path, name }] of reports.entries()) {
      if (index >= surplus && name >= oldest) break
      for (const ending of ['.json', '.html', '.csv']) await rm(`${path}${ending}`, { force: true })
    }
  }
}

/** Names of targets may be anything; two that look alike have folders of their own. */
function folderOf(target: string): string {
  const readable = target.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 40)
  return `${readable}-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    // There is none yet, or it is no folder.
    return []
  }
}

/** It is there whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const scratch = `${path}.${randomUUID().slice(0, 8)}.new`
  try {
    await writeFile(scratch, text, { mode: 0o600 })
    await rename(scratch, path)
  } catch (error) {
    await rm(scratch, { force: true })
    throw error
  }
}

/** Null for what is no report that this version knows. */
async function pastEventIn(path: string): Promise<PastEvent | null> {
  try {
    const { size } = await stat(path)
    const value: unknown = size > LARGEST ? null : JSON.parse(await readFile(path, 'utf8'))
    if (!isRecord(value) || value.version !== 1 || !isRecord(value.account)) return null
    const { account, from, interruptions, percentiles, kind, target } = value as unknown as Report
    const milliseconds = (seconds: number) => Math.round(seconds * 1000)
    const bitrate = percentiles.find(
      (each) => each.kind === kind && each.target === target && each.measure === 'videoBytesPerSecond',
    )
    return {
      from: Date.parse(from),
      ...{ expected: milliseconds(account.expected), up: milliseconds(account.up) },
      ...{ degraded: milliseconds(account.degraded), down: milliseconds(account.down) },
      ...{ unknown: milliseconds(account.unknown), interruptions: interruptions.length },
      videoBytesPerSecond: bitrate?.median ?? null,
    }
  } catch {
    return null
  }
}
