import { apiKeyAuthorization, basicAuthorization } from '../connection/authorization.ts'
import { MonitorError } from '../observation/errors.ts'
import { type Environment, readSecretVariable, sourceOf, variable } from '../secrets/variables.ts'
import { readSmallFile } from '../storage/small-file.ts'
import { bulk } from './bulk.ts'
import { type Destination, WAY_NAMES, WAYS, type Way } from './destination.ts'
import { type HostAccess, Hosts } from './hosts.ts'
import { logstash } from './logstash.ts'

/** What the dialog of a `log` node may say: what the environment says, or one of the ways; empty: nothing is shipped. */
const CHOICES = ['environment', ...WAYS]

/** What the dialog says; empty: nothing. */
export interface ShippingFields {
  /** Several with commas between them. */
  url: string
  user: string
  password: string
  apiKey: string
  /** Path of a file. */
  ca: string
}

const NOTHING: ShippingFields = { url: '', user: '', password: '', apiKey: '', ca: '' }

/** The variables of each way. `_FILE` behind a secret one, and behind the CA, names a file. */
const VARIABLES: Readonly<Record<Way, Readonly<Record<keyof ShippingFields, string | null>>>> = {
  logstash: {
    ...{ url: 'LOGSTASH_URL', user: 'LOGSTASH_USER', password: 'LOGSTASH_PASSWORD' },
    ...{ apiKey: null, ca: 'LOGSTASH_CA' },
  },
  elasticsearch: {
    ...{ url: 'ELASTICSEARCH_URL', user: 'ELASTICSEARCH_USER', password: 'ELASTICSEARCH_PASSWORD' },
    ...{ apiKey: 'ELASTICSEARCH_API_KEY', ca: 'ELASTICSEARCH_CA' },
  },
}

/** Bytes of a file of certificates. */
const LARGEST_CA = 1_000_000

/**
 * The way on which a node ships; null where it does not.
 *
 * @param choice of the dialog
 * @throws MonitorError `invalid-log` where it is none, or the environment names two
 */
export function wayOf(choice: string, environment: Environment): Way | null {
  if (choice === '') return null
  const chosen = WAYS.find((way) => way === choice)
  if (chosen !== undefined) return chosen
  if (choice !== 'environment') {
    throw invalid(`there is no way "${choice}"; choose ${CHOICES.join(', ')}, or none`)
  }
  const set = WAYS.filter((way) => sourceOf(environment, VARIABLES[way].url ?? '') !== null)
  if (set.length > 1) throw invalid('LOGSTASH_URL and ELASTICSEARCH_URL are both set; set only one')
  return set[0] ?? null
}

/** What says where to, read anew: a secret in a file may be another one. */
export interface ShippingSettings extends HostAccess {
  urls: readonly string[]
  /** What must not be seen in anything that leaves, by a name that may be shown in its place. */
  secrets: Readonly<Record<string, string>>
}

/**
 * Where a way leads, by the dialog, and by the environment for what that leaves empty.
 *
 * @throws MonitorError `invalid-log`, `missing-variable`, `unreadable-file`; its message holds no secret
 */
export async function readShipping(
  way: Way,
  given: ShippingFields | null,
  environment: Environment,
): Promise<ShippingSettings> {
  const own = given ?? NOTHING
  const preset = async (field: keyof ShippingFields) => {
    const name = VARIABLES[way][field]
    if (name === null) return ''
    return field === 'user' ? variable(environment, name) : readSecretVariable(environment, name)
  }
  // The login of one address is not for another.
  const value = async (field: keyof ShippingFields) =>
    own.url === '' ? own[field] || (await preset(field)) : own[field]
  const urls = addressesIn(way, await value('url'))
  // Whoever may open the dialog sees the address, and not the password.
  if (own.url !== '' && urls.some(hasLogin)) {
    throw invalid('the address in the dialog must not hold a login; user and password have fields of their own')
  }
  const [user, password, apiKey] = [await value('user'), await value('password'), await value('apiKey')]
  if (apiKey !== '' && (user !== '' || password !== '')) {
    throw invalid('there is a user or a password, and an API key too; keep one of them')
  }
  const path = own.ca
  const ca = path === '' ? (own.url === '' ? await preset('ca') : '') : await certificatesIn(path)
  const secrets = Object.fromEntries(
    [
      ['LOG_SHIPPING_PASSWORD', password] as const,
      ['LOG_SHIPPING_API_KEY', apiKey] as const,
      ...urls.map((url, index) => [`LOG_SHIPPING_URL_PASSWORD_${index + 1}`, new URL(url).password] as const),
    ].filter(([, secret]) => secret !== ''),
  )
  return { urls, authorization: authorizationOf(user, password, apiKey), ca: ca === '' ? null : ca, secrets }
}

/** What sends to there. */
export function openDestination(way: Way, { urls, authorization, ca }: ShippingSettings): Destination {
  const hosts = new Hosts(urls, { authorization, ca })
  return way === 'logstash' ? logstash(hosts) : bulk(hosts)
}

function addressesIn(way: Way, list: string): string[] {
  const urls = list.split(/[\s,]+/).filter((url) => url !== '')
  const name = `${VARIABLES[way].url}, or the address in the dialog,`
  if (urls.length === 0)
    throw invalid(`it is not said where ${WAY_NAMES[way]} is: set ${VARIABLES[way].url}, or the address`)
  const isWeb = (url: string) => /^https?:$/.test(URL.parse(url)?.protocol ?? '')
  // Not shown: it may hold a password.
  if (!urls.every(isWeb)) throw invalid(`${name} must begin with https:// or http://`)
  return urls
}

function hasLogin(address: string): boolean {
  const { username, password } = new URL(address)
  return username !== '' || password !== ''
}

function authorizationOf(user: string, password: string, apiKey: string): string | null {
  if (apiKey !== '') return apiKeyAuthorization(apiKey)
  return user === '' && password === '' ? null : basicAuthorization(user, password)
}

async function certificatesIn(path: string): Promise<string> {
  const { content } = await readSmallFile(path, LARGEST_CA)
  if ('error' in content)
    throw new MonitorError('unreadable-file', `The file of the authority, ${path}, ${content.error.message}`)
  if (!content.text.includes('-----BEGIN CERTIFICATE-----')) throw invalid(`${path} holds no certificate in PEM`)
  return content.text
}

function invalid(reason: string): MonitorError {
  return new MonitorError('invalid-log', `The log cannot be shipped: ${reason}`)
}
