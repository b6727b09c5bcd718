/** What one part of the benchmark found. */
export interface Section {
  title: string
  /** What was done, one sentence. */
  how: string
  header: readonly string[]
  rows: readonly (readonly string[])[]
  goals: readonly Goal[]
}

export interface Goal {
  what: string
  measured: string
  reached: boolean
}

export function markdown(section: Section): string {
  const goals = section.goals.map(({ what, measured, reached }) => {
    return `- ${reached ? 'reached' : '**missed**'}: ${what} (${measured})`
  })
  return [`## ${section.title}`, '', section.how, '', ...table(section.header, section.rows), '', ...goals].join('\n')
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)]
}
