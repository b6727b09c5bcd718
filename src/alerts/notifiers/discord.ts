import { objectIn, textOf } from '../../connection/legible.ts'
import type { Message } from '../message.ts'
import type { MessageEntry } from '../message-entry.ts'
import { wordsOf } from '../message-text.ts'
import { postBody, type Refusal } from './http-post.ts'
import { beginning, linesThatFit } from './lines-that-fit.ts'
import { type NotifierType, webAddress } from './notifier.ts'

/** Characters (discord.com/developers/docs, Execute Webhook and Embed Limits); all embeds together have 6000. */
const LONGEST_CONTENT = 2000
const LONGEST_TEXT = 4096

/** Of the edge, as numbers of red, green and blue. */
const COLOURS: Readonly<Record<Message['tone'], number>> = { critical: 0xd0342c, warning: 0xc77700, resolved: 0x2a8f45 }

export interface DiscordReceiver {
  channel: 'discord'
  url: string
}

/** Posts to a webhook of a Discord channel, whose URL is a secret. */
export const DISCORD: NotifierType<DiscordReceiver> = {
  channel: 'discord',
  fields: [
    { property: 'discordUrl', input: 'secret', icon: 'comments', variable: 'DISCORD_WEBHOOK_URL', isNeeded: true },
  ],
  read({ value }) {
    const url = value('discordUrl')
    if (url === '') return null
    return { channel: 'discord', url: webAddress('the URL of the Discord webhook (DISCORD_WEBHOOK_URL)', url) }
  },
  open: ({ url }) => ({
    send: (message, signal) =>
      postBody({ url, body: JSON.stringify(discordMessage(message)), explain: refusal, signal }),
    close() {},
  }),
}

/** It says how long to wait, in seconds with parts of them, also where a proxy has taken the header out. */
function refusal(_status: number, body: string): Refusal {
  const { message, retry_after: seconds } = objectIn(body) ?? {}
  const said = textOf(message)
  return {
    ...(said !== null && { said }),
    ...(typeof seconds === 'number' && seconds >= 0 && { retryAfter: Math.ceil(seconds * 1000) }),
  }
}

/** The subject as the text that a phone shows, and one embed with what is told. Nobody is mentioned, whatever a name says. */
function discordMessage(message: Message): object {
  const { subject, tone, sections, dashboardUrl } = message
  const lines: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) lines.push(`**${escaped(title)}**`)
    for (const entry of entries) lines.push(...entryLines(entry, message), '')
  }
  const embed = {
    ...(dashboardUrl !== null && { title: wordsOf(message).open, url: dashboardUrl }),
    description: linesThatFit(lines.join('\n'), LONGEST_TEXT),
    color: COLOURS[tone],
  }
  return {
    content: beginning(escaped(subject), LONGEST_CONTENT),
    embeds: [embed],
    allowed_mentions: { parse: [] },
  }
}

function entryLines({ heading, facts, remedy, link }: MessageEntry, message: Message): string[] {
  const { steps, more } = wordsOf(message)
  return [
    `**${escaped(heading)}**`,
    ...facts.map(({ name, value }) => `**${escaped(name)}:** ${escaped(value)}`),
    ...(remedy.length > 0 ? [`**${steps}:**`] : []),
    ...remedy.map((step, index) => `${index + 1}. ${escaped(step)}`),
    ...(link === null ? [] : [`[${more}](${link})`]),
  ]
}

/** What Discord takes for markup. An address in a text is still made a link. */
const escaped = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\*_~`|[\]<>#]/g, '\\$&')
