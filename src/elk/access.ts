import { basicAuthorization } from '../connection/authorization.ts'
import {
  accessVariable,
  addressesIn,
  authorizationIn,
  certificatesIn,
  readAccess,
  type ServerName,
} from '../secrets/server-access.ts'
import type { Environment } from '../secrets/variables.ts'
import type { Access } from './cluster.ts'

/**
 * How a server is asked, by the environment; of several addresses the first counts.
 *
 * @param url in the place of `NAME_URL`
 * @returns null where there is no URL
 * @throws AccessError, and what is wrong with a secret
 */
export async function accessOf(
  environment: Environment,
  server: ServerName,
  url: string | null,
): Promise<Access | null> {
  const read = (field: 'url' | 'user' | 'password' | 'apiKey' | 'ca') => readAccess(environment, server, field)
  const [first] = addressesIn(server, url ?? (await read('url')))
  if (first === undefined) return null
  const address = new URL(first)
  const ca = accessVariable(server, 'ca')
  const login = [address.username, address.password].map(decodeURIComponent)
  return {
    url: `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
    authorization:
      login[0] !== ''
        ? basicAuthorization(login[0] ?? '', login[1] ?? '')
        : authorizationIn(server, {
            user: await read('user'),
            password: await read('password'),
            apiKey: await read('apiKey'),
          }),
    ca: certificatesIn(`${ca}, or the file that ${ca}_FILE names,`, await read('ca')),
  }
}
