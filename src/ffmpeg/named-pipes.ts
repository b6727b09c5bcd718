import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { threadId } from 'node:worker_threads'
import { guarded } from '../observation/internal-errors.ts'
import { programEnvironment } from '../programs/environment.ts'

/** Before the number of the process whose folder it is, when that began, since numbers come again, and the number of the thread. */
const PREFIX = 'rtmp-hmonitor-pipes-'

/** The folders of this thread, to be removed with it where it ends by itself. */
const own = new Set<string>()
let isSwept = false

/** Makes a folder in the system's temporary one that only this user may look into. It is gone when this process ends. */
async function makePipeFolder(): Promise<string> {
  const parent = os.tmpdir()
  if (!isSwept) {
    isSwept = true
    process.once(
      'exit',
      guarded('folders of pipes', () => [...own].forEach(removePipeFolder)),
    )
    await sweep(parent)
  }
  const folder = await mkdtemp(path.join(parent, prefixOf(threadId)))
  own.add(folder)
  return folder
}

function prefixOf(thread: number): string {
  return `${PREFIX}${process.pid}-${beginningOf(process.pid)}-${thread}-`
}

/** Removes what a thread of this process has left that was ended from outside, and so could not do it itself. */
export function removePipeFoldersOf(thread: number): void {
  const parent = os.tmpdir()
  try {
    const names = readdirSync(parent).filter((name) => name.startsWith(prefixOf(thread)))
    for (const name of names) removePipeFolder(path.join(parent, name))
  } catch {
    // A temporary folder that cannot be read is swept by a later start.
  }
}

function removePipeFolder(folder: string): void {
  own.delete(folder)
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // What cannot be removed, on a disk that became read-only, is swept by a later start.
  }
}

/** Removes what processes of this user left that were killed. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, beginning] = new RegExp(`^${PREFIX}(\\d+)-(\\d+)-(?:\\d+-)?\\w+$`).exec(name) ?? []
    if (pid === undefined || beginning === undefined) continue
    const folder = path.join(parent, name)
    if (!isAlive(Number(pid), beginning) && isOwn(folder)) removePipeFolder(folder)
  }
}

function isAlive(pid: number, beginning: string): boolean {
  try {
    process.kill(pid, 0)
    return beginningOf(pid) === beginning
  } catch {
    return false
  }
}

function isOwn(folder: string): boolean {
  try {
    const status = lstatSync(folder)
    return status.isDirectory() && status.uid === process.getuid?.()
  } catch {
    return false
  }
}

/** Clock ticks since the system began; 0 where it does not say. */
function beginningOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // proc(5): the start time is field 22; the name before it, in brackets, may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
  } catch {
    return '0'
  }
}

/** Made at once: to start a process costs one of Node-RED's size 20 ms, whatever it makes (Node 22, measured). */
const MADE_AT_ONCE = 16

/** Seconds that it may take. */
const PATIENCE = 10

const run = promisify(execFile)

/** Named pipes, made in stock and each used once. Who no longer uses any calls `clear`. */
export class PipeNames {
  #folder: string | null = null
  #ready: string[] = []
  #making: Promise<void> | null = null

  /**
   * Hands over the path of a named pipe, which is gone when `open` returns.
   *
   * @throws Error where the system has no named pipes (Windows), the temporary directory cannot be written or was
   *   emptied, and what `open` throws
   */
  async use<T>(open: (file: string) => T): Promise<T> {
    for (;;) {
      const file = this.#ready.pop()
      if (file !== undefined) return this.#used(file, open)
      this.#making ??= this.#make().finally(() => {
        this.#making = null
      })
      await this.#making
    }
  }

  /** Removes what nobody has used. */
  clear(): void {
    this.#ready = []
    if (this.#folder !== null) removePipeFolder(this.#folder)
    this.#folder = null
  }

  #used<T>(file: string, open: (file: string) => T): T {
    try {
      const opened = open(file)
      rmSync(file, { force: true })
      return opened
    } catch (error) {
      // The others are as good as this one.
      this.clear()
      throw error
    }
  }

  async #make(): Promise<void> {
    this.clear()
    const folder = await makePipeFolder()
    const files = Array.from({ length: MADE_AT_ONCE }, (_, index) => path.join(folder, String(index)))
    try {
      await run('mkfifo', ['-m', '600', ...files], { env: programEnvironment(), timeout: PATIENCE * 1000 })
    } catch (error) {
      removePipeFolder(folder)
      throw error
    }
    this.#folder = folder
    this.#ready = files
  }
}
