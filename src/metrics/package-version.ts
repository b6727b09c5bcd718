import { readFileSync } from 'node:fs'

/** From the package's own file, which lies two folders up both in `src` and in `dist`. */
export function packageVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown'
}
