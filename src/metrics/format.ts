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

/** Everything of a sample's line before its value. Labels without a value are left out: to Prometheus they are equal. */
export function samplePrefix(name: string, labels: Readonly<Record<string, string | number>>): string {
  let text = ''
  for (const [label, value] of Object.entries(labels)) {
    if (value !== '') text += `${text === '' ? '' : ','}${label}="${escapeLabelValue(String(value))}"`
  }
  return text === '' ? `${name} ` : `${name}{${text}} `
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
