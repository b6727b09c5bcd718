import type { Language } from '../observation/language.ts'
import { GERMAN } from './words-de.ts'
import { ENGLISH, type Words } from './words-en.ts'

export type { Words }

export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, de: GERMAN }

/** A text with what stands in its braces put in: `{count} OK` with a count of 3 is `3 OK`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (brace, name: string) => String(values[name] ?? brace))
}

/** The text for one, or for many, with the number put in. */
export function counted(count: number, one: string, many: string): string {
  return fill(count === 1 ? one : many, { count })
}

/** A word that stands under its name; the name itself where there is none. */
export function wordFor(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name
}
