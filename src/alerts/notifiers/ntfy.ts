import { objectIn, textOf } from '../../connection/legible.ts'
import type { Message } from '../message.ts'
import { plainText } from '../message-text.ts'
import { postBody, type Refusal } from './http-post.ts'
import { beginning, bytesOf, linesThatFit } from './lines-that-fit.ts'
import { invalidReceiver, type NotifierType, webAddress } from './notifier.ts'

/** Bytes: a longer message becomes a file that is attached (docs.ntfy.sh/config, message-size-limit). */
const LONGEST_TEXT = 4000
const LONGEST_TITLE = 250

/** Of 1 to 5 (docs.ntfy.sh/publish): 5 breaks through *do not disturb* where the phone allows it. */
const PRIORITIES: Readonly<Record<Message['tone'], number>> = { critical: 5, warning: 4, resolved: 3 }
/** Names of emojis that are shown before the title. */
const TAGS: Readonly<Record<Message['tone'], string>> = {
  critical: 'rotating_light',
  warning: 'warning',
  resolved: 'white_check_mark',
}

export interface NtfyReceiver {
  channel: 'ntfy'
  /** Of the server, with the path under which it answers. */
  server: string
  topic: string
  /** Empty: whoever knows the topic may write to it. */
  token: string
}

/** Publishes to a topic of ntfy.sh or of a server of one's own. The address is a secret: whoever knows the topic can read it. */
export const NTFY: NotifierType<NtfyReceiver> = {
  channel: 'ntfy',
  fields: [
    { property: 'ntfyUrl', input: 'secret', icon: 'bell', variable: 'NTFY_URL', isNeeded: true, isServer: true },
    { property: 'ntfyToken', input: 'secret', icon: 'key', variable: 'NTFY_TOKEN' },
  ],
  read({ own, value }) {
    const url = value('ntfyUrl')
    if (url === '') return null
    const what = 'the address of the ntfy topic (NTFY_URL)'
    const { origin, pathname } = new URL(webAddress(what, url))
    const [, folder = '', topic = ''] = /^(.*)\/([-\w]{1,64})\/?$/.exec(pathname) ?? []
    if (topic === '')
      throw invalidReceiver(`${what} must end with the name of a topic, as https://ntfy.sh/my-topic does`)
    // The token of one server is not for another.
    const token = own('ntfyUrl') === '' ? value('ntfyToken') : own('ntfyToken')
    return { channel: 'ntfy', server: `${origin}${folder}/`, topic, token }
  },
  open: ({ server, topic, token }) => ({
    send: (message, signal) =>
      postBody({
        url: server,
        body: JSON.stringify({ topic, ...ntfyMessage(message) }),
        headers: token === '' ? {} : { authorization: `Bearer ${token}` },
        explain: refusal,
        secrets: [token, topic],
        signal,
      }),
    close() {},
  }),
}

function refusal(_status: number, body: string): Refusal {
  const said = textOf(objectIn(body)?.error)
  return said === null ? {} : { said }
}

function ntfyMessage(message: Message): object {
  const { subject, tone, dashboardUrl } = message
  return {
    title: beginning(subject, LONGEST_TITLE),
    message: linesThatFit(plainText({ ...message, dashboardUrl: null }), LONGEST_TEXT, bytesOf),
    priority: PRIORITIES[tone],
    tags: [TAGS[tone]],
    ...(dashboardUrl !== null && { click: dashboardUrl }),
  }
}
