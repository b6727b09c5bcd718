import { truncate } from '../../src/observation/words.ts'
import { type Fault, type Healthy, isFault, type Reader, withReader } from './case.ts'
import type { Result } from './runner.ts'

const READERS: readonly Reader[] = ['auto', 'ffprobe']

export function line(result: Result): string {
  const { row, reader, ok, error, first } = result
  const expected = isFault(row) ? expectedWith(row, reader).join(', ') : 'nothing'
  return `${ok ? '✔' : '✖'}${first ? ' (again)' : ''} ${row.id} (${reader}): ${row.what} | ${expected} | ${found(result)} | ${error ?? wrongIn(result)}`
}

function expectedWith(row: Fault, reader: Reader): readonly string[] {
  const played = withReader(row, reader)
  return isFault(played) ? played.expects : []
}

/** What was said of a fault, with the seconds that it took; of a healthy stream, what advice was given. */
function found({ row, found: all, missed, late, informed, error }: Result): string {
  if (error !== null) return 'not played'
  if (!isFault(row)) return informed.join(', ') || 'nothing'
  const said = all.map((one) => {
    return `${one.type} ${one.after.toFixed(1)} of ${one.within.toFixed(0)}${late.includes(one) ? ' LATE' : ''}`
  })
  return [...said, ...missed.map((type) => `MISSED ${type}`)].join(', ')
}

function wrongIn({ wrong, error }: Result): string {
  return error === null ? wrong.join('; ') : (error.split('\n')[0] ?? '')
}

export function summary(results: readonly Result[], seconds: number): string {
  const good = (some: readonly Result[]) => `${some.filter(({ ok }) => ok).length} of ${some.length}`
  const words = READERS.map((reader) => {
    const own = results.filter((result) => result.reader === reader)
    const faults = own.filter(({ row }) => isFault(row))
    const healthy = own.filter(({ row }) => !isFault(row))
    return `With \`${reader}\`, ${good(faults)} faults were found rightly, and ${good(healthy)} healthy streams left alone.`
  })
  return `${words.join(' ')} All were played in ${Math.round(seconds)} s.`
}

export function page(results: readonly Result[], seconds: number): string {
  const rows = [...new Set(results.map(({ row }) => row))]
  const spare = results.flatMap((result) => result.found.map(({ after, within }) => within - after))
  const least = spare.length === 0 ? 'none' : `${Math.min(...spare).toFixed(1)} s`
  const twice = results.flatMap(({ first }) => (first ? [first] : []))
  return `# Detection

<!-- Written by npm run test:faults. Change the suite in test/faults, not this page. -->

Faults that were made for real, and what the monitor said of them. Publishers are ffmpeg, servers are nginx-rtmp and node-media-server, and the probe and the judge are those of the package. Of each fault every issue that is expected has to be raised within the window and the hold time that [the table of checks](checks.md) states, and 3 s; no issue may be raised that neither is expected nor follows from what is done. A healthy stream may have no warning and no error.

Streams over RTMP are played with both readers that a target can have: \`auto\`, where the monitor reads them itself, and \`ffprobe\`, where FFmpeg's programs do. A column without an entry: there both come to the same, or the row is about the other one.

${summary(results, seconds)} The least time to spare was ${least}.

## Faults

What was found, and the seconds from the fault to the issue, of those allowed. Where something outside the check takes its own time, the row says how much, and why.

${table(['fault', 'made by', 'expected', ...READERS.map((reader) => `\`${reader}\``), 'wrong issues'], rows.filter(isFault).map(rowOf))}

## Healthy streams

What was said is information, which is advice and no fault.

${table(
  ['stream', 'made by', ...READERS.map((reader) => `\`${reader}\``), 'wrong issues'],
  rows.filter((row) => !isFault(row)).map(rowOf),
)}
${twice.length === 0 ? '' : playedTwice(twice)}`

  function rowOf(row: Fault | Healthy): string[] {
    const own = results.filter((result) => result.row === row)
    const wrong = own.flatMap((result) => wrongIn(result) || [])
    const cells = READERS.map((reader) => own.find((result) => result.reader === reader)).map((result) => {
      return result === undefined ? '' : found(result)
    })
    return [row.what, madeBy(row), ...(isFault(row) ? [expectedOf(row)] : []), ...cells, wrong.join('; ') || 'none']
  }
}

function expectedOf(row: Fault): string {
  const other = row.byItself?.expects
  return `${row.expects.join(', ')}${other ? `; with \`auto\` ${other.join(', ')}` : ''}`
}

/** Rows that failed while some process waited for a processor nearly all of the time, as they were the first time. */
function playedTwice(first: readonly Result[]): string {
  const rows = first.map((result) => {
    const share = `${Math.round((result.pressure ?? 0) * 100)} %`
    return [result.row.what, `\`${result.reader}\``, found(result), truncate(wrongIn(result), 200), share]
  })
  return `
## Played twice

These failed at first while other work had the processors, so that a publisher, a server or the monitor may each have been seconds late; they were played once more, and the tables above say what came then.

${table(['row', 'reader', 'found', 'wrong issues', 'time without a free processor'], rows)}
`
}

/** How it is made, and why more time is allowed than the table of checks states, where it is. */
export function madeBy(row: Fault | Healthy): string {
  const more = (delay: NonNullable<Fault['delay']>) => `${delay.seconds} s more, because ${delay.because}`
  if (!isFault(row)) return row.how
  const own = row.byItself?.delay
  return [row.how, ...(row.delay ? [more(row.delay)] : []), ...(own ? [`with \`auto\` ${more(own)}`] : [])].join('; ')
}

function table(header: string[], rows: string[][]): string {
  const lineOf = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [lineOf(header), lineOf(header.map(() => '---')), ...rows.map(lineOf)].join('\n')
}
