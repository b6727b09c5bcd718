import { bitrate } from '../observation/words.ts'
import { COUNTED } from './accounting.ts'
import { figures } from './figures.ts'
import { type Markup, markup } from './markup.ts'
import { reportMeasure } from './measures.ts'
import type { Comparison, Report } from './report.ts'
import type { Texts } from './texts.ts'
import { wholeSeconds } from './verdict-sentence.ts'
import { lengthOf, shareOf, type Writing } from './writing.ts'

/** A column: its head, and whether its cells are numbers, times or sentences. */
type Column = readonly [head: string, look?: 'number' | 'time' | 'long' | 'name']

function table(caption: string, columns: readonly Column[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  const heads = columns.map(([head, look]) => markup`<th scope="col" class="${look ?? ''}">${head}</th>`)
  const lines = rows.map((cells) => {
    const shown = cells.map((cell, index) => markup`<td class="${columns[index]?.[1] ?? ''}">${cell}</td>`)
    return markup`<tr>${shown}</tr>\n`
  })
  return markup`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table><caption><span class="heard">${caption}</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody></table></div>`
}

export function facts(report: Report, texts: Texts, writing: Writing): Markup {
  const { word } = texts
  const span = ({ from, to }: { from: string; to: string }) => `${writing.whole(from)} – ${writing.whole(to)}`
  const known: [string, string | null][] = [
    [word.target, report.target],
    [word.site, report.site || null],
    [word.monitor, report.monitor || null],
    [word.profile, report.profile],
    [word.planned, report.planned === null ? null : span(report.planned)],
    [word.onAir, report.onAir === null ? null : span(report.onAir)],
    [word.covered, span(report)],
    [word.madeAt, writing.whole(report.madeAt)],
  ]
  const rows = known.map(([name, value]) => (value === null ? null : markup`<dt>${name}</dt><dd>${value}</dd>`))
  return markup`<dl class="facts">${rows}</dl>`
}

export function account(report: Report, texts: Texts): Markup {
  const whole = wholeSeconds(report)
  const measured = report.account.up + report.account.degraded + report.account.down
  const share = (each: (typeof COUNTED)[number]) =>
    each === 'unknown' || measured === 0 ? '–' : shareOf(report.account[each] / measured, texts)
  const rows = COUNTED.map((each) => [texts.state[each], lengthOf(whole[each]), share(each)])
  const { word } = texts
  const made = table(
    texts.section.account,
    [[word.state], [word.length, 'number'], [word.share, 'number']],
    [...rows, [word.expected, lengthOf(whole.expected), '']],
  )
  return markup`${made}${budget(report, texts)}`
}

function budget({ budget: known }: Report, texts: Texts): Markup | null {
  if (known === null) return null
  const { objective, allowed, missed, isKept } = known
  const says = texts.budget(shareOf(objective, texts), lengthOf(allowed), lengthOf(missed), isKept)
  return markup`<p class="budget ${isKept ? 'kept' : 'spent'}">${says}</p>`
}

/** Rows of a table at most, so that the file stays small; the JSON has them all. */
const MOST_ROWS = 500

export function degradations({ degradations: found }: Report, texts: Texts): Markup {
  if (found.length === 0) return markup`<p>${texts.none.degradations}</p>`
  const { word } = texts
  const isTold = found.some((each) => texts.summary(each) !== null)
  const rows = found.slice(0, MOST_ROWS).map((each) => {
    const { target, kind, issue, times, seconds, longest, worst, expected, unit } = each
    return [
      `${texts.kind[kind] ?? kind} ${target}: ${texts.issue(issue)}`,
      ...[String(times), lengthOf(seconds), lengthOf(longest)],
      ...[valueText(worst, unit, texts), valueText(expected, unit, texts)],
      ...(isTold ? [texts.summary(each) ?? ''] : []),
    ]
  })
  const columns: Column[] = [
    ...([
      [word.issue, 'name'],
      [word.times, 'number'],
      [word.total, 'number'],
      [word.longest, 'number'],
    ] as const),
    ...([[word.worst], [word.expected]] as const),
  ]
  if (isTold) columns.push([word.says, 'long'])
  return table(texts.section.degradations, columns, rows)
}

function valueText(value: number | string | null, unit: string | null, texts: Texts): string {
  if (value === null) return '–'
  if (typeof value === 'string') return texts.value(value)
  if (unit === 'B/s') return texts.value(bitrate(value))
  return texts.value(`${Number(value.toPrecision(4))}${unit === null ? '' : ` ${unit}`}`)
}

export function moments({ moments: found }: Report, texts: Texts, writing: Writing): Markup {
  if (found.length === 0) return markup`<p>${texts.none.moments}</p>`
  const { word } = texts
  const rows = found.flatMap(({ at, values }) =>
    values.map(({ measure, value, usual }, index) => {
      const { write } = reportMeasure(measure)
      return [
        index === 0 ? writing.time(at) : '',
        texts.measure[measure] ?? measure,
        texts.value(write(value)),
        texts.value(write(usual)),
      ]
    }),
  )
  const pictures = figures(
    found.flatMap(({ picture }) => picture ?? []),
    texts,
    writing,
  )
  const columns = [[word.time, 'time'], [word.measure], [word.value, 'number'], [word.usual, 'number']] as const
  return markup`${table(texts.section.moments, columns, rows)}${pictures}`
}

export function percentiles({ percentiles: found }: Report, texts: Texts): Markup {
  const { word } = texts
  const isKnown = found.some(({ usual }) => usual !== null)
  const rows = found.map(({ kind, target, measure, min, median, p95, max, usual }) => {
    const write = (value: number) => texts.value(reportMeasure(measure).write(value))
    const span = usual === null ? '–' : `${write(usual.low)} – ${write(usual.high)}`
    return [
      ...[`${texts.kind[kind] ?? kind} ${target}`, texts.measure[measure] ?? measure],
      ...[min, median, p95, max].map(write),
      ...(isKnown ? [span] : []),
    ]
  })
  const columns: Column[] = [
    ...([[word.target], [word.measure], [word.least, 'number']] as const),
    ...([
      [word.median, 'number'],
      [word.p95, 'number'],
      [word.most, 'number'],
    ] as const),
  ]
  if (isKnown) columns.push([word.usual, 'number'])
  const told = isKnown ? markup`<p class="faint">${texts.usualMeans}</p>` : null
  return markup`${table(texts.section.percentiles, columns, rows)}${told}`
}

export function comparison({ comparison: found }: Report, texts: Texts): Markup | null {
  if (found === null) return null
  const { word } = texts
  const rows = found.rows.map(({ what, now, least, median, most, word: how }) => [
    texts.compared[what],
    comparedValue(what, now, texts),
    `${comparedValue(what, least, texts)} – ${comparedValue(what, most, texts)}`,
    comparedValue(what, median, texts),
    texts.comparedWord[how],
  ])
  const compared = table(
    texts.comparedWith(found.events),
    [[word.measure], [word.now, 'number'], [word.before, 'number'], [word.median, 'number'], [word.verdict]],
    rows,
  )
  return markup`<p class="faint">${texts.comparedWith(found.events)}</p>${compared}`
}

function comparedValue(what: Comparison['rows'][number]['what'], value: number, texts: Texts): string {
  if (what === 'share') return shareOf(value, texts)
  if (what === 'down') return lengthOf(value)
  return what === 'interruptions' ? String(value) : texts.value(reportMeasure(what).write(value))
}

export function events({ events: all }: Report, texts: Texts, writing: Writing): Markup {
  if (all.length === 0) return markup`<p>${texts.none.events}</p>`
  const rows = all.slice(0, MOST_ROWS).map((event) => [writing.time(event.at), texts.happened(event)])
  const more = all.length > MOST_ROWS ? markup`<p>${texts.more(all.length - MOST_ROWS)}</p>` : null
  return markup`${table(
    texts.section.events,
    [
      [texts.word.time, 'time'],
      [texts.word.what, 'long'],
    ],
    rows,
  )}${more}`
}
