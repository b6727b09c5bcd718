/** The two text formats of Prometheus. */
export type Format = 'text' | 'openmetrics'

/**
 * Media types as Prometheus expects them back: exposition_formats.md (text 0.0.4) and the OpenMetrics 1.0.0
 * specification.
 */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary'

/**
 * HELP and TYPE of a family. OpenMetrics names a counter's family without `_total`; a counter whose name does not end
 * so (a user's own can) is `unknown` there, so that its series has the same name in both formats.
 */
export function familyHeader(format: Format, name: string, type: FamilyType, help: string): string {
  const isCounter = format === 'openmetrics' && type === 'counter'
  const hasSuffix = name.endsWith('_total')
  const family = isCounter && hasSuffix ? name.slice(0, -'_total'.length) : name
  const shownType = isCounter && !hasSuffix ? 'unknown' : type
  return `# HELP ${family} ${escapeHelp(format, help)}\n# TYPE ${family} ${shownType}\n`
}

/**
 * Everything of a sample's line before its value. Labels without a value are left out: to Prometheus they are equal.
 * Joined, because what is added up stays a tree of its parts in V8, whose leaves every rendering would gather again.
 */
export function samplePrefix(name: string, labels: Readonly<Record<string, string | number>>): string {
  const pairs: string[] = []
  for (const [label, value] of Object.entries(labels)) {
    if (value !== '') pairs.push(`${label}="${escapeLabelValue(String(value))}"`)
  }
  return (pairs.length === 0 ? [name, ' '] : [name, '{', pairs.join(','), '} ']).join('')
}

/** Control characters have no place in a label and end a line for some parsers; they become spaces, newlines `\n`. */
function escapeLabelValue(value: string): string {
  if (!/[\\"\p{Cc}]/u.test(value)) return value
  return value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')
}

function escapeHelp(format: Format, help: string): string {
  const escaped = help
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')
  return format === 'openmetrics' ? escaped.replace(/"/g, '\\"') : escaped
}

export const END_OF_OPENMETRICS = '# EOF\n'

interface Range {
  type: string
  version: string | null
  quality: number
}

const OFFERS: readonly { format: Format; type: string; version: string }[] = [
  { format: 'text', type: 'text/plain', version: '0.0.4' },
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '1.0.0' },
]

/** Characters of an Accept header that are looked at. Prometheus sends about 200. */
const MAX_LENGTH = 2000

/**
 * The format for an `Accept` header (RFC 9110, section 12.5.1): the offer with the highest quality, where the most
 * specific range decides an offer's quality. A tie and a header that fits neither give the text format, which every
 * scraper reads; a refusal would only make a scrape fail.
 */
export function negotiate(accept: string | undefined): Format {
  if (accept === undefined || accept.trim() === '') return 'text'
  const ranges = accept.slice(0, MAX_LENGTH).split(',').map(parseRange)
  let best: { format: Format; quality: number } = { format: 'text', quality: 0 }
  for (const { format, type, version } of OFFERS) {
    const quality = qualityOf(type, version, ranges)
    if (quality > best.quality) best = { format, quality }
  }
  return best.format
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const range: Range = { type, version: null, quality: 1 }
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim().replace(/^"|"$/g, ''))
    if (name === 'version') range.version = value
    if (name === 'q') range.quality = Math.min(1, Math.max(0, Number.parseFloat(value) || 0))
  }
  return range
}

function qualityOf(type: string, version: string, ranges: readonly Range[]): number {
  const group = `${type.split('/')[0]}/*`
  const matching = [
    ranges.filter((range) => range.type === type && range.version === version),
    ranges.filter((range) => range.type === type && range.version === null),
    ranges.filter((range) => range.type === group),
    ranges.filter((range) => range.type === '*/*'),
  ].find((found) => found.length > 0)
  return Math.max(0, ...(matching ?? []).map((range) => range.quality))
}
