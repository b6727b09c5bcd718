/** One form in which a secret may stand in a text. */
export interface Needle {
  name: string
  /** The secret itself. */
  value: string
  text: string
  /** Characters of its beginning that are enough to take for it: a text may have been cut off. */
  least: number
  /** Found only where values stand, so that prose stays readable. */
  isWord: boolean
}

/** A part of a text that holds one secret, or several that overlap. */
export interface SecretRange {
  start: number
  end: number
  /** Of the longest secret in it. */
  name: string
  value: string
}

/** Characters of a secret's beginning that are not taken for an accident. */
const SHORTEST_BEGINNING = 8

/**
 * A key such as `live`, `stream` or `1935` also stands in sentences, where it is no secret. It is looked for only after
 * what stands before a value (`/live`, `name='live'`), and never within a longer word.
 */
const WORD = /^(?:\p{L}{1,10}|\d{1,5})$/u
const BEFORE_VALUE = '/=\'"`?&'

/** How often something may be percent-encoded over and over and is still found. */
const DEEPEST_ENCODING = 3

/** The forms of a secret apart from percent-encoding, which the search undoes in the text. */
export function needlesOf(name: string, value: string): Needle[] {
  const forms = [value, decode(value)?.text ?? value, value.replaceAll(' ', '+'), JSON.stringify(value).slice(1, -1)]
  return [...new Set(forms)].map((text) => {
    const isWord = WORD.test(text)
    return { name, value, text, isWord, least: isWord ? text.length : leastOf(text) }
  })
}

/** Half a key helps who guesses the rest. Half an address does not, and is half of many others. */
function leastOf(text: string): number {
  if (text.includes('://')) return text.length
  return Math.min(text.length, Math.max(SHORTEST_BEGINNING, Math.ceil(text.length / 2)))
}

/**
 * Finds all secrets in a text, also where all or some of their characters are percent-encoded.
 *
 * @param needles the longest first
 * @returns parts that do not overlap, in order
 */
export function findSecrets(text: string, needles: readonly Needle[]): SecretRange[] {
  const found: SecretRange[] = []
  let level: Decoded | null = { text, sources: null }
  for (let depth = 0; level !== null && depth <= DEEPEST_ENCODING; depth += 1) {
    for (const needle of needles) search(level, needle, found)
    level = deeper(level)
  }
  return merged(found)
}

/** A decoded text; `sources` says for each character, and for the end, where it begins in the original. */
interface Decoded {
  text: string
  sources: number[] | null
}

function search({ text, sources }: Decoded, needle: Needle, found: SecretRange[]): void {
  const { name, value, text: form, least, isWord } = needle
  const beginning = form.slice(0, least)
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    let end = at + least
    while (end - at < form.length && text[end] === form[end - at]) end += 1
    if (isWord && !standsAsValue(text, at, end)) continue
    found.push({ start: sources?.[at] ?? at, end: sources?.[end] ?? end, name, value })
  }
}

function standsAsValue(text: string, at: number, end: number): boolean {
  return at > 0 && BEFORE_VALUE.includes(text.charAt(at - 1)) && !/[\p{L}\p{N}_]/u.test(text.charAt(end))
}

function merged(found: SecretRange[]): SecretRange[] {
  const ranges: SecretRange[] = []
  for (const range of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = ranges.at(-1)
    if (last === undefined || range.start >= last.end) ranges.push({ ...range })
    else {
      if (range.value.length > last.value.length) Object.assign(last, { name: range.name, value: range.value })
      last.end = Math.max(last.end, range.end)
    }
  }
  return ranges
}

function deeper({ text, sources }: Decoded): Decoded | null {
  const next = decode(text)
  if (next === null || next.sources === null) return null
  return { text: next.text, sources: next.sources.map((at) => sources?.[at] ?? at) }
}

/** Undoes percent-encoding where it is valid UTF-8; null when there is none. */
function decode(text: string): Decoded | null {
  if (!text.includes('%')) return null
  const sources: number[] = []
  let decoded = ''
  let at = 0
  while (at < text.length) {
    const length = encodedLength(text, at)
    const part = length === 0 ? text.charAt(at) : decodeURIComponent(text.slice(at, at + length))
    for (let unit = 0; unit < part.length; unit += 1) sources.push(at)
    decoded += part
    at += length || 1
  }
  sources.push(text.length)
  return decoded.length === text.length ? null : { text: decoded, sources }
}

/** Characters of the one percent-encoded character that begins here; 0 when none does. */
function encodedLength(text: string, at: number): number {
  const [encoded] = /^(?:%[0-9a-f]{2}){1,4}/i.exec(text.slice(at, at + 12)) ?? []
  for (let length = 3; encoded !== undefined && length <= encoded.length; length += 3) {
    try {
      decodeURIComponent(encoded.slice(0, length))
      return length
    } catch {
      // Not a whole character yet, or none at all.
    }
  }
  return 0
}
