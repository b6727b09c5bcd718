import { readFile } from 'node:fs/promises'
import type { ErrorCode } from '../../observation/errors.ts'
import type { Environment } from '../../secrets/own-variable.ts'

/** The token that a request must carry; null where none is asked for; `unreadable` where nobody may be let in. */
export type RequiredToken = { token: string } | null | { unreadable: string; code?: ErrorCode }

/** What the monitor's own token was and is no more, because its credentials are damaged: that is not to have none. */
export const LOST_TOKEN = {
  unreadable:
    'The credentials are damaged: the token of the monitor is lost, so nobody is let in. Open the monitor in the editor, type the token again, and deploy',
  code: 'credentials-damaged',
} as const satisfies RequiredToken
export type OwnToken = string | typeof LOST_TOKEN

/** The monitor's own token, else METRICS_TOKEN, else what the file of METRICS_TOKEN_FILE holds. */
export async function requiredToken(own: OwnToken, environment: Environment): Promise<RequiredToken> {
  if (typeof own === 'string' && own !== '') return { token: own }
  return (await fromEnvironment('METRICS_TOKEN', environment)) ?? (own === '' ? null : LOST_TOKEN)
}

/** For Alertmanager's webhook: ALERT_WEBHOOK_TOKEN or its file, else what every other request must carry. */
export async function webhookToken(own: OwnToken, environment: Environment): Promise<RequiredToken> {
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
