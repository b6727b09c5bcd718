/**
 * What is wrong with a text in the OpenMetrics 1.0 format, as far as this package uses it: metadata before samples,
 * every family in one piece, names by type, values that are numbers, labels that are quoted, `# EOF` at the end.
 */
export function openMetricsFaults(text: string): string[] {
  const faults: string[] = []
  if (!text.endsWith('\n# EOF\n')) faults.push('the last line is not # EOF')
  const seen = new Set<string>()
  const series = new Set<string>()
  let family = ''
  let type = ''
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const metadata = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line)
    if (metadata !== null) {
      const [, keyword, name = '', rest = ''] = metadata
      if (keyword === 'HELP') {
        if (seen.has(name)) faults.push(`${name} comes in two pieces`)
        if (/(^|[^\\])"/.test(rest)) faults.push(`the help of ${name} has a quote that is not escaped`)
        seen.add(name)
        family = name
      } else {
        if (name !== family) faults.push(`TYPE of ${name} stands without its HELP`)
        type = rest
      }
      continue
    }
    const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/.exec(line)
    if (sample === null) {
      faults.push(`not a line of OpenMetrics: ${line}`)
      continue
    }
    const [, name = '', labels = '', value = ''] = sample
    if (series.has(name + labels)) faults.push(`${name}${labels} stands there twice`)
    series.add(name + labels)
    if (!Number.isFinite(Number(value))) faults.push(`${name}${labels} has the value ${value}`)
    const suffixes = SUFFIXES[type] ?? ['']
    if (!suffixes.some((suffix) => name === family + suffix))
      faults.push(`${name} does not belong to ${type} ${family}`)
    if (name.endsWith('_bucket') && !/le="(\+Inf|\d+\.\d+)"/.test(labels)) faults.push(`${labels} has no canonical le`)
  }
  return faults
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  unknown: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}
