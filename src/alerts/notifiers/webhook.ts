import { createHmac, randomUUID } from 'node:crypto'
import { plainText } from '../message-text.ts'
import { postBody } from './http-post.ts'
import { type NotifierType, webAddress } from './notifier.ts'

export interface WebhookReceiver {
  channel: 'webhook'
  url: string
  /** Empty: not signed. */
  secret: string
}

/**
 * Posts JSON to any address. Where there is a secret, it is signed as Standard Webhooks 1.0 says: the receiver makes
 * HMAC-SHA256 of `id.timestamp.body`, with the bytes of the secret as its key, and compares.
 */
export const WEBHOOK: NotifierType<WebhookReceiver> = {
  channel: 'webhook',
  fields: [
    {
      property: 'webhookUrl',
      input: 'secret',
      icon: 'globe',
      variable: 'NOTIFY_WEBHOOK_URL',
      isNeeded: true,
      isServer: true,
    },
    { property: 'secret', input: 'secret', icon: 'key', variable: 'NOTIFY_WEBHOOK_SECRET' },
  ],
  read({ own, value }) {
    const url = value('webhookUrl')
    if (url === '') return null
    // The secret of one address is not for another.
    const secret = own('webhookUrl') === '' ? value('secret') : own('secret')
    return { channel: 'webhook', url: webAddress('the URL of the webhook (NOTIFY_WEBHOOK_URL)', url), secret }
  },
  open: ({ url, secret }) => ({
    send(message, signal) {
      const { subject, tone, dashboardUrl, alerts, incidents } = message
      const text = plainText(message)
      const body = JSON.stringify({ version: 1, subject, tone, text, dashboardUrl, alerts, incidents })
      const headers = signature(secret, body, randomUUID(), Math.floor(Date.now() / 1000))
      return postBody({ url, body, headers, signal })
    },
    close() {},
  }),
}

/** @param timestamp seconds since the epoch; a receiver refuses what is too old */
export function signature(secret: string, body: string, id: string, timestamp: number): Record<string, string> {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp) }
  if (secret === '') return headers
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { ...headers, 'webhook-signature': `v1,${mac}` }
}
