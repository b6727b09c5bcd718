import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
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

/** A file of ours that could not be taken for what it should hold. */
export interface DamagedFile {
  path: string
  /** What is wrong with it, in words. */
  what: string
  /** Where it was put aside; null where even that failed. */
  kept: string | null
}

/** Bytes. Ours are a hundredth of it; what is larger was not written by us. */
const LARGEST = 64 * 1024 * 1024

/** Levels. Ours have six; `JSON.stringify` could not write a few thousand again. */
const DEEPEST = 40

const MOST_KEPT = 9

/** Why a file is taken for damaged, in words. */
class Damage extends Error {}

/**
 * One JSON value on disk, which is there whole or not at all, whenever the process ends. Where it cannot be written,
 * whoever owns it goes on in memory, and `problem` says why.
 */
export class JsonFile {
  readonly path: string | null
  readonly #damaged: (file: DamagedFile) => void
  #problem: string | null = null

  /**
   * @param path null: kept in memory only, without a word
   * @param damaged told of a file that is there and is not what it should be
   */
  constructor(path: string | null, damaged: (file: DamagedFile) => void = () => {}) {
    this.path = path
    this.#damaged = damaged
  }

  /** Why the last write failed, in words; null where all is well. */
  get problem(): string | null {
    return this.#problem
  }

  /**
   * What is on disk, as `parse` takes it; null where nothing is. What is there and cannot be read, or is nothing that
   * `parse` knows, is damaged: it is put aside beside its place, and told. It never waits, whatever lies there.
   *
   * @param parse answers null for what it does not know; whatever it throws says the same
   */
  read<T>(parse: (value: unknown) => T | null): T | null {
    if (this.path === null) return null
    try {
      const text = textOf(this.path)
      if (text === null) return null
      const known = parse(jsonOf(text))
      if (known === null) throw new Damage('it is not what this version of the monitor writes')
      return known
    } catch (error) {
      this.#putAside(error instanceof Damage ? error.message : 'it is not what this version of the monitor writes')
      return null
    }
  }

  /**
   * The same of many things of which some may be lost: then the file is put aside and told, and what is left is written.
   *
   * @param things what they are, in words, as `alerts in it`
   * @param left what is written
   */
  readPart<T extends { readonly lost: number }>(
    parse: (value: unknown) => T | null,
    things: string,
    left: (read: T) => unknown,
  ): T | null {
    const read = this.read(parse)
    if (read !== null && read.lost > 0) {
      this.#putAside(`${read.lost} of the ${things} cannot be read; the others are kept`)
      this.write(left(read))
    }
    return read
  }

  /** Keeps what lies there under another name, and tells of it. @param what is wrong with it, in words */
  #putAside(what: string): void {
    const { path } = this
    if (path === null) return
    this.#damaged({ path, what, kept: moveAside(path) })
  }

  /** @returns whether it is on disk now */
  write(value: unknown): boolean {
    if (this.path === null) return true
    try {
      writeWhole(this.path, JSON.stringify(value))
      this.#problem = null
      return true
    } catch (error) {
      this.#problem = this.#say('cannot be written', (error as NodeJS.ErrnoException).code)
      return false
    }
  }

  /** For when its owner is gone for good. */
  remove(): void {
    if (this.path !== null) discard(this.path)
  }

  #say(what: string, code: string | undefined): string {
    return `${this.path} ${what}: ${reasonOf(code)}`
  }
}

/**
 * Writes a file that is there whole or as it was before, whenever the process ends. Folders that lack are made.
 *
 * @param mode of the file; without it only its user may read it
 * @throws what the file system says
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const scratch = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(scratch, 'w', mode)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(scratch, path)
  } catch (error) {
    discard(scratch)
    throw error
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where nothing can be written there is nothing to remove.
  }
}

/** The text of a file; null where there is none. A pipe or a device is not waited for. @throws Damage */
function textOf(path: string): string | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new Damage(`it cannot be read: ${reasonOf(code)}`)
  }
  try {
    const stats = fstatSync(file)
    if (stats.isDirectory()) throw new Damage('it is a folder')
    if (!stats.isFile()) throw new Damage('it is no file, but a pipe or a device')
    if (stats.size > LARGEST) throw new Damage(`it has ${stats.size} bytes, and at most ${LARGEST} are expected`)
    const bytes = Buffer.alloc(stats.size)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, length)
    }
    return bytes.toString('utf8', 0, length)
  } catch (error) {
    if (error instanceof Damage) throw error
    throw new Damage(`it cannot be read: ${reasonOf((error as NodeJS.ErrnoException).code)}`)
  } finally {
    closeSync(file)
  }
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') throw new Damage('it is empty')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Damage('it is no JSON: perhaps it was cut off')
  }
  if (isDeeper(value, DEEPEST)) throw new Damage(`it is nested deeper than ${DEEPEST} levels`)
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

/**
 * Keeps a damaged file under another name.
 *
 * @param most of one name that are kept; then the newest takes the place of the one before
 * @returns where it is now; null where it could not be moved
 */
export function moveAside(path: string, most = MOST_KEPT): string | null {
  for (let number = 1; number <= most; number++) {
    const kept = number === 1 ? `${path}.damaged` : `${path}.damaged-${number}`
    if (number < most && existsSync(kept)) continue
    try {
      renameSync(path, kept)
      return kept
    } catch {
      return null
    }
  }
  return null
}
