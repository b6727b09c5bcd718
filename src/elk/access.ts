import { readFile } from 'node:fs/promises'
import { type Environment, readSecretVariable, variable } from '../secrets/variables.ts'
import type { Access } from './cluster.ts'
import { SetupError } from './setup-error.ts'

/**
 * How a server is asked, by the environment: `NAME_URL`, and the secrets `NAME_API_KEY`, or `NAME_USER` with
 * `NAME_PASSWORD`; `NAME_CA_FILE` for a certificate of an authority of one's own. Each secret may be in the file that
 * `…_FILE` names.
 *
 * @param url in the place of `NAME_URL`
 * @returns null where there is no URL
 * @throws SetupError, and what is wrong with a secret
 */
export async function accessOf(environment: Environment, name: string, url: string | null): Promise<Access | null> {
  const given = url ?? variable(environment, `${name}_URL`)
  if (given === '') return null
  const address = URL.parse(given)
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new SetupError(`the address of ${name.toLowerCase()} has to begin with http:// or https://`)
  }
  if (address.username !== '' || address.password !== '') {
    throw new SetupError(`user and password belong into ${name}_USER and ${name}_PASSWORD, and not into the address`)
  }
  return {
    url: `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
    authorization: await authorizationOf(environment, name),
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
  if (key !== '') return `ApiKey ${encodedKey(key)}`
  if ((user === '') !== (password === '')) {
    throw new SetupError(`${name}_USER and ${name}_PASSWORD belong together, and one of them is not set`)
  }
  return user === '' ? null : basic(user, password)
}

/** An API key as it is shown (`id:key`) or as it is sent, which is the same in Base64. */
function encodedKey(key: string): string {
  return key.includes(':') ? Buffer.from(key).toString('base64') : key
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

async function certificatesOf(environment: Environment, name: string): Promise<string | null> {
  const file = variable(environment, `${name}_CA_FILE`)
  if (file === '') return null
  try {
    const text = await readFile(file, 'utf8')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SetupError(`${name}_CA_FILE: ${file} cannot be read (${code ?? 'unknown error'})`)
  }
  throw new SetupError(`${name}_CA_FILE: ${file} holds no certificate; it has to be PEM, with BEGIN CERTIFICATE`)
}
