import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Why a file could not be written, by the error's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's disk quota is used up",
  ENOTDIR: 'a part of that path is a file',
  EEXIST: 'a part of that path is a file',
  EISDIR: 'there is a folder of that name',
}

/** Why a file could not be written, in words. @param code of the file system's error */
export function reasonOf(code: string | undefined): string {
  return REASONS[code ?? ''] ?? code ?? 'unknown error'
}

/**
 * One JSON value on disk, which is there whole or not at all, whenever the process ends. Where it cannot be written,
 * whoever owns it goes on in memory, and `problem` says why.
 */
export class JsonFile {
  readonly path: string | null
  #problem: string | null = null

  /** @param path null: kept in memory only, without a word */
  constructor(path: string | null) {
    this.path = path
  }

  /** Why the last write failed, in words; null where all is well. */
  get problem(): string | null {
    return this.#problem
  }

  /** What is on disk; null where nothing is, or nothing that can be read. A damaged file is kept beside it. */
  read(): unknown {
    if (this.path === null) return null
    let text: string
    try {
      text = readFileSync(this.path, 'utf8')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') this.#problem = this.#say('cannot be read', code)
      return null
    }
    try {
      return JSON.parse(text)
    } catch {
      this.#move(`${this.path}.damaged`)
      return null
    }
  }

  /** @returns whether it is on disk now */
  write(value: unknown): boolean {
    if (this.path === null) return true
    const scratch = `${this.path}.${process.pid}.${randomUUID().slice(0, 8)}.new`
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
      const file = openSync(scratch, 'w', 0o600)
      try {
        writeSync(file, JSON.stringify(value))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(scratch, this.path)
      this.#problem = null
      return true
    } catch (error) {
      discard(scratch)
      this.#problem = this.#say('cannot be written', (error as NodeJS.ErrnoException).code)
      return false
    }
  }

  /** For when its owner is gone for good. */
  remove(): void {
    if (this.path !== null) discard(this.path)
  }

  #move(to: string): void {
    try {
      if (this.path !== null) renameSync(this.path, to)
    } catch {
      // The next write says what is wrong with the folder.
    }
  }

  #say(what: string, code: string | undefined): string {
    return `${this.path} ${what}: ${reasonOf(code)}`
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where nothing can be written there is nothing to remove.
  }
}
