import { apiKeyAuthorization, basicAuthorization } from '../connection/authorization.ts'
import { type Environment, readSecretVariable, variable } from './variables.ts'

/** The servers that the log has to do with, as the names of their variables begin. */
export type ServerName = 'ELASTICSEARCH' | 'KIBANA' | 'LOGSTASH' | 'LOGSTASH_API'

/** Who asks a server; empty: not said. */
export interface Login {
  user: string
  password: string
  apiKey: string
}

/** How a server is reached, as somebody has written it; empty: not said. */
export interface AccessFields extends Login {
  /** Several with commas or spaces between them. */
  url: string
  /** Certificates of the authorities that are trusted, PEM. */
  ca: string
}

const ENDINGS: Readonly<Record<keyof AccessFields, string>> = {
  ...{ url: 'URL', user: 'USER', password: 'PASSWORD' },
  ...{ apiKey: 'API_KEY', ca: 'CA' },
}

/** How a server is reached is not said as it has to be. The message is for a person, and holds no secret. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
}

/** The variable that says it: `ELASTICSEARCH_URL`, for example. */
export function accessVariable(server: ServerName, field: keyof AccessFields): string {
  return `${server}_${ENDINGS[field]}`
}

/**
 * What the environment says of it, empty where that is nothing. Each may be in the file that `…_FILE` names, but for the
 * user.
 *
 * @throws MonitorError as `readSecretVariable`
 */
export async function readAccess(
  environment: Environment,
  server: ServerName,
  field: keyof AccessFields,
): Promise<string> {
  const name = accessVariable(server, field)
  return field === 'user' ? variable(environment, name) : readSecretVariable(environment, name)
}

/** @throws AccessError where one of them is no address of the web; none is shown, because it may hold a password */
export function addressesIn(server: ServerName, list: string): string[] {
  const addresses = list.split(/[\s,]+/).filter((each) => each !== '')
  const what = `the address, ${accessVariable(server, 'url')},`
  for (const address of addresses) {
    const url = URL.parse(address)
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new AccessError(`${what} must begin with https:// or http://`)
    }
    if (!isEncoded(url.username + url.password)) {
      throw new AccessError(`${what} has a login with a % that stands for nothing: write %25 for it`)
    }
  }
  return addresses
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** The header that says who asks, a secret; null where nobody is said. @throws AccessError */
export function authorizationIn(server: ServerName, { user, password, apiKey }: Login): string | null {
  const named = (field: keyof Login) => accessVariable(server, field)
  if (apiKey !== '' && (user !== '' || password !== '')) {
    throw new AccessError(
      `there is an API key, and a user or a password too: keep ${named('apiKey')}, or ${named('user')} with ${named('password')}`,
    )
  }
  if (apiKey !== '') return apiKeyAuthorization(apiKey)
  if ((user === '') !== (password === '')) {
    throw new AccessError(
      `${named('user')} and ${named('password')} belong together, and the ${user === '' ? 'user' : 'password'} is not set`,
    )
  }
  return user === '' ? null : basicAuthorization(user, password)
}

/** The certificates that are trusted; null where none is said. @param place where the text is from @throws AccessError */
export function certificatesIn(place: string, text: string): string | null {
  if (text === '') return null
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new AccessError(`${place} holds no certificate: it has to be PEM`)
}
