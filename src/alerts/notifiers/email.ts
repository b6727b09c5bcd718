import { createTransport } from 'nodemailer'
import type { EmailReceiver } from '../receiver.ts'
import { htmlText, plainText } from '../text-message.ts'
import { DeliveryError, type Notifier, TRY_LIMIT } from './notifier.ts'

/** RFC 5321, section 4.2.1: 5yz will not get better by itself. Login failures are repaired by people, so they may. */
const isFinalReply = (code: number | undefined) => code !== undefined && code >= 500 && code !== 530 && code !== 535

/** Sends by SMTP. TLS certificates are verified, unless the receiver says otherwise. */
export function emailNotifier(receiver: EmailReceiver): Notifier {
  const { host, port, security, user, password, from, to, verifyTls } = receiver
  const transport = createTransport({
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
  return {
    async send(message) {
      const urgent = message.tone === 'critical'
      try {
        await transport.sendMail({
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
    close: () => transport.close(),
  }
}

function deliveryError(error: unknown, password: string): DeliveryError {
  const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string }
  const shown = password === '' ? message : message.replaceAll(password, '***')
  // A failed login is not about the message.
  const isFinal = code !== 'EAUTH' && isFinalReply(responseCode)
  return new DeliveryError(shown, { isFinal, cause: error })
}
