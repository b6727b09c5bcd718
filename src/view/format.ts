import type { Language } from '../observation/language.ts'
import { counted, fill, type Words, wordFor } from './words.ts'

/** What a status holds of measurements that came as JSON, perhaps from a probe that has measured nothing yet. */
export type Received<T> = T extends object ? { readonly [P in keyof T]?: Received<T[P]> | null } : T

type Maybe<T> = T | null | undefined

/** How the dashboard writes a value, in the language of who looks. Each gives null where the value is not known. */
export interface DashboardFormat {
  /** Of bytes per second. A card has no decimals from 99.5 Mb/s on, a table always one. */
  megabits(bytesPerSecond: Maybe<number>): string | null
  /** Of seconds. No time at all is less than what can be measured on a card, and 0 in a table. */
  milliseconds(seconds: Maybe<number>): string | null
  /** Of a ratio from 0 to 1. */
  percent(ratio: Maybe<number>): string | null
  /** Of seconds: `90 s`, `12 min`, `3.2 h`. */
  span(seconds: Maybe<number>): string | null
  /** Since a Unix time in seconds. */
  ago(time: Maybe<number>): string | null
  /** Of a code such as `streaming_preview`. */
  words(code: Maybe<string>): string | null
  /** A name as it is. */
  text(name: Maybe<string>): string | null
  /** Of a time in ISO 8601, which the page shows in the zone of who looks. */
  time(iso: Maybe<string>): { time: number } | null
  /** A text of the catalogue with its values put in; null where one of them is not known. */
  say(key: keyof Words['values'], values?: Readonly<Record<string, Maybe<string | number>>>): string | null
  /** Of one, or of many. */
  count(count: number, one: keyof Words['values'], many: keyof Words['values']): string
}

/** One value of a target. The type is that of a method, so that a list may hold the descriptors of several kinds. */
type DashboardValue<M, V> = { of(measured: Received<M>, format: DashboardFormat): V }['of']
/** The values on the card of a target; null: nothing to show. */
export type Card<M> = DashboardValue<M, readonly (string | null)[]>
/** What stands in each column of the table of a kind, by its heading; null: a dash. */
export type Columns<M> = Readonly<Record<string, DashboardValue<M, string | { time: number } | null>>>

/** @param now milliseconds since the epoch */
export function dashboardFormat(
  now: number,
  place: 'card' | 'table',
  language: Language,
  { values, codes }: Pick<Words, 'values' | 'codes'>,
): DashboardFormat {
  const isCard = place === 'card'
  const number = (value: number, decimals: number) => inLanguage(value.toFixed(decimals), language)
  const span: DashboardFormat['span'] = (seconds) => {
    if (typeof seconds !== 'number') return null
    const whole = Math.max(0, Math.round(seconds))
    if (whole < 120) return `${whole} s`
    return whole < 7200 ? `${Math.round(whole / 60)} min` : `${number(whole / 3600, 1)} h`
  }
  return {
    megabits(bytesPerSecond) {
      if (typeof bytesPerSecond !== 'number') return null
      const value = (bytesPerSecond * 8) / 1e6
      return `${number(value, isCard && value >= 99.5 ? 0 : 1)} Mb/s`
    },
    milliseconds(seconds) {
      if (typeof seconds !== 'number') return null
      if (seconds < 1e-4 && (isCard || seconds > 0)) return values.underTenth
      return `${number(seconds * 1000, seconds < 0.01 ? 1 : 0)} ms`
    },
    percent: (ratio) => (typeof ratio === 'number' ? `${number(ratio * 100, 0)} %` : null),
    span,
    ago: (time) => (typeof time === 'number' ? fill(values.ago, { span: span(now / 1000 - time) ?? '' }) : null),
    words: (code) => (code ? wordFor(codes, String(code)).replaceAll('_', ' ') : null),
    text: (name) => (name ? String(name) : null),
    time(iso) {
      const time = Date.parse(iso ?? '')
      return Number.isNaN(time) ? null : { time }
    },
    say(key, given = {}) {
      const known = Object.entries(given).filter((one): one is [string, string | number] => (one[1] ?? null) !== null)
      return known.length < Object.keys(given).length ? null : fill(values[key], Object.fromEntries(known))
    },
    count: (count, one, many) => counted(count, values[one], values[many]),
  }
}

/** A number as the language writes it: `3.2` is `3,2` in German. */
function inLanguage(number: string, language: Language): string {
  return language === 'de' ? number.replace('.', ',') : number
}
