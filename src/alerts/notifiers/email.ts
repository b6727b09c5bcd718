import { randomUUID } from 'node:crypto'
import { getSystemErrorName } from 'node:util'
import type { Transporter } from 'nodemailer'
import { networkFault } from '../../connection/network-error.ts'
import type { MessagePicture } from '../message.ts'
import { htmlText, plainText } from '../message-text.ts'
import { DeliveryError, type Given, invalidReceiver, type Notifier, type NotifierType, TRY_LIMIT } from './notifier.ts'

const SECURITIES = ['starttls', 'tls', 'none'] as const

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

export const EMAIL: NotifierType<EmailReceiver> = {
  channel: 'email',
  fields: [
    { property: 'to', input: 'text', icon: 'user', variable: 'SMTP_TO', isNeeded: true },
    { property: 'from', input: 'text', icon: 'user-o', variable: 'SMTP_FROM' },
    {
      ...{ property: 'host', input: 'text', icon: 'server', variable: 'SMTP_HOST' },
      ...{ isMore: true, isNeeded: true, isServer: true },
    },
    { property: 'port', input: 'port', icon: 'plug', variable: 'SMTP_PORT', isMore: true, isServer: true },
    {
      ...{
        property: 'security',
        input: 'choice',
        icon: 'lock',
        variable: 'SMTP_SECURITY',
        isMore: true,
        isServer: true,
      },
      choices: ['', ...SECURITIES],
    },
    { property: 'verifyTls', input: 'flag', icon: 'certificate', isMore: true, isServer: true },
    { property: 'user', input: 'login', icon: 'sign-in', variable: 'SMTP_USER', isMore: true, isServer: true },
    { property: 'password', input: 'secret', icon: 'key', variable: 'SMTP_PASSWORD', isMore: true },
  ],
  read,
  open,
}

function read({ own, preset, value, isOn }: Given): EmailReceiver | null {
  const [host, to] = [value('host'), value('to')]
  if (host === '' && to === '') return null
  if (host === '') throw invalidReceiver('SMTP_TO is set and SMTP_HOST is not: an email needs a mail server')
  if (to === '') throw invalidReceiver('SMTP_HOST is set and SMTP_TO is not: an email needs somebody to go to')
  // The login of one server is not for another.
  const login = own('host') === '' || own('host') === preset('host') ? value : own
  const user = login('user')
  const password = own('password') || (user === '' ? '' : login('password'))
  const security = securityOf(value('security'), value('port'))
  const port = value('port') === '' ? { starttls: 587, tls: 465, none: 25 }[security] : Number(value('port'))
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw invalidReceiver('the port of the mail server (SMTP_PORT) must be 1 to 65535')
  }
  const from = value('from') || (user.includes('@') ? user : `rtmp-hmonitor@${host}`)
  for (const [name, address] of Object.entries({ SMTP_FROM: from, SMTP_TO: to })) {
    if (!address.includes('@') || /[\r\n]/.test(address)) throw invalidReceiver(`${name} must be an email address`)
  }
  return { channel: 'email', host, port, security, verifyTls: isOn('verifyTls'), user, password, from, to }
}

function securityOf(text: string, port: string): EmailReceiver['security'] {
  const wanted = text.toLowerCase() || (port === '465' ? 'tls' : 'starttls')
  const security = SECURITIES.find((known) => known === wanted)
  if (security !== undefined) return security
  throw invalidReceiver(`the security of the mail server (SMTP_SECURITY) must be one of ${SECURITIES.join(', ')}`)
}

/** RFC 5321, section 4.2.1: 5yz will not get better by itself. Login failures are repaired by people, so they may. */
const isFinalReply = (code: number | undefined) => code !== undefined && code >= 500 && code !== 530 && code !== 535

/** Sends by SMTP. TLS certificates are verified, unless the receiver says otherwise. */
function open(receiver: EmailReceiver): Notifier {
  const { from, to, password } = receiver
  let transport: Promise<Transporter> | null = null
  return {
    takesPictures: true,
    async send(message, _signal, pictures = []) {
      const urgent = message.tone === 'critical'
      transport ??= transportTo(receiver)
      const mailer = await transport
      const attached = new Map(pictures.map((picture) => [`${randomUUID()}@rtmp-hmonitor`, picture]))
      try {
        await mailer.sendMail({
          from,
          to,
          subject: message.subject,
          text: plainText(message, pictures),
          html: htmlText(message, attached),
          attachments: [...[...attached].map(attachment), ...(message.attachments ?? [])],
          priority: urgent ? 'high' : 'normal',
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw deliveryError(error, password)
      }
    },
    close() {
      transport?.then((mailer) => mailer.close()).catch(() => {})
    },
  }
}

/** Shown where the HTML has it, and with a name for who takes it out. */
function attachment([cid, { target, which, at, jpeg }]: [string, MessagePicture]) {
  const name = target.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')
  return {
    ...{ filename: `${name}-${which}-${time}.jpg`, content: jpeg, contentType: 'image/jpeg', cid },
    contentDisposition: 'inline' as const,
  }
}

/** Loads the mailer at the first message: it takes memory that a monitor which sends no email need not have. */
async function transportTo(receiver: EmailReceiver): Promise<Transporter> {
  const { host, port, security, user, password, verifyTls } = receiver
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    tls: { rejectUnauthorized: verifyTls },
    connectionTimeout: TRY_LIMIT / 2,
    greetingTimeout: TRY_LIMIT / 2,
    socketTimeout: TRY_LIMIT,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function deliveryError(error: unknown, password: string): DeliveryError {
  const { message, responseCode, code, errno } = error as Error & {
    responseCode?: number
    code?: string
    errno?: number
  }
  // The mailer has codes of its own, and the system's by number.
  if (typeof errno === 'number' && errno < 0) {
    const { message: fault } = networkFault({ code: getSystemErrorName(errno) })
    return new DeliveryError(`No connection to the mail server: ${fault}`, { cause: error })
  }
  const shown = password === '' ? message : message.replaceAll(password, '***')
  // A failed login is not about the message.
  const isFinal = code !== 'EAUTH' && isFinalReply(responseCode)
  return new DeliveryError(shown, { isFinal, cause: error })
}
