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
 * How a server is asked, by the environment: where that has several addresses, at the first.
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
  const [first = null] = await accessesOf(environment, server, url)
  return first
}

/** The same for several servers that do the same, each with an address of its own. */
export async function accessesOf(environment: Environment, server: ServerName, url: string | null): Promise<Access[]> {
  const read = (field: 'url' | 'user' | 'password' | 'apiKey' | 'ca') => readAccess(environment, server, field)
  const addresses = addressesIn(server, url ?? (await read('url')))
  if (addresses.length === 0) return []
  const shared = { user: await read('user'), password: await read('password'), apiKey: await read('apiKey') }
  const ca = accessVariable(server, 'ca')
  const certificates = certificatesIn(`${ca}, or the file that ${ca}_FILE names,`, await read('ca'))
  return addresses.map((text) => {
    const address = new URL(text)
    const [user = '', password = ''] = [address.username, address.password].map(decodeURIComponent)
    return {
      url: `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
      authorization: user !== '' ? basicAuthorization(user, password) : authorizationIn(server, shared),
      ca: certificates,
    }
  })
}
