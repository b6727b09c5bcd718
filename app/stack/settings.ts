import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { EMAIL, type EmailReceiver } from '../../src/alerts/notifiers/email.ts'
import { secret as secretVariable, text, timezone } from '../environment.ts'
import { Failure } from '../prepare/failure.mjs'
import { type Messenger, messengersOf, type Read, receiverOf } from './messengers.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** A mail server, and whom to write to. */
export interface Smtp extends Pick<EmailReceiver, 'host' | 'port' | 'security' | 'from' | 'to'> {
  /** Null where the server asks for no login. */
  login: { user: string; password: string } | null
}

/** What the user's `.env` says to the parts of the stack beside the monitor. Addresses end without a slash. */
export interface StackSettings {
  /** As the monitor is called in its flow. */
  monitor: string
  /** Empty: none. */
  site: string
  /** Who finds issues: rules of Prometheus, or the monitor itself. */
  alertSource: 'prometheus' | 'direct'
  /** Null: to be made. */
  metricsToken: string | null
  alertWebhookToken: string | null
  grafanaPassword: string | null
  elasticPassword: string | null
  logstashPassword: string | null
  smtp: Smtp | null
  slackWebhookUrl: string | null
  messengers: readonly Messenger[]
  /** Where a person's browser finds them. */
  grafanaUrl: string
  alertmanagerUrl: string
  /** Of a pair: the other one, as `host:port`. Null: there is one. */
  alertmanagerPeer: string | null
  /** Of a pair: the monitor that tells people what both of them say. Null: Alertmanager tells people itself. */
  notifyUrl: string | null
  /** Which of several Prometheus of a site this one is. Empty: there is one. */
  prometheusReplica: string
  /** Monitors that share the targets, as `host:port`, in the order of their indexes. Empty: there is one. */
  shardMonitors: readonly string[]
  /** Where Prometheus writes what is worth keeping for all sites. Null: nowhere. */
  remoteWriteUrl: string | null
  kibanaUrl: string
}

const SOURCES = ['prometheus', 'direct'] as const

/** What is in a folder's `.env`; empty where there is none. */
export function envFileOf(folder: string): string {
  try {
    return readFileSync(join(folder, '.env'), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return ''
    throw new Failure(`.env cannot be read (${code}).`, ['May this user read it?'])
  }
}

/** The variables of a folder's `.env` below those of the environment. Empty ones count as not set. */
export function variablesOf(folder: string, environment: Variables): Variables {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  return { ...parseEnv(envFileOf(folder)), ...Object.fromEntries(set) }
}

/**
 * @param folder what `NAME_FILE` and the like are relative to
 * @throws Failure that names the variable
 */
export function readSettings(variables: Variables, folder: string): StackSettings {
  // Compose gives it to Alertmanager as it is, which would say nothing of a mistake.
  timezone(variables)
  const secret = (name: string) => secretVariable(variables, name, folder)
  return {
    monitor: text(variables, 'MONITOR_NAME') ?? 'RTMP HMonitor',
    site: text(variables, 'SITE') ?? siteOfTargets(variables, folder),
    alertSource: oneOf(variables, 'ALERT_SOURCE', SOURCES, 'prometheus'),
    metricsToken: secret('METRICS_TOKEN'),
    alertWebhookToken: secret('ALERT_WEBHOOK_TOKEN'),
    grafanaPassword: secret('GRAFANA_ADMIN_PASSWORD'),
    elasticPassword: quotable('ELASTIC_PASSWORD', secret('ELASTIC_PASSWORD')),
    logstashPassword: quotable('ELK_LOGSTASH_PASSWORD', secret('ELK_LOGSTASH_PASSWORD')),
    smtp: smtp(variables, secret),
    slackWebhookUrl: address('SLACK_WEBHOOK_URL', secret('SLACK_WEBHOOK_URL')),
    messengers: messengersOf(given(variables, secret)),
    grafanaUrl: address('GRAFANA_URL', text(variables, 'GRAFANA_URL')) ?? 'http://127.0.0.1:3000',
    alertmanagerUrl: address('ALERTMANAGER_URL', text(variables, 'ALERTMANAGER_URL')) ?? 'http://127.0.0.1:9093',
    alertmanagerPeer: hostAndPort('ALERTMANAGER_PEER', text(variables, 'ALERTMANAGER_PEER')),
    notifyUrl: address('ALERTMANAGER_NOTIFY_URL', text(variables, 'ALERTMANAGER_NOTIFY_URL')),
    prometheusReplica: text(variables, 'PROMETHEUS_REPLICA') ?? '',
    shardMonitors: (text(variables, 'SHARD_MONITORS') ?? '')
      .split(/[\s,]+/)
      .filter((each) => each !== '')
      .map((each) => hostAndPort('SHARD_MONITORS', each) ?? each),
    remoteWriteUrl: address('REMOTE_WRITE_URL', text(variables, 'REMOTE_WRITE_URL')),
    kibanaUrl: address('KIBANA_URL', text(variables, 'KIBANA_URL')) ?? 'http://127.0.0.1:5601',
  }
}

/** The monitor takes its site from the targets file; Prometheus must call it the same. */
function siteOfTargets(variables: Variables, folder: string): string {
  try {
    const targets: unknown = JSON.parse(
      readFileSync(resolve(folder, text(variables, 'TARGETS_FILE') ?? 'targets.json'), 'utf8'),
    )
    const { site } = targets as { site?: unknown }
    return typeof site === 'string' ? site : ''
  } catch {
    // What is wrong with the file the monitor says, which reads it again when it changes.
    return ''
  }
}

const given =
  (variables: Variables, secret: (name: string) => string | null): Read =>
  (name, isSecret) =>
    (isSecret ? secret(name) : text(variables, name)) ?? ''

function smtp(variables: Variables, secret: (name: string) => string | null): Smtp | null {
  const email = receiverOf(EMAIL, given(variables, secret))
  if (email === null) return null
  const { host, port, security, user, from, to } = email
  const password = secret('SMTP_PASSWORD') ?? ''
  // Alertmanager knows by the port alone that TLS comes first.
  if ((security === 'tls') !== (port === 465)) {
    throw new Failure(`SMTP_SECURITY is ${security} and the port is ${port}: Alertmanager can TLS only on port 465.`, [
      'Use SMTP_SECURITY=tls with port 465, or SMTP_SECURITY=starttls with port 587.',
    ])
  }
  if (user !== '' && password === '') {
    throw new Failure('SMTP_USER is set and SMTP_PASSWORD is not.', ['Set SMTP_PASSWORD or SMTP_PASSWORD_FILE.'])
  }
  return { host, port, security, login: user === '' ? null : { user, password }, from, to }
}

/** A password that stands between quotes in files of several grammars. It is not repeated. */
function quotable(name: string, value: string | null): string | null {
  if (value === null || /^[\w.~!@%^*()+=:;,/?-]{8,}$/.test(value)) return value
  throw new Failure(
    `${name} is shorter than 8 characters, or has others than letters, digits and . ~ ! @ % ^ * ( ) + = : ; , / ? - _.`,
    [],
  )
}

/** The value of a variable that must be an address; it may be a secret, so it is not repeated. */
function address(name: string, value: string | null): string | null {
  if (value === null) return null
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw new Failure(`${name} is no address that begins with http:// or https://.`, [])
  }
  return value.replace(/\/+$/, '')
}

function hostAndPort(name: string, value: string | null): string | null {
  if (value === null) return null
  if (/^[^\s/:@]+:\d{1,5}$/.test(value)) return value
  throw new Failure(`${name} must be a host and a port, such as 192.0.2.12:9093.`, [])
}

function oneOf<T extends string>(variables: Variables, name: string, allowed: readonly T[], fallback: T): T {
  const value = text(variables, name)?.toLowerCase()
  if (value === undefined) return fallback
  const found = allowed.find((each) => each === value)
  if (found !== undefined) return found
  throw new Failure(`${name} is "${value}" and must be one of: ${allowed.join(', ')}.`, [])
}
