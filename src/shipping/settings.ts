import { MonitorError } from '../observation/errors.ts'
import {
  AccessError,
  type AccessFields,
  accessVariable,
  addressesIn,
  authorizationIn,
  certificatesIn,
  readAccess,
  type ServerName,
} from '../secrets/server-access.ts'
import { type Environment, sourceOf } from '../secrets/variables.ts'
import { readSmallFile } from '../storage/small-file.ts'
import { bulk } from './bulk.ts'
import { type Destination, WAY_NAMES, WAYS, type Way } from './destination.ts'
import { type HostAccess, Hosts } from './hosts.ts'
import { logstash } from './logstash.ts'

/** What the dialog of a `log` node may say: what the environment says, or one of the ways; empty: nothing is shipped. */
const CHOICES = ['environment', ...WAYS]

/** What the dialog says; empty: nothing. `ca` is the path of a file. */
export type ShippingFields = AccessFields

const NOTHING: ShippingFields = { url: '', user: '', password: '', apiKey: '', ca: '' }

const SERVERS: Readonly<Record<Way, ServerName>> = { logstash: 'LOGSTASH', elasticsearch: 'ELASTICSEARCH' }

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
  const set = WAYS.filter((way) => sourceOf(environment, accessVariable(SERVERS[way], 'url')) !== null)
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
  try {
    return await settingsOf(way, given ?? NOTHING, environment)
  } catch (error) {
    if (!(error instanceof AccessError)) throw error
    throw invalid(`${error.message}; what the dialog says counts before the environment`)
  }
}

/** @throws AccessError too */
async function settingsOf(way: Way, own: ShippingFields, environment: Environment): Promise<ShippingSettings> {
  const server = SERVERS[way]
  const isOwn = own.url !== ''
  // Logstash knows no API key.
  const preset = async (field: keyof ShippingFields) =>
    way === 'logstash' && field === 'apiKey' ? '' : readAccess(environment, server, field)
  // The login of one address is not for another.
  const value = async (field: keyof ShippingFields) => (isOwn ? own[field] : own[field] || (await preset(field)))
  const urls = addressesIn(server, await value('url'))
  const name = accessVariable(server, 'url')
  if (urls.length === 0) throw invalid(`it is not said where ${WAY_NAMES[way]} is: set ${name}, or the address`)
  // Whoever may open the dialog sees the address, and not the password.
  if (isOwn && urls.some(hasLogin)) {
    throw invalid('the address in the dialog must not hold a login; user and password have fields of their own')
  }
  const login = { user: await value('user'), password: await value('password'), apiKey: await value('apiKey') }
  const ca =
    own.ca === ''
      ? certificatesIn(accessVariable(server, 'ca'), isOwn ? '' : await preset('ca'))
      : certificatesIn(own.ca, await contentOf(own.ca))
  const secrets = Object.fromEntries(
    [
      ['LOG_SHIPPING_PASSWORD', login.password] as const,
      ['LOG_SHIPPING_API_KEY', login.apiKey] as const,
      ...urls.map((url, index) => [`LOG_SHIPPING_URL_PASSWORD_${index + 1}`, new URL(url).password] as const),
    ].filter(([, secret]) => secret !== ''),
  )
  return { urls, authorization: authorizationIn(server, login), ca, secrets }
}

/** What sends to there. */
export function openDestination(way: Way, { urls, authorization, ca }: ShippingSettings): Destination {
  const hosts = new Hosts(urls, { authorization, ca })
  return way === 'logstash' ? logstash(hosts) : bulk(hosts)
}

function hasLogin(address: string): boolean {
  const { username, password } = new URL(address)
  return username !== '' || password !== ''
}

async function contentOf(path: string): Promise<string> {
  const { content } = await readSmallFile(path, LARGEST_CA)
  if ('error' in content)
    throw new MonitorError('unreadable-file', `The file of the authority, ${path}, ${content.error.message}`)
  return content.text
}

function invalid(reason: string): MonitorError {
  return new MonitorError('invalid-log', `The log cannot be shipped: ${reason}`)
}
