import type { Language } from '../observation/language.ts'
import type { MessageTexts } from './message-texts.ts'
import { GERMAN } from './message-texts-de.ts'
import { ENGLISH } from './message-texts-en.ts'

/** Every language in which people are sent alerts and incidents. */
export const MESSAGE_TEXTS: Readonly<Record<Language, MessageTexts>> = { en: ENGLISH, de: GERMAN }
