import { isIP } from 'node:net'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import { fillPlaceholders, placeholder } from './placeholder.ts'
import { findSecrets, type Needle, needlesOf } from './secret-search.ts'
import { redactUrl } from './stream-address.ts'

/**
 * Characters below which a secret is not looked for in free text. So short a value hides nothing (it can be guessed)
 * and stands in every other word; as the key of a URL it is taken out all the same.
 */
export const SHORTEST_REDACTED = 4

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
