import type { EntryRow } from './crossing.ts'
import type { HistoryEntry } from './records.ts'

/** Characters of a text that are kept. */
const LONGEST_TEXT = 2_000
/** Characters of a whole entry; what is longer is kept without its content. */
const LONGEST_ENTRY = 100_000

const ADDRESS = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"<>]+/gi

/** Links are made anew where the entry is shown. */
const LINKS = new Set(['runbookUrl', 'dashboardUrl'])

/** An entry as it is stored: each text is redacted by itself, and no address of whatever kind stays. */
export function entryText({ content, ...entry }: HistoryEntry, redact: (text: string) => string): EntryRow {
  const text = JSON.stringify(content, (name, value: unknown) => {
    if (LINKS.has(name)) return undefined
    return typeof value === 'string' ? withoutAddresses(redact(value.slice(0, LONGEST_TEXT))) : value
  })
  return { ...entry, content: text.length > LONGEST_ENTRY ? '{"omitted":"too long"}' : text }
}

/** @returns the text with the scheme of each address, as `rtmp://…` */
function withoutAddresses(text: string): string {
  return text.replaceAll(ADDRESS, (address) => `${address.slice(0, address.indexOf('://'))}://…`)
}
