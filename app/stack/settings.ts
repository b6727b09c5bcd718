import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { text } from '../environment.ts'
import { Failure } from '../prepare/failure.mjs'

export type Variables = Readonly<Record<string, string | undefined>>

export interface Smtp {
  host: string
  port: number
  security: 'starttls' | 'tls' | 'none'
  /** Null where the server asks for no login. */
  login: { user: string; password: string } | null
  from: string
  to: string
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
  smtp: Smtp | null
  slackWebhookUrl: string | null
  /** Where a person's browser finds them. */
  grafanaUrl: string
  alertmanagerUrl: string
}

const SOURCES = ['prometheus', 'direct'] as const
const SECURITIES = ['starttls', 'tls', 'none'] as const

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
  const secret = (name: string) => secretOf(variables, name, folder)
  return {
    monitor: text(variables, 'MONITOR_NAME') ?? 'RTMP HMonitor',
    site: text(variables, 'SITE') ?? siteOfTargets(variables, folder),
    alertSource: oneOf(variables, 'ALERT_SOURCE', SOURCES, 'prometheus'),
    metricsToken: secret('METRICS_TOKEN'),
    alertWebhookToken: secret('ALERT_WEBHOOK_TOKEN'),
    grafanaPassword: secret('GRAFANA_ADMIN_PASSWORD'),
    smtp: smtp(variables, secret),
    slackWebhookUrl: address('SLACK_WEBHOOK_URL', secret('SLACK_WEBHOOK_URL')),
    grafanaUrl: address('GRAFANA_URL', text(variables, 'GRAFANA_URL')) ?? 'http://127.0.0.1:3000',
    alertmanagerUrl: address('ALERTMANAGER_URL', text(variables, 'ALERTMANAGER_URL')) ?? 'http://127.0.0.1:9093',
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

function smtp(variables: Variables, secret: (name: string) => string | null): Smtp | null {
  const host = text(variables, 'SMTP_HOST')
  const to = text(variables, 'SMTP_TO')
  if (host === null && to === null) return null
  if (host === null) throw new Failure('SMTP_TO is set and SMTP_HOST is not.', ['Name the mail server in SMTP_HOST.'])
  if (to === null) throw new Failure('SMTP_HOST is set and SMTP_TO is not.', ['Say in SMTP_TO whom to write to.'])
  const portText = text(variables, 'SMTP_PORT')
  const security = oneOf(variables, 'SMTP_SECURITY', SECURITIES, portText === '465' ? 'tls' : 'starttls')
  const port = portText === null ? { starttls: 587, tls: 465, none: 25 }[security] : Number(portText)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Failure(`SMTP_PORT is "${portText}" and must be a port: 1 to 65535.`, [])
  }
  // Alertmanager knows by the port alone that TLS comes first.
  if ((security === 'tls') !== (port === 465)) {
    throw new Failure(`SMTP_SECURITY is ${security} and the port is ${port}: Alertmanager can TLS only on port 465.`, [
      'Use SMTP_SECURITY=tls with port 465, or SMTP_SECURITY=starttls with port 587.',
    ])
  }
  const user = text(variables, 'SMTP_USER')
  const password = secret('SMTP_PASSWORD')
  if (user !== null && password === null) {
    throw new Failure('SMTP_USER is set and SMTP_PASSWORD is not.', ['Set SMTP_PASSWORD or SMTP_PASSWORD_FILE.'])
  }
  const from = text(variables, 'SMTP_FROM') ?? (user?.includes('@') ? user : `rtmp-hmonitor@${host}`)
  const login = user === null || password === null ? null : { user, password }
  return { host, port, security, login, from, to }
}

/** `NAME`, or what is in the file that `NAME_FILE` names. */
function secretOf(variables: Variables, name: string, folder: string): string | null {
  const value = text(variables, name)
  const file = text(variables, `${name}_FILE`)
  if (value !== null || file === null) return value
  try {
    const content = readFileSync(resolve(folder, file), 'utf8').trim()
    if (content !== '') return content
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure(`${name}_FILE cannot be read: ${file} (${code}).`, [
      'Is the path relative to the folder of .env?',
    ])
  }
  throw new Failure(`${name}_FILE is empty: ${file}.`, ['Put the value into it, or unset it.'])
}

/** The value of a variable that must be an address; it may be a secret, so it is not repeated. */
function address(name: string, value: string | null): string | null {
  if (value === null) return null
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw new Failure(`${name} is no address that begins with http:// or https://.`, [])
  }
  return value.replace(/\/+$/, '')
}

function oneOf<T extends string>(variables: Variables, name: string, allowed: readonly T[], fallback: T): T {
  const value = text(variables, name)?.toLowerCase()
  if (value === undefined) return fallback
  const found = allowed.find((each) => each === value)
  if (found !== undefined) return found
  throw new Failure(`${name} is "${value}" and must be one of: ${allowed.join(', ')}.`, [])
}
