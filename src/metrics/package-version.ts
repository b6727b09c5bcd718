import { readFileSync } from 'node:fs'
import { isRecord } from '../observation/shape.ts'

/** Read once: it is asked for each second, and with no descriptor left it could not be read. */
const VERSION = versionIn(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** From the package's own file, which lies two folders up both in `src` and in `dist`. */
export function packageVersion(): string {
  return VERSION
}

function versionIn(text: string): string {
  const file: unknown = JSON.parse(text)
  return isRecord(file) && 'version' in file ? String(file.version) : 'unknown'
}
