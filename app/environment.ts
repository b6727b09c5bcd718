import { resolve } from 'node:path'
import { parsePeers } from '../src/cluster/peer-settings.ts'
import { KINDS } from '../src/kinds/kinds.ts'
import { type ErrorCode, MonitorError } from '../src/observation/errors.ts'
import { type Language, parseLanguage } from '../src/observation/language.ts'
import { parseTimezone } from '../src/observation/local-time.ts'
import { secretVariable, sourceOf } from '../src/secrets/variables.ts'
import { parseShard, type Shard } from '../src/targets/shard.ts'
import { VARIABLE_GROUPS } from './options.mjs'
import { Failure } from './prepare/failure.mjs'

const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What the environment says, checked. Empty variables count as not set, as Compose passes them. */
export interface Environment {
  host: string
  /** 0 means any free one. */
  port: number
  /** Absolute. */
  dataDir: string
  logLevel: LogLevel
  adminPassword: string | null
  adminPasswordHash: string | null
  /** Of those who look at the dashboard and change nothing; null where they have none. */
  viewerPassword: string | null
  metricsToken: string | null
  /** As configured, absolute. */
  targetsFile: string | null
  /** Names of the variables that list targets and are set. */
  targetLists: string[]
  demo: 'auto' | 'off'
  /** 0 means any free one. */
  demoRtmpPort: number
  ffprobePath: string | null
  ffmpegPath: string | null
  /** IANA name; null: that of this computer. */
  timezone: string | null
  language: Language | null
  /** Whether a watched server may send on to them. */
  privateAddresses: 'allow' | 'refuse'
  /** Null where this monitor watches all of its targets. */
  shard: Shard | null
  /** Origins of the monitors of the cluster; empty where this one asks no others. */
  peers: readonly string[]
}

type Variables = Readonly<Record<string, string | undefined>>

/** @throws Failure that names the variable, what it holds and what it may hold */
export function readEnvironment(variables: Variables): Environment {
  refuseDoubles(variables)
  refuseTwoWays(variables)
  return {
    host: text(variables, 'HOST') ?? '127.0.0.1',
    port: port(variables, 'PORT', 1880),
    dataDir: resolve(text(variables, 'DATA_DIR') ?? '.data'),
    logLevel: oneOf(variables, 'LOG_LEVEL', LOG_LEVELS, 'warn'),
    ...admin(variables),
    viewerPassword: password(variables, 'VIEWER_PASSWORD'),
    metricsToken: secret(variables, 'METRICS_TOKEN'),
    targetsFile: path(variables, 'TARGETS_FILE'),
    targetLists: Object.values(KINDS)
      .map(({ variable }) => variable)
      .filter((name) => text(variables, name) !== null),
    demo: oneOf(variables, 'DEMO', ['auto', 'off'] as const, 'auto'),
    demoRtmpPort: port(variables, 'DEMO_RTMP_PORT', 0),
    ffprobePath: path(variables, 'FFPROBE_PATH'),
    ffmpegPath: path(variables, 'FFMPEG_PATH'),
    timezone: timezone(variables),
    language: language(variables),
    privateAddresses: oneOf(variables, 'PRIVATE_ADDRESSES', ['allow', 'refuse'] as const, 'allow'),
    shard: explained(() => parseShard(variables)),
    peers: explained(() => parsePeers(variables)),
  }
}

function admin(variables: Variables): Pick<Environment, 'adminPassword' | 'adminPasswordHash'> {
  const adminPassword = password(variables, 'ADMIN_PASSWORD')
  const adminPasswordHash = text(variables, 'ADMIN_PASSWORD_HASH')
  if (adminPassword !== null && adminPasswordHash !== null) {
    throw new Failure('Both ADMIN_PASSWORD and ADMIN_PASSWORD_HASH are set.', ['Keep one of them.'])
  }
  if (adminPasswordHash !== null && !/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(adminPasswordHash)) {
    throw new Failure('ADMIN_PASSWORD_HASH is not a bcrypt hash: 60 characters that begin with $2b$.', [
      "A shell takes $ for a variable: put the hash in single quotes, ADMIN_PASSWORD_HASH='$2b$…'.",
    ])
  }
  return { adminPassword, adminPasswordHash }
}

function password(variables: Variables, name: string): string | null {
  const value = secret(variables, name)
  // bcrypt reads no more than 72 bytes: what comes after them would be ignored.
  if (value !== null && Buffer.byteLength(value) > 72) {
    throw new Failure(`${name} is longer than 72 bytes.`, ['Choose a shorter one.'])
  }
  return value
}

/** A variable, trimmed; null where it is not set or empty. */
export function text(variables: Variables, name: string): string | null {
  const value = variables[name]?.trim()
  return value ? value : null
}

/**
 * `NAME`, or what is in the file that `NAME_FILE` names; null where neither is set.
 *
 * @param folder what a path is relative to
 * @throws Failure that names the variable, and both where both are set
 */
export function secret(variables: Variables, name: string, folder = ''): string | null {
  return explained(() => secretVariable(variables, name, folder)) || null
}

/** Each says which of two values counts, for what the application reads itself and for what its nodes read later. */
function refuseDoubles(variables: Variables): void {
  const names = VARIABLE_GROUPS.flatMap((group) => group.variables).flatMap(({ name, file }) => (file ? [name] : []))
  for (const name of names) explained(() => sourceOf(variables, name))
}

/** The log goes to one of them: the other gets it from there. */
function refuseTwoWays(variables: Variables): void {
  const both = ['LOGSTASH_URL', 'ELASTICSEARCH_URL'].every(
    (name) => explained(() => sourceOf(variables, name)) !== null,
  )
  if (both) throw new Failure('Both LOGSTASH_URL and ELASTICSEARCH_URL are set.', ['Keep one of them.'])
}

/** What to do, by the code of an error. */
const WAYS_OUT: Partial<Record<ErrorCode, string>> = {
  'missing-variable': 'Unset one of the two, here and in .env.',
  'unreadable-file': 'Is there such a file, with something in it? May this user read it?',
}

function explained<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
    throw new Failure(message.replace('?.', '?'), [WAYS_OUT[error.code] ?? 'Correct it, here or in .env.'])
  }
}

/** @throws Failure that names the zone which was probably meant */
export function timezone(variables: Variables): string | null {
  const value = text(variables, 'TIMEZONE')
  return value === null ? null : explained(() => parseTimezone(value, 'TIMEZONE'))
}

/** @throws Failure that names those that there are */
function language(variables: Variables): Language | null {
  const value = text(variables, 'SITE_LANGUAGE')
  return value === null ? null : explained(() => parseLanguage(value, 'SITE_LANGUAGE'))
}

function path(variables: Variables, name: string): string | null {
  const value = text(variables, name)
  return value === null ? null : resolve(value)
}

function port(variables: Variables, name: string, fallback: number): number {
  const value = text(variables, name)
  if (value === null) return fallback
  const number = Number(value)
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number
  throw new Failure(`${name} is "${value}" and must be a port: 0 to 65535.`, [])
}

function oneOf<T extends string>(variables: Variables, name: string, allowed: readonly T[], fallback: T): T {
  const value = text(variables, name)
  if (value === null) return fallback
  const found = allowed.find((each) => each === value.toLowerCase())
  if (found !== undefined) return found
  throw new Failure(`${name} is "${value}" and must be one of: ${allowed.join(', ')}.`, [])
}

/** Whether only this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
