import { isRecord } from '../observation/shape.ts'
import { variable } from '../secrets/variables.ts'
import type { Json } from './asset.ts'
import { SetupError } from './setup-error.ts'

/** Addresses that links out of Kibana lead to, without a slash at their end; null where nobody has said any. */
export type Places = Readonly<Record<(typeof NAMES)[number], string | null>>

const NAMES = ['GRAFANA_URL', 'DASHBOARD_URL'] as const

/** @throws SetupError where one is no address of a page: a browser would run others */
export function placesOf(environment: Readonly<Record<string, string | undefined>>): Places {
  const [grafana = null, dashboard = null] = NAMES.map((name) => {
    const text = variable(environment, name)
    if (text === '') return null
    const address = URL.parse(text)
    if (address === null || !/^https?:$/.test(address.protocol)) {
      throw new SetupError(`${name} has to begin with http:// or https://`)
    }
    // It is seen by everybody who reads, and what would end a link in Markdown is encoded by the parser or here.
    address.username = ''
    address.password = ''
    return address.href.replace(/\/+$/, '').replace(/[()]/g, (each) => (each === '(' ? '%28' : '%29'))
  })
  return { GRAFANA_URL: grafana, DASHBOARD_URL: dashboard }
}

/**
 * What is put into Kibana, with the addresses where its texts have `${NAME}`. What has one that nobody has said is left out:
 * of a text the line, of an object the entry.
 */
export function withPlaces<T>(value: T, places: Places): T {
  return filled(value, places) as T
}

function filled(value: unknown, places: Places): unknown {
  if (typeof value === 'string')
    return value
      .split('\n')
      .flatMap((line) => lineOf(line, places))
      .join('\n')
  if (Array.isArray(value)) return value.map((each) => filled(each, places))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      isLinkToNowhere(inner, places) ? [] : [[key, filled(inner, places)]],
    ),
  ) satisfies Json
}

/** The format of a field whose address is not known: without it Kibana shows the value as it is. */
function isLinkToNowhere(value: unknown, places: Places): boolean {
  if (!isRecord(value) || !isRecord(value.params)) return false
  const { urlTemplate } = value.params
  return typeof urlTemplate === 'string' && lineOf(urlTemplate, places).length === 0
}

function lineOf(line: string, places: Places): string[] {
  if (NAMES.some((name) => line.includes(`\${${name}}`) && places[name] === null)) return []
  return [NAMES.reduce((text, name) => text.replaceAll(`\${${name}}`, () => places[name] ?? ''), line)]
}
