import type { MetricsRegistry } from '../src/metrics/registry.ts'

/** One line of the Prometheus text format. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g

function parseValue(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
}

/** The answer of a registry to a scrape, as text. */
export async function expositionOf(
  registry: Pick<MetricsRegistry, 'exposition'>,
  accept?: string,
): Promise<{ contentType: string; body: string }> {
  const { contentType, body } = await registry.exposition(accept)
  return { contentType, body: body.toString('utf8') }
}

/** The samples of an exposition, classic or OpenMetrics. Whether it is well formed is for promtool to say. */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = line.startsWith('#') ? null : LINE.exec(line)
    if (match === null) return []
    const labels = [...(match[2] ?? '').matchAll(LABEL)].map(([, name = '', value = '']) => [name, value])
    return [{ name: match[1] ?? '', labels: Object.fromEntries(labels), value: parseValue(match[3] ?? '') }]
  })
}

/** The values of the series of that name that have at least these labels. */
export function valuesOf(samples: Sample[], name: string, labels: Record<string, string> = {}): number[] {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .map(({ value }) => value)
}
