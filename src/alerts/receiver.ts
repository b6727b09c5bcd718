import { MonitorError } from '../observation/errors.ts'
import { type Environment, secretVariable, variable } from '../secrets/own-variable.ts'

export const CHANNELS = ['email', 'slack', 'webhook'] as const
export type Channel = (typeof CHANNELS)[number]

export const SECURITIES = ['starttls', 'tls', 'none'] as const

export interface EmailReceiver {
  channel: 'email'
  host: string
  port: number
  /** `starttls`: TLS is demanded after the greeting; `tls`: from the first byte; `none`: not encrypted. */
  security: (typeof SECURITIES)[number]
  verifyTls: boolean
  /** Empty: no login. */
  user: string
  password: string
  from: string
  to: string
}

export interface SlackReceiver {
  channel: 'slack'
  url: string
}

export interface WebhookReceiver {
  channel: 'webhook'
  url: string
  /** Empty: not signed. */
  secret: string
}

/** Where messages go. */
export type Receiver = EmailReceiver | SlackReceiver | WebhookReceiver

/** What a dialog and its credentials say, each field empty where it says nothing. */
export interface ReceiverFields {
  channel?: unknown
  host?: unknown
  port?: unknown
  security?: unknown
  verifyTls?: unknown
  from?: unknown
  to?: unknown
  user?: unknown
  password?: unknown
  slackUrl?: unknown
  webhookUrl?: unknown
  secret?: unknown
}

/**
 * The receiver that a dialog describes, with what it leaves empty taken from the environment. Null where neither says
 * where to send to: then nothing is set up, which is no fault.
 *
 * @throws MonitorError `invalid-receiver` that names the field, `unreadable-file`
 */
export function readReceiver(fields: ReceiverFields, variables: Environment): Receiver | null {
  const channel = CHANNELS.find((known) => known === fields.channel)
  if (channel === undefined) throw invalid(`the channel must be one of ${CHANNELS.join(', ')}`)
  if (channel === 'email') return emailReceiver(fields, variables)
  if (channel === 'slack') {
    const url = text(fields.slackUrl) || secretVariable(variables, 'SLACK_WEBHOOK_URL')
    return url === '' ? null : { channel, url: httpUrl('the URL of the Slack webhook (SLACK_WEBHOOK_URL)', url) }
  }
  const url = text(fields.webhookUrl) || secretVariable(variables, 'NOTIFY_WEBHOOK_URL')
  const own = text(fields.webhookUrl) !== ''
  const secret = text(fields.secret) || (own ? '' : secretVariable(variables, 'NOTIFY_WEBHOOK_SECRET'))
  return url === '' ? null : { channel, url: httpUrl('the URL of the webhook (NOTIFY_WEBHOOK_URL)', url), secret }
}

function emailReceiver(fields: ReceiverFields, variables: Environment): EmailReceiver | null {
  const own = text(fields.host)
  const host = own || variable(variables, 'SMTP_HOST')
  const to = text(fields.to) || variable(variables, 'SMTP_TO')
  if (host === '' && to === '') return null
  if (host === '') throw invalid('an email needs a mail server: SMTP_HOST')
  if (to === '') throw invalid('an email needs somebody to go to: SMTP_TO')
  // The login of one server is not for another.
  const fromEnvironment = own === '' || own === variable(variables, 'SMTP_HOST')
  const user = text(fields.user) || (fromEnvironment ? variable(variables, 'SMTP_USER') : '')
  const password =
    text(fields.password) || (fromEnvironment && user !== '' ? secretVariable(variables, 'SMTP_PASSWORD') : '')
  const securityText = text(fields.security) || variable(variables, 'SMTP_SECURITY')
  const portText = text(fields.port) || variable(variables, 'SMTP_PORT')
  const wanted = securityText.toLowerCase() || (portText === '465' ? 'tls' : 'starttls')
  const security = SECURITIES.find((known) => known === wanted)
  if (security === undefined)
    throw invalid(`the security of the mail server (SMTP_SECURITY) must be one of ${SECURITIES.join(', ')}`)
  const port = portText === '' ? { starttls: 587, tls: 465, none: 25 }[security] : Number(portText)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw invalid('the port of the mail server (SMTP_PORT) must be 1 to 65535')
  const from =
    text(fields.from) || variable(variables, 'SMTP_FROM') || (user.includes('@') ? user : `rtmp-hmonitor@${host}`)
  for (const [name, value] of Object.entries({ SMTP_FROM: from, SMTP_TO: to })) {
    if (!value.includes('@') || /[\r\n]/.test(value)) throw invalid(`${name} must be an email address`)
  }
  return { channel: 'email', host, port, security, verifyTls: fields.verifyTls !== false, user, password, from, to }
}

function httpUrl(what: string, value: string): string {
  let url: URL | null = null
  try {
    url = new URL(value)
  } catch {
    // Said below; the text may hold a secret.
  }
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw invalid(`${what} must begin with https:// or http://`)
  if (url.username !== '' || url.password !== '') throw invalid(`${what} must not hold a login`)
  return value
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

function invalid(reason: string): MonitorError {
  return new MonitorError('invalid-receiver', `The receiver cannot be used: ${reason}`)
}
