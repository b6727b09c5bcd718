import type { Message } from '../message.ts'
import type { MessageEntry } from '../message-entry.ts'
import { wordsOf } from '../message-text.ts'
import type { MessageTexts } from '../message-texts.ts'
import { postBody } from './http-post.ts'
import { type NotifierType, webAddress } from './notifier.ts'

/** Slack refuses messages with more blocks, and longer texts in them (Block Kit reference). */
const MOST_BLOCKS = 50
const LONGEST_TEXT = 2900
const LONGEST_HEADER = 150

interface Block {
  type: string
  [property: string]: unknown
}

export interface SlackReceiver {
  channel: 'slack'
  url: string
}

/** Posts to a Slack incoming webhook, whose URL is a secret. */
export const SLACK: NotifierType<SlackReceiver> = {
  channel: 'slack',
  fields: [{ property: 'slackUrl', input: 'secret', icon: 'slack', variable: 'SLACK_WEBHOOK_URL', isNeeded: true }],
  read({ value }) {
    const url = value('slackUrl')
    return url === ''
      ? null
      : { channel: 'slack', url: webAddress('the URL of the Slack webhook (SLACK_WEBHOOK_URL)', url) }
  },
  open: ({ url }) => ({
    send: (message, signal) => postBody({ url, body: JSON.stringify(slackMessage(message)), signal }),
    close() {},
  }),
}

/** The blocks of a message, and a text for where blocks are not shown. */
export function slackMessage(message: Message): { text: string; blocks: Block[] } {
  const { subject, sections, dashboardUrl } = message
  const words = wordsOf(message)
  const blocks: Block[] = [{ type: 'header', text: { type: 'plain_text', text: cut(subject, LONGEST_HEADER) } }]
  for (const { title, entries } of sections) {
    if (sections.length > 1) blocks.push(section(`*${title}*`))
    for (const entry of entries) for (const text of pieces(entryText(entry, words))) blocks.push(section(text))
  }
  // What follows is for the foot.
  const shown = blocks.slice(0, MOST_BLOCKS - 1)
  if (dashboardUrl !== null) {
    shown.push({
      type: 'context',
      elements: [{ type: 'mrkdwn', text: `<${linkable(dashboardUrl)}|${words.open}>` }],
    })
  }
  return { text: slackEscaped(subject), blocks: shown }
}

function entryText({ heading, facts, remedy, link }: MessageEntry, words: MessageTexts['frame']): string {
  const lines = [`*${slackEscaped(heading)}*`]
  for (const { name, value } of facts) lines.push(`*${slackEscaped(name)}:* ${slackEscaped(value)}`)
  if (remedy.length > 0) lines.push(`*${words.steps}:*`)
  for (const [index, step] of remedy.entries()) lines.push(`${index + 1}. ${slackEscaped(step)}`)
  if (link !== null) lines.push(`<${linkable(link)}|${words.more}>`)
  return lines.join('\n')
}

/** A long list goes on in the next block, so that nothing is lost. */
function pieces(text: string): string[] {
  const found: string[] = []
  for (let rest = text; rest.length > 0; ) {
    const space = rest.lastIndexOf(' ', LONGEST_TEXT)
    const end = rest.length <= LONGEST_TEXT || space <= 0 ? LONGEST_TEXT : space
    found.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return found
}

const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text } })
const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
/** Slack's three control characters. */
const slackEscaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const linkable = (url: string) => slackEscaped(url).replaceAll('|', '%7C')
