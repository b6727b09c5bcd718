import type { Language } from '../observation/language.ts'
import type { State } from '../observation/observation.ts'
import { dashboardFormat } from './format.ts'
import { lookOf } from './look.ts'
import { type SeenStatus, type SeenTarget, type ShownKind, type ShownKinds, type Told, toldBy } from './seen.ts'
import { sentenceIn, summaryIn, titleIn } from './sentences.ts'
import { WORDS, wordFor } from './words.ts'

/** What the page *Network, encoders, platform* shows: a table of each kind that has targets. */
export interface SourcesView {
  instance: Told
  tables: {
    title: string
    columns: string[]
    rows: SourceRow[]
  }[]
}

interface SourceRow {
  id: string
  name: string
  state: State
  look: State
  /** A time is shown in the zone of who looks. */
  cells: (string | { time: number })[]
  said: { summary: string; remedy: string }[]
  /** Why it could not be measured; empty where it was. */
  error: string
}

/** What the streams come from stands first. */
const FIRST = 'encoder'

/** Pure. */
export function sourcesOf(status: SeenStatus, kinds: ShownKinds, language: Language): SourcesView {
  const format = dashboardFormat(Date.parse(status.instance.time), 'table', language, WORDS[language])
  const shown = Object.values<ShownKind>(kinds).sort((a, b) => Number(b.kind === FIRST) - Number(a.kind === FIRST))
  const tables = shown.flatMap((kind) => {
    const { columns } = kind
    const targets = columns === undefined ? [] : status.targets.filter((target) => target.kind === kind.kind)
    if (columns === undefined || targets.length === 0) return []
    const cellsOf = ({ measurements }: SeenTarget) =>
      Object.values(columns).map((cell) => cell((measurements ?? {}) as never, format) ?? '–')
    return [
      {
        title: titleIn(language, kind),
        columns: Object.keys(columns).map((heading) => wordFor(WORDS[language].headings, heading)),
        rows: targets.map((target) => ({ ...rowOf(target, language), cells: cellsOf(target) })),
      },
    ]
  })
  return { instance: toldBy(status, language), tables }
}

function rowOf(target: SeenTarget, language: Language): Omit<SourceRow, 'cells'> {
  const { kind, state, issues, error } = target
  return {
    ...{ id: `${kind}/${target.target}`, name: target.target, state, look: lookOf(target) },
    said: issues.map((issue) => ({
      summary: summaryIn(language, issue, target),
      remedy: sentenceIn(language, issue.remedy[0] ?? ''),
    })),
    error: state === 'unknown' && error !== undefined ? error.message : '',
  }
}
