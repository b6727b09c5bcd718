import type { Language } from '../observation/language.ts'
import type { Texts } from './texts.ts'
import { GERMAN } from './texts-de.ts'
import { ENGLISH } from './texts-en.ts'

/** Every language that a report can be written in. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en: ENGLISH, de: GERMAN }
