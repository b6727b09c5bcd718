import { readFile } from 'node:fs/promises'
import type { Environment } from '../../targets/collect.ts'

/** The token that a request must carry; null where none is asked for; `unreadable` where nobody may be let in. */
export type RequiredToken = { token: string } | null | { unreadable: string }

/**
 * The monitor's own token, else METRICS_TOKEN, else what the file of METRICS_TOKEN_FILE holds. The file is read for
 * every request, so that a token can be changed without a restart; what cannot be read closes the door.
 */
export async function requiredToken(own: string, environment: Environment): Promise<RequiredToken> {
  if (own !== '') return { token: own }
  const { METRICS_TOKEN: token = '', METRICS_TOKEN_FILE: file = '' } = environment
  if (token !== '') return { token }
  if (file === '') return null
  try {
    const text = (await readFile(file, 'utf8')).trim()
    return text === '' ? { unreadable: `METRICS_TOKEN_FILE: ${file} is empty` } : { token: text }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { unreadable: `METRICS_TOKEN_FILE: ${file} cannot be read (${code ?? 'unknown error'})` }
  }
}
