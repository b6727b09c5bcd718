import { fieldsOf, objectIn, textOf } from '../../connection/legible.ts'
import type { Message } from '../message.ts'
import type { MessageEntry } from '../message-entry.ts'
import { wordsOf } from '../message-text.ts'
import { postBody, type Refusal } from './http-post.ts'
import { beginning, linesThatFit } from './lines-that-fit.ts'
import { invalidReceiver, type NotifierType, webAddress } from './notifier.ts'

/** Characters (core.telegram.org/bots/api, sendMessage). */
const LONGEST_TEXT = 4096
/** Of one line, before it is escaped: markup that is cut in its midst is refused. */
const LONGEST_LINE = 800

const MARKS: Readonly<Record<Message['tone'], string>> = { critical: '🔴', warning: '🟠', resolved: '🟢' }

export interface TelegramReceiver {
  channel: 'telegram'
  /** Base address of the Bot API. */
  api: string
  token: string
  /** Number of a chat, or `@name` of a channel. */
  chat: string
}

/** Sends by a bot. Its token is a secret: whoever knows it is the bot. */
export const TELEGRAM: NotifierType<TelegramReceiver> = {
  channel: 'telegram',
  fields: [
    { property: 'telegramToken', input: 'secret', icon: 'telegram', variable: 'TELEGRAM_BOT_TOKEN', isNeeded: true },
    { property: 'telegramChat', input: 'login', icon: 'comment', variable: 'TELEGRAM_CHAT_ID', isNeeded: true },
    {
      ...{ property: 'telegramApi', input: 'text', icon: 'server', variable: 'TELEGRAM_API_URL' },
      ...{ isMore: true, isServer: true },
    },
  ],
  read({ value }) {
    const [token, chat] = [value('telegramToken'), value('telegramChat')]
    if (token === '' && chat === '') return null
    if (token === '') throw invalidReceiver('TELEGRAM_CHAT_ID is set and TELEGRAM_BOT_TOKEN is not: a bot has to send')
    if (chat === '')
      throw invalidReceiver('TELEGRAM_BOT_TOKEN is set and TELEGRAM_CHAT_ID is not: whom does the bot write to?')
    if (!/^\d+:[-\w]+$/.test(token)) {
      throw invalidReceiver(
        'the token of the bot (TELEGRAM_BOT_TOKEN) must be a number, a colon and letters, as @BotFather gives it',
      )
    }
    if (!/^(-?\d+|@\w+)$/.test(chat)) {
      throw invalidReceiver('the chat (TELEGRAM_CHAT_ID) must be a number, or the @name of a channel')
    }
    const api = webAddress(
      'the address of the Bot API (TELEGRAM_API_URL)',
      value('telegramApi') || 'https://api.telegram.org',
    )
    return { channel: 'telegram', api: api.replace(/\/+$/, ''), token, chat }
  },
  open: ({ api, token, chat }) => ({
    send: (message, signal) =>
      postBody({
        url: `${api}/bot${token}/sendMessage`,
        body: JSON.stringify({
          ...{ chat_id: chat, text: telegramText(message), parse_mode: 'HTML' },
          link_preview_options: { is_disabled: true },
        }),
        explain: refusal,
        secrets: [token],
        signal,
      }),
    close() {},
  }),
}

/** It says how long to wait in its body. A chat that does not exist is mended by people, and the message stays good. */
function refusal(_status: number, body: string): Refusal {
  const answer = objectIn(body)
  const said = textOf(answer?.description)
  const seconds = fieldsOf(answer?.parameters).retry_after
  return {
    ...(said !== null && { said }),
    ...(/\b(chat|user|bot|upgraded|migrated)\b/i.test(said ?? '') && { isFinal: false }),
    ...(typeof seconds === 'number' && seconds >= 0 && { retryAfter: seconds * 1000 }),
  }
}

/** What a message says, in Telegram's HTML. */
function telegramText(message: Message): string {
  const { subject, tone, sections, dashboardUrl } = message
  const { open } = wordsOf(message)
  const lines = [`${MARKS[tone]} <b>${line(subject)}</b>`]
  for (const { title, entries } of sections) {
    if (sections.length > 1) lines.push('', `<b>${line(title)}</b>`)
    for (const entry of entries) lines.push('', ...entryLines(entry, message))
  }
  const foot = dashboardUrl === null ? '' : `\n\n<a href="${escaped(dashboardUrl)}">${open}</a>`
  return `${linesThatFit(lines.join('\n'), LONGEST_TEXT - foot.length)}${foot}`
}

function entryLines({ heading, facts, remedy, link }: MessageEntry, message: Message): string[] {
  const { steps, more } = wordsOf(message)
  return [
    `<b>${line(heading)}</b>`,
    ...facts.map(({ name, value }) => `<i>${line(name)}:</i> ${line(value)}`),
    ...(remedy.length > 0 ? [`<b>${steps}:</b>`] : []),
    ...remedy.map((step, index) => `${index + 1}. ${line(step)}`),
    ...(link === null ? [] : [`<a href="${escaped(link)}">${more}</a>`]),
  ]
}

const line = (text: string) => escaped(beginning(text.replaceAll(/\s+/g, ' '), LONGEST_LINE))
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
