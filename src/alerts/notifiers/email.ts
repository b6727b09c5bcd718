import type { Transporter } from 'nodemailer'
import type { EmailReceiver } from '../receiver.ts'
import { htmlText, plainText } from '../text-message.ts'
import { DeliveryError, type Notifier, TRY_LIMIT } from './notifier.ts'

/** RFC 5321, section 4.2.1: 5yz will not get better by itself. Login failures are repaired by people, so they may. */
const isFinalReply = (code: number | undefined) => code !== undefined && code >= 500 && code !== 530 && code !== 535

/** Sends by SMTP. TLS certificates are verified, unless the receiver says otherwise. */
export function emailNotifier(receiver: EmailReceiver): Notifier {
  const { from, to, password } = receiver
  let transport: Promise<Transporter> | null = null
  return {
    async send(message) {
      const urgent = message.tone === 'critical'
      transport ??= transportTo(receiver)
      const mailer = await transport
      try {
        await mailer.sendMail({
          from,
          to,
          subject: message.subject,
          text: plainText(message),
          html: htmlText(message),
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
  const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string }
  const shown = password === '' ? message : message.replaceAll(password, '***')
  // A failed login is not about the message.
  const isFinal = code !== 'EAUTH' && isFinalReply(responseCode)
  return new DeliveryError(shown, { isFinal, cause: error })
}
