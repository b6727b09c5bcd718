import { isIP } from 'node:net'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import { fillPlaceholders, placeholder } from './placeholder.ts'
import { redactUrl } from './stream-address.ts'

/**
 * Characters below which a secret is not looked for in free text. So short a value hides nothing (it can be guessed)
 * and stands in every other word; as the key of a URL it is taken out all the same.
 */
const SHORTEST_REDACTED = 4

/** Values that are no longer in use and are still looked for: a process that is just ending may still tell them. */
const MOST_RETIRED = 500

/** Schemes are short; without a bound, a long word is looked through anew from each of its letters. */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"<>]+/gi
const AFTER_URL = /[.,;:!?)\]']+$/

/**
 * The secrets of one monitor: by name what is filled in for `${name}`, and what is taken out of every text that leaves.
 * Of two owners of a name the first one's value counts, so that nobody can change what another watches.
 */
export class SecretStore {
  readonly #values = new Map<string, Map<string, string>>()
  readonly #retired = new Map<string, string>()
  readonly #listeners = new Set<(name: string) => void>()
  #needles: Needle[] | null = null

  /** Sets or rotates a value. Who listens is told when what counts for this name is another value than before. */
  put(owner: string, name: string, value: string): void {
    const owners = this.#values.get(name) ?? new Map<string, string>()
    this.#values.set(name, owners)
    this.#change(name, () => owners.set(owner, value))
  }

  remove(owner: string, name: string): void {
    this.#change(name, () => {
      const owners = this.#values.get(name)
      owners?.delete(owner)
      if (owners?.size === 0) this.#values.delete(name)
    })
  }

  removeOwner(owner: string): void {
    for (const [name, owners] of [...this.#values]) {
      if (owners.has(owner)) this.remove(owner, name)
    }
  }

  /** The value that counts for a name. It must not leave the process but to the target itself. */
  valueOf(name: string): string | undefined {
    return this.#values.get(name)?.values().next().value
  }

  /**
   * Fills in every `${NAME}`: the last step before an address is used.
   *
   * @throws MonitorError `missing-variable` for a name that nobody put here; the environment is not looked at
   */
  expand(template: string): string {
    return fillPlaceholders(template, (name) => {
      const value = this.valueOf(name)
      if (value !== undefined) return value
      throw new MonitorError(
        'missing-variable',
        `${placeholder(name)} is not known here: only names that the targets file or RTMP_STREAMS uses can be filled in`,
      )
    })
  }

  /**
   * The one function that redacts. Takes out every secret, as it is and in any percent-encoding, and the key and
   * password of every URL. A secret is replaced by its name, as in `${STREAM_KEY}`.
   */
  redact(text: string): string {
    this.#needles ??= this.#collectNeedles()
    let shown = ''
    let at = 0
    for (const { start, end, name, value } of findSecrets(text, this.#needles)) {
      shown += text.slice(at, start) + (name.includes(value) ? '***' : placeholder(name))
      at = end
    }
    shown += text.slice(at)
    return shown.replaceAll(URL_IN_TEXT, (found) => {
      const after = AFTER_URL.exec(found)?.[0] ?? ''
      return redactUrl(found.slice(0, found.length - after.length)) + after
    })
  }

  /** @returns the way to stop listening */
  onChanged(listener: (name: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #change(name: string, change: () => void): void {
    const owned = new Set(this.#values.get(name)?.values())
    const before = this.valueOf(name)
    change()
    const kept = new Set(this.#values.get(name)?.values())
    for (const value of owned) if (!kept.has(value)) this.#retire(name, value)
    if (kept.size !== owned.size || [...kept].some((value) => !owned.has(value))) this.#needles = null
    const after = this.valueOf(name)
    if (after === before || after === undefined) return
    for (const listener of [...this.#listeners]) guarded('listener of secrets', listener)(name)
  }

  #retire(name: string, value: string): void {
    this.#retired.delete(value)
    this.#retired.set(value, name)
    const [oldest] = this.#retired.keys()
    if (this.#retired.size > MOST_RETIRED && oldest !== undefined) this.#retired.delete(oldest)
  }

  #collectNeedles(): Needle[] {
    const byValue = new Map<string, string>(this.#retired)
    for (const [name, owners] of [...this.#values].reverse()) {
      // Of several names the first one's stands in the text: that is what the user wrote.
      for (const value of owners.values()) byValue.set(value, name)
    }
    return Array.from(byValue)
      .filter(([value]) => value.length >= SHORTEST_REDACTED && !isNetworkAddress(value))
      .flatMap(([value, name]) => needlesOf(name, value))
      .sort((a, b) => b.text.length - a.text.length)
  }
}

/** An IP address, with or without a port, is what a reader needs, whatever variable it came from. */
function isNetworkAddress(value: string): boolean {
  const host = value.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(value) !== 0 || isIP(host) !== 0
}

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
function needlesOf(name: string, value: string): Needle[] {
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
function findSecrets(text: string, needles: readonly Needle[]): SecretRange[] {
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
