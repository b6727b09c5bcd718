import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { type Environment, readSecretVariable } from '../../secrets/variables.ts'

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

/** What is not as it should be closes the door. */
async function fromEnvironment(name: string, environment: Environment): Promise<RequiredToken> {
  try {
    const token = await readSecretVariable(environment, name)
    return token === '' ? null : { token }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    return { unreadable: error.message, code: error.code }
  }
}
