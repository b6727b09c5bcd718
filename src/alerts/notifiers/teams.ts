import type { Message } from '../message.ts'
import type { MessageEntry } from '../message-entry.ts'
import { wordsOf } from '../message-text.ts'
import { postBody } from './http-post.ts'
import { beginning } from './lines-that-fit.ts'
import { type NotifierType, webAddress } from './notifier.ts'

/** Bytes; Teams refuses more than 28 KB (learn.microsoft.com, Format cards in Microsoft Teams). */
const LARGEST_CARD = 26_000
const LONGEST_LINE = 1000

const COLOURS: Readonly<Record<Message['tone'], string>> = {
  critical: 'attention',
  warning: 'warning',
  resolved: 'good',
}

export interface TeamsReceiver {
  channel: 'teams'
  url: string
}

/** Posts an Adaptive Card to a workflow of Teams (*Send webhook alerts to a channel*), whose URL is a secret. */
export const TEAMS: NotifierType<TeamsReceiver> = {
  channel: 'teams',
  fields: [{ property: 'teamsUrl', input: 'secret', icon: 'users', variable: 'TEAMS_WEBHOOK_URL', isNeeded: true }],
  read({ value }) {
    const url = value('teamsUrl')
    if (url === '') return null
    return { channel: 'teams', url: webAddress('the URL of the Teams workflow (TEAMS_WEBHOOK_URL)', url) }
  },
  open: ({ url }) => ({
    send: (message, signal) => postBody({ url, body: JSON.stringify(teamsMessage(message)), signal }),
    close() {},
  }),
}

interface Element {
  type: string
  [property: string]: unknown
}

/** One message with one card: what Microsoft's schema of workflows says. */
function teamsMessage(message: Message): object {
  const { subject, tone, sections, dashboardUrl } = message
  const { open } = wordsOf(message)
  const body: Element[] = [
    text([{ text: subject, size: 'large', weight: 'bolder', color: COLOURS[tone] }], { style: 'heading' }),
  ]
  for (const { title, entries } of sections) {
    if (sections.length > 1) body.push(text([{ text: title, weight: 'bolder' }], { separator: true }))
    for (const entry of entries) body.push(...entryElements(entry, message))
  }
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          ...{ $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4' },
          msteams: { width: 'Full' },
          body: fitting(body),
          actions: dashboardUrl === null ? [] : [{ type: 'Action.OpenUrl', title: open, url: dashboardUrl }],
        },
      },
    ],
  }
}

function entryElements({ heading, facts, remedy, link }: MessageEntry, message: Message): Element[] {
  const { steps, more } = wordsOf(message)
  return [
    text([{ text: heading, weight: 'bolder' }], { separator: true }),
    ...facts.map(({ name, value }) => text([{ text: `${name}: `, weight: 'bolder' }, { text: value }], CLOSE)),
    ...(remedy.length > 0 ? [text([{ text: steps, weight: 'bolder' }])] : []),
    ...remedy.map((step, index) => text([{ text: `${index + 1}. ${step}` }], CLOSE)),
    ...(link === null ? [] : [text([{ text: more, selectAction: { type: 'Action.OpenUrl', url: link } }], CLOSE)]),
  ]
}

const CLOSE = { spacing: 'small' } as const

/** Runs of text are shown as they are; a TextBlock would make markup of what comes from outside. */
function text(runs: { text: string; [property: string]: unknown }[], more: object = {}): Element {
  const inlines = runs.map((run) => ({ type: 'TextRun', ...run, text: beginning(run.text, LONGEST_LINE) }))
  return { type: 'RichTextBlock', inlines, ...more }
}

/** The rest is on the dashboard. */
function fitting(body: readonly Element[]): Element[] {
  const kept: Element[] = []
  let left = LARGEST_CARD
  for (const element of body) {
    left -= Buffer.byteLength(JSON.stringify(element))
    if (left < 0) return [...kept, text([{ text: '…' }])]
    kept.push(element)
  }
  return kept
}
