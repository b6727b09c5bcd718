import { apiKeyAuthorization, basicAuthorization } from '../connection/authorization.ts'
import { type Environment, readSecretVariable, variable } from '../secrets/variables.ts'
import type { Access } from './cluster.ts'
import { SetupError } from './setup-error.ts'

/**
 * How a server is asked, by the environment: `NAME_URL`, of which the first counts where there are several; `NAME_API_KEY`,
 * or `NAME_USER` with `NAME_PASSWORD`; `NAME_CA` for an authority of one's own. Each may be in the file that `…_FILE`
 * names, but for the user.
 *
 * @param url in the place of `NAME_URL`
 * @returns null where there is no URL
 * @throws SetupError, and what is wrong with a secret
 */
export async function accessOf(environment: Environment, name: string, url: string | null): Promise<Access | null> {
  const [given = ''] = (url ?? (await readSecretVariable(environment, `${name}_URL`))).split(/[\s,]+/)
  if (given === '') return null
  const address = URL.parse(given)
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new SetupError(`the address of ${name.toLowerCase()} has to begin with http:// or https://`)
  }
  const login = [address.username, address.password].map(decodeURIComponent)
  return {
    url: `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
    authorization:
      login[0] === '' ? await authorizationOf(environment, name) : basicAuthorization(login[0] ?? '', login[1] ?? ''),
    ca: await certificatesOf(environment, name),
  }
}

async function authorizationOf(environment: Environment, name: string): Promise<string | null> {
  const key = await readSecretVariable(environment, `${name}_API_KEY`)
  const user = variable(environment, `${name}_USER`)
  const password = await readSecretVariable(environment, `${name}_PASSWORD`)
  if (key !== '' && (user !== '' || password !== '')) {
    throw new SetupError(`both ${name}_API_KEY and ${name}_USER or ${name}_PASSWORD are set: set one of the two ways`)
  }
  if (key !== '') return apiKeyAuthorization(key)
  if ((user === '') !== (password === '')) {
    throw new SetupError(`${name}_USER and ${name}_PASSWORD belong together, and one of them is not set`)
  }
  return user === '' ? null : basicAuthorization(user, password)
}

async function certificatesOf(environment: Environment, name: string): Promise<string | null> {
  const text = await readSecretVariable(environment, `${name}_CA`)
  if (text === '') return null
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new SetupError(`${name}_CA, or the file that ${name}_CA_FILE names, holds no certificate: it has to be PEM`)
}
