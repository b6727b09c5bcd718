import { clockTime } from '../observation/local-time.ts'
import type { Message, MessagePicture } from './message.ts'
import type { MessageEntry } from './message-entry.ts'
import { MESSAGE_TEXTS } from './message-languages.ts'
import type { MessageTexts } from './message-texts.ts'

/** What a picture shows, in words: beside it, and where it is not shown. */
function captionOf({ target, which, at }: MessagePicture, timezone: string, texts: MessageTexts): string {
  return texts.caption(target, which, clockTime(at, timezone))
}

/** What stands around what a message tells, in its language. */
export function wordsOf({ language = 'en' }: Message): MessageTexts['frame'] {
  return MESSAGE_TEXTS[language].frame
}

/** The plain text of a message, as an email shows it. @param pictures what is attached to it */
export function plainText(message: Message, pictures: readonly MessagePicture[] = []): string {
  const { sections, dashboardUrl, timezone, language = 'en' } = message
  const texts = MESSAGE_TEXTS[language]
  const words = texts.frame
  const lines: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) lines.push(`${title.toUpperCase()}`, '')
    for (const { heading, facts, remedy, link } of entries) {
      lines.push(heading)
      for (const { name, value } of facts) lines.push(`  ${name}: ${value}`)
      if (remedy.length > 0) lines.push(`  ${words.steps}:`)
      for (const [index, step] of remedy.entries()) lines.push(`    ${index + 1}. ${step}`)
      if (link !== null) lines.push(`  ${words.more}: ${link}`)
      lines.push('')
    }
  }
  for (const picture of pictures) lines.push(`${words.picture}: ${captionOf(picture, timezone, texts)}`)
  if (pictures.length > 0) lines.push('')
  if (dashboardUrl !== null) lines.push(`${words.dashboard}: ${dashboardUrl}`)
  return `${lines.join('\n').trimEnd()}\n`
}

/**
 * The same as HTML. Everything that came from outside is escaped. What a mail program does not know of the styles it leaves
 * out, and the text is read as it is: colours are those of the reader's light or dark look.
 *
 * @param pictures by the content id under which each is attached
 */
export function htmlText(
  { tone, sections, dashboardUrl, timezone, language = 'en' }: Message,
  pictures: ReadonlyMap<string, MessagePicture> = new Map(),
): string {
  const texts = MESSAGE_TEXTS[language]
  const parts: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) parts.push(`<h2 style="font-size: 1.1em; margin: 1.5em 0 0">${escapeHtml(title)}</h2>`)
    for (const entry of entries) parts.push(entryHtml(entry, EDGES[tone], texts.frame))
  }
  for (const [id, picture] of pictures) {
    const caption = escapeHtml(captionOf(picture, timezone, texts))
    parts.push(
      `<p style="margin: 1.25em 0"><img src="cid:${id}" alt="${caption}" style="max-width: 100%; height: auto; border: 1px solid #8888"><br><small>${caption}</small></p>`,
    )
  }
  if (dashboardUrl !== null) parts.push(`<p><a href="${escapeHtml(dashboardUrl)}">${texts.frame.open}</a></p>`)
  return `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark }</style></head><body style="font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 12px; max-width: 44em; overflow-wrap: anywhere">${parts.join('')}</body></html>`
}

/** The colour at the edge of what is told: readable on white and on black. */
const EDGES: Readonly<Record<Message['tone'], string>> = {
  critical: '#d0342c',
  warning: '#c77700',
  resolved: '#2a8f45',
}

const NAME = 'text-align: left; vertical-align: top; padding: 2px 14px 2px 0; white-space: nowrap; font-weight: 600'
const VALUE = 'vertical-align: top; padding: 2px 0'

function entryHtml({ heading, facts, remedy, link }: MessageEntry, edge: string, words: MessageTexts['frame']): string {
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><th scope="row" style="${NAME}">${escapeHtml(name)}</th><td style="${VALUE}">${escapeHtml(value)}</td></tr>`,
  )
  const steps = remedy.map((step) => `<li style="margin: 3px 0">${escapeHtml(step)}</li>`)
  const parts = [
    `<h3 style="font-size: 1.15em; margin: 0 0 8px">${escapeHtml(heading)}</h3>`,
    `<table style="border-collapse: collapse; font-size: 1em">${rows.join('')}</table>`,
  ]
  if (steps.length > 0) {
    parts.push(`<p style="margin: 12px 0 4px"><b>${words.steps}</b></p>`)
    parts.push(`<ol style="margin: 0; padding-left: 1.5em">${steps.join('')}</ol>`)
  }
  if (link !== null) parts.push(`<p style="margin: 8px 0 0"><a href="${escapeHtml(link)}">${words.more}</a></p>`)
  return `<div style="border-left: 5px solid ${edge}; padding: 4px 0 4px 14px; margin: 16px 0">${parts.join('')}</div>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
