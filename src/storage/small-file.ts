import { type BigIntStats, constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Tells one state of a file from another: also a rename over it and a symbolic link that was swapped. */
export type Fingerprint = string

/** What was found at a path, and the state in which it was read. */
export interface FileContent {
  fingerprint: Fingerprint
  content: { text: string } | { error: MonitorError }
}

/**
 * Reads a small text file as UTF-8, without byte order mark. Never waits for a writer: pipes and devices are refused.
 * The fingerprint is taken before the content, so that a change in between is noticed by the next comparison.
 *
 * @param maxBytes what is larger is refused, unread
 * @param options `limit`: milliseconds that it may take; `read`: for tests
 * @returns an error `unreadable-file` or `invalid-file` in `content`; its message says what is wrong, without the path
 */
export async function readSmallFile(
  path: string,
  maxBytes: number,
  { limit = READ_LIMIT, read = readNow }: { limit?: number; read?: typeof readNow } = {},
): Promise<FileContent> {
  const stuck = STUCK.get(path)
  const reading = stuck ?? read(path, maxBytes)
  // A read that hangs occupies one of few threads until it ends: it is not begun again, and this time not waited for.
  const patience = new Patience(stuck === undefined ? limit : 0)
  const found = await Promise.race([reading, patience.over])
  patience.end()
  if (found !== null) {
    STUCK.delete(path)
    return found
  }
  if (stuck === undefined) {
    STUCK.set(path, reading)
    const end = () => STUCK.delete(path)
    reading.then(end, end)
  }
  const message = `gives no answer for ${limit / 1000} s when it is read: is it on a drive or a network mount that hangs, or a device?`
  return { fingerprint: HANGS, content: { error: new MonitorError('unreadable-file', message) } }
}

/**
 * A time in parts, each of which counts when its turn has come: what holds this process up is no fault of a file, whose
 * read needs turns as well.
 */
class Patience {
  readonly over: Promise<null>
  #timer: NodeJS.Timeout | undefined
  #parts = PARTS

  /** @param limit milliseconds */
  constructor(limit: number) {
    this.over = new Promise((resolve) => {
      const next = guarded('file that hangs', () => {
        if (this.#parts === 0) return resolve(null)
        this.#parts -= 1
        this.#timer = setTimeout(next, limit / PARTS)
      })
      next()
    })
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

/** More than a read has turns. */
const PARTS = 10

/** Milliseconds within which a small file is read, from a slow network mount too. */
const READ_LIMIT = 5_000

/** Reads that were given up and have not ended, by path. */
const STUCK = new Map<string, Promise<FileContent>>()

/** The fingerprint of what hangs: another one than any file has, so that it is read again once it answers. */
const HANGS = 'hangs'

async function readNow(path: string, maxBytes: number): Promise<FileContent> {
  let fingerprint = ''
  try {
    const stats = await stat(path, { bigint: true })
    fingerprint = fingerprintOf(stats)
    if (stats.isDirectory()) throw new MonitorError('unreadable-file', 'is a folder, not a file')
    if (!stats.isFile()) throw new MonitorError('unreadable-file', 'is not a regular file')
    return { fingerprint, content: { text: await readUtf8(path, maxBytes) } }
  } catch (error) {
    const readable = error instanceof MonitorError ? error : new MonitorError('unreadable-file', systemMessage(error))
    return { fingerprint: fingerprint || codeOf(error), content: { error: readable } }
  }
}

/** The state of a file now; it never fails. */
export async function currentFingerprint(path: string): Promise<Fingerprint> {
  if (STUCK.has(path)) return HANGS
  try {
    return fingerprintOf(await stat(path, { bigint: true }))
  } catch (error) {
    return codeOf(error)
  }
}

async function readUtf8(path: string, maxBytes: number): Promise<string> {
  const bytes = await readAtMost(path, maxBytes + 1)
  if (bytes.length > maxBytes) throw new MonitorError('invalid-file', `is larger than ${maxBytes} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new MonitorError('invalid-file', 'is not UTF-8 text; save it as UTF-8')
  }
}

/** The file may grow while it is read: what is read is bounded, not what its size says. */
async function readAtMost(path: string, bytes: number): Promise<Buffer> {
  // What is a device although it says that it is a file, as in /proc, then answers that there is nothing.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const buffer = Buffer.alloc(bytes)
    let length = 0
    while (length < bytes) {
      const { bytesRead } = await handle.read(buffer, length, bytes - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await handle.close()
  }
}

function fingerprintOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Fingerprint {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'unreadable')
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by the user that runs the monitor',
  EPERM: 'may not be read by the user that runs the monitor',
  ENOTDIR: 'does not exist: a part of its path is no folder',
  EAGAIN: 'is no file but a device that has nothing to read now',
  ELOOP: 'is a symbolic link that leads in a circle',
}

function systemMessage(error: unknown): string {
  const code = codeOf(error)
  return SYSTEM[code] ?? `cannot be read (${code})`
}
