import { MonitorError } from './errors.ts'

/** Every language in which people are told something. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * The language that somebody has written down, as `de` or with its region, as `de-AT`.
 *
 * @param where it stands, as the error names it
 * @throws MonitorError `invalid-language` where there is none of it
 */
export function parseLanguage(text: string, where: string): Language {
  const [code = ''] = text.toLowerCase().split(/[-_.]/)
  const found = LANGUAGES.find((known) => known === code)
  if (found !== undefined) return found
  throw new MonitorError(
    'invalid-language',
    `${where} is "${text}", in which nothing is written here; it must be one of ${LANGUAGES.join(', ')}`,
  )
}
