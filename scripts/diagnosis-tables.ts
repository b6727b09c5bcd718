// What the tables of docs/diagnosis.md are made with.
import type { ScoredSight } from '../laboratory/score.ts'

/** Where something is wrong and the evidence can tell what. */
export const counts = ({ sight }: ScoredSight) => sight.truth.length > 0 && sight.blind === undefined

export const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${Math.round((1000 * part) / whole) / 10} %`

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
