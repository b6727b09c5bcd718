import { truncate } from '../../src/observation/words.ts'
import { type Fault, type Healthy, isFault } from './case.ts'
import type { Result } from './runner.ts'

export function line(result: Result): string {
  const { row, ok, error, first } = result
  const [found, seconds, wrong] = cells(result)
  const expected = isFault(row) ? row.expects.join(', ') : 'nothing'
  return `${ok ? '✔' : '✖'}${first ? ' (again)' : ''} ${row.id}: ${row.what} | ${expected} | ${found} | ${seconds} | ${error ?? wrong}`
}

function cells({ row, found, missed, late, wrong, informed, error }: Result): [string, string, string] {
  if (error !== null) return ['not played', '', error.split('\n')[0] ?? '']
  if (!isFault(row)) return [informed.join(', ') || 'nothing', '', wrong.join('; ')]
  return [
    [...found.map(({ type }) => type), ...missed.map((type) => `MISSED ${type}`)].join(', '),
    found
      .map((one) => `${one.after.toFixed(1)} of ${one.within.toFixed(0)}${late.includes(one) ? ' LATE' : ''}`)
      .join(', '),
    wrong.join('; '),
  ]
}

export function summary(results: readonly Result[], seconds: number): string {
  const faults = results.filter(({ row }) => isFault(row))
  const healthy = results.filter(({ row }) => !isFault(row))
  const good = (some: readonly Result[]) => some.filter(({ ok }) => ok).length
  return `${good(faults)} of ${faults.length} faults found rightly, ${good(healthy)} of ${healthy.length} healthy streams left alone, in ${Math.round(seconds)} s`
}

export function page(results: readonly Result[], seconds: number): string {
  const faults = results.filter(({ row }) => isFault(row))
  const healthy = results.filter(({ row }) => !isFault(row))
  const rowOf = (result: Result) => {
    const [found, after, wrong] = cells(result)
    const { row } = result
    const expected = isFault(row) ? row.expects.join(', ') : ''
    return [row.what, madeBy(row), ...(isFault(row) ? [expected, found, after] : [found]), wrong || 'none']
  }
  const all = results.flatMap(({ found }) => found)
  const twice = results.flatMap(({ first }) => (first ? [first] : []))
  const spare = all.map(({ after, within }) => within - after)
  return `# Detection

<!-- Written by npm run test:faults. Change the suite in test/faults, not this page. -->

Faults that were made for real, and what the monitor said of them. Publishers are ffmpeg, servers are nginx-rtmp and node-media-server, and the probe and the judge are those of the package. Of each fault every issue that is expected has to be raised within the window and the hold time that [the table of checks](checks.md) states, and 3 s; no issue may be raised that neither is expected nor follows from what is done. A healthy stream may have no warning and no error.

${summary(results, seconds)}. The least time to spare was ${spare.length === 0 ? 'none' : `${Math.min(...spare).toFixed(1)} s`}.

## Faults

Seconds: from the fault to the issue, of those allowed. Where something outside the check takes its own time, the row says how much, and why.

${table(['fault', 'made by', 'expected', 'found', 'seconds', 'wrong issues'], faults.map(rowOf))}

## Healthy streams

What was said is information, which is advice and no fault.

${table(['stream', 'made by', 'information', 'wrong issues'], healthy.map(rowOf))}
${twice.length === 0 ? '' : playedTwice(twice)}`
}

/** Rows that failed while some process waited for a processor nearly all of the time, as they were the first time. */
function playedTwice(first: readonly Result[]): string {
  const rows = first.map((result) => {
    const [found, seconds, wrong] = cells(result)
    return [result.row.what, found, seconds, truncate(wrong, 200), `${Math.round((result.pressure ?? 0) * 100)} %`]
  })
  return `
## Played twice

These failed at first while other work had the processors, so that a publisher, a server or the monitor may each have been seconds late; they were played once more, and the tables above say what came then.

${table(['row', 'found', 'seconds', 'wrong issues', 'time without a free processor'], rows)}
`
}

/** How it is made, and why more time is allowed than the table of checks states, where it is. */
export function madeBy(row: Fault | Healthy): string {
  const delay = isFault(row) ? row.delay : undefined
  return delay === undefined ? row.how : `${row.how}; ${delay.seconds} s more, because ${delay.because}`
}

function table(header: string[], rows: string[][]): string {
  const lineOf = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [lineOf(header), lineOf(header.map(() => '---')), ...rows.map(lineOf)].join('\n')
}
