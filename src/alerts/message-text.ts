import { clockTime } from '../observation/local-time.ts'
import type { Message, MessagePicture } from './message.ts'

/** What a picture shows, in words: beside it, and where it is not shown. */
function captionOf({ target, which, at }: MessagePicture, timezone: string): string {
  const what = which === 'now' ? 'now' : 'the last good picture, from before'
  return `stream ${target}, ${what} (${clockTime(at, timezone)})`
}

/** The plain text of a message, as an email shows it. @param pictures what is attached to it */
export function plainText(
  { sections, dashboardUrl, timezone }: Message,
  pictures: readonly MessagePicture[] = [],
): string {
  const lines: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) lines.push(`${title.toUpperCase()}`, '')
    for (const { heading, facts, remedy, link } of entries) {
      lines.push(heading)
      for (const { name, value } of facts) lines.push(`  ${name}: ${value}`)
      if (remedy.length > 0) lines.push('  What to do now:')
      for (const [index, step] of remedy.entries()) lines.push(`    ${index + 1}. ${step}`)
      if (link !== null) lines.push(`  More: ${link}`)
      lines.push('')
    }
  }
  for (const picture of pictures) lines.push(`Picture attached: ${captionOf(picture, timezone)}`)
  if (pictures.length > 0) lines.push('')
  if (dashboardUrl !== null) lines.push(`Dashboard: ${dashboardUrl}`)
  return `${lines.join('\n').trimEnd()}\n`
}

/**
 * The same as HTML. Everything that came from outside is escaped.
 *
 * @param pictures by the content id under which each is attached
 */
export function htmlText(
  { sections, dashboardUrl, timezone }: Message,
  pictures: ReadonlyMap<string, MessagePicture> = new Map(),
): string {
  const parts: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) parts.push(`<h2>${escapeHtml(title)}</h2>`)
    for (const { heading, facts, remedy, link } of entries) {
      const rows = facts.map(
        ({ name, value }) =>
          `<tr><th align="left" valign="top">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
      )
      const steps = remedy.map((step) => `<li>${escapeHtml(step)}</li>`)
      parts.push(`<h3>${escapeHtml(heading)}</h3><table cellpadding="3">${rows.join('')}</table>`)
      if (steps.length > 0) parts.push(`<p><b>What to do now</b></p><ol>${steps.join('')}</ol>`)
      if (link !== null) parts.push(`<p><a href="${escapeHtml(link)}">More</a></p>`)
    }
  }
  for (const [id, picture] of pictures) {
    const caption = escapeHtml(captionOf(picture, timezone))
    parts.push(`<p><img src="cid:${id}" alt="${caption}" style="max-width: 100%"><br>${caption}</p>`)
  }
  if (dashboardUrl !== null) parts.push(`<p><a href="${escapeHtml(dashboardUrl)}">Open the dashboard</a></p>`)
  return `<!DOCTYPE html><html lang="en"><body style="font-family: sans-serif">${parts.join('')}</body></html>`
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
