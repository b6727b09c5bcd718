import { readFile } from 'node:fs/promises'
import type { Environment } from '../../targets/collect.ts'

/** The token that a request must carry; null where none is asked for; `unreadable` where nobody may be let in. */
export type RequiredToken = { token: string } | null | { unreadable: string }

/** The monitor's own token, else METRICS_TOKEN, else what the file of METRICS_TOKEN_FILE holds. */
export async function requiredToken(own: string, environment: Environment): Promise<RequiredToken> {
  return own === '' ? fromEnvironment('METRICS_TOKEN', environment) : { token: own }
}

/** For Alertmanager's webhook: ALERT_WEBHOOK_TOKEN or its file, else what every other request must carry. */
export async function webhookToken(own: string, environment: Environment): Promise<RequiredToken> {
  return (await fromEnvironment('ALERT_WEBHOOK_TOKEN', environment)) ?? requiredToken(own, environment)
}

/**
 * A variable, else the file that `NAME_FILE` names. The file is read for every request, so that a token can be changed
 * without a restart; what cannot be read closes the door.
 */
async function fromEnvironment(name: string, environment: Environment): Promise<RequiredToken> {
  const token = environment[name] ?? ''
  const file = environment[`${name}_FILE`] ?? ''
  if (token !== '') return { token }
  if (file === '') return null
  try {
    const text = (await readFile(file, 'utf8')).trim()
    return text === '' ? { unreadable: `${name}_FILE: ${file} is empty` } : { token: text }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { unreadable: `${name}_FILE: ${file} cannot be read (${code ?? 'unknown error'})` }
  }
}
