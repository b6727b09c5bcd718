import { objectIn, textOf } from '../../connection/legible.ts'
import type { Message } from '../message.ts'
import { plainText, wordsOf } from '../message-text.ts'
import { postBody, type Refusal } from './http-post.ts'
import { beginning, linesThatFit } from './lines-that-fit.ts'
import { invalidReceiver, type NotifierType } from './notifier.ts'

/** Characters (pushover.net/api, Limitations). */
const LONGEST_TEXT = 1024
const LONGEST_TITLE = 250
const LONGEST_LINK = 512

/** 1 goes past the quiet hours of the phone; 0 is a message like others. */
const PRIORITIES: Readonly<Record<Message['tone'], number>> = { critical: 1, warning: 0, resolved: 0 }

export interface PushoverReceiver {
  channel: 'pushover'
  /** Base address of its API. */
  api: string
  /** Of the application. */
  token: string
  /** Of a user or a group. */
  user: string
}

export const PUSHOVER: NotifierType<PushoverReceiver> = {
  channel: 'pushover',
  fields: [
    { property: 'pushoverToken', input: 'secret', icon: 'key', variable: 'PUSHOVER_TOKEN', isNeeded: true },
    { property: 'pushoverUser', input: 'secret', icon: 'mobile', variable: 'PUSHOVER_USER', isNeeded: true },
  ],
  read({ value }) {
    const [token, user] = [value('pushoverToken'), value('pushoverUser')]
    if (token === '' && user === '') return null
    if (token === '')
      throw invalidReceiver('PUSHOVER_USER is set and PUSHOVER_TOKEN is not: an application has to send')
    if (user === '') throw invalidReceiver('PUSHOVER_TOKEN is set and PUSHOVER_USER is not: whom does it go to?')
    for (const [name, key] of Object.entries({ PUSHOVER_TOKEN: token, PUSHOVER_USER: user })) {
      if (!/^[A-Za-z0-9]{30}$/.test(key)) throw invalidReceiver(`${name} must be 30 letters and digits`)
    }
    return { channel: 'pushover', api: 'https://api.pushover.net', token, user }
  },
  open: ({ api, token, user }) => ({
    send: (message, signal) =>
      postBody({
        url: `${api}/1/messages.json`,
        body: JSON.stringify({ token, user, ...pushoverMessage(message) }),
        explain: refusal,
        secrets: [token, user],
        signal,
      }),
    close() {},
  }),
}

/** A key that it does not know is mended by people, and the message stays good. */
function refusal(_status: number, body: string): Refusal {
  const { errors, token, user } = objectIn(body) ?? {}
  const said = Array.isArray(errors) ? textOf(errors.join('; ')) : null
  const isKey = token === 'invalid' || user === 'invalid'
  return { ...(said !== null && { said }), ...(isKey && { isFinal: false }) }
}

function pushoverMessage(message: Message): object {
  const { subject, tone, dashboardUrl } = message
  const isShort = dashboardUrl !== null && dashboardUrl.length <= LONGEST_LINK
  return {
    title: beginning(subject, LONGEST_TITLE),
    message: linesThatFit(plainText({ ...message, dashboardUrl: null }), LONGEST_TEXT) || subject,
    priority: PRIORITIES[tone],
    ...(isShort && { url: dashboardUrl, url_title: wordsOf(message).open }),
  }
}
