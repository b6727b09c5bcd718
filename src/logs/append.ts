import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

const NEWLINE = 10

/** What is in a file before something is appended. */
export interface Appendable {
  /** Bytes. */
  size: number
  /** @throws the error of the file system; then nothing of the piece is in the file */
  append(piece: Buffer): Promise<void>
}

/**
 * Opens a file for one piece, so that one that was deleted or moved meanwhile is made anew, and closes it afterwards.
 * Files are for the user of the monitor alone.
 */
export async function withFile<T>(path: string, use: (file: Appendable) => Promise<T>): Promise<T> {
  const handle = await opened(path)
  try {
    const { size } = await handle.stat()
    return await use({ size, append: (piece) => append(handle, size, piece) })
  } finally {
    await handle.close()
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a+', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return open(path, 'a+', 0o600)
  }
}

async function append(handle: FileHandle, size: number, piece: Buffer): Promise<void> {
  // A process that was killed while it wrote has left half a line.
  const whole = (await endsWithLine(handle, size)) ? piece : Buffer.concat([Buffer.from('\n'), piece])
  try {
    let written = 0
    while (written < whole.length) {
      const { bytesWritten } = await handle.write(whole, written, whole.length - written)
      written += bytesWritten
    }
  } catch (error) {
    // A disk that is full has taken a part. The piece is written again, so half of it must not stay.
    await handle.truncate(size).catch(() => {})
    throw error
  }
}

async function endsWithLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return bytesRead === 0 || buffer[0] === NEWLINE
}
