import type { Language } from '../observation/language.ts'
import { sum } from './accounting.ts'
import { legend, timeline } from './chart.ts'
import { figures } from './figures.ts'
import { account, comparison, degradations, events, facts, moments, percentiles } from './html-tables.ts'
import { TEXTS } from './languages.ts'
import { type Markup, markup, Markup as Raw } from './markup.ts'
import type { Interruption, Report } from './report.ts'
import { STYLE } from './style.ts'
import type { Texts } from './texts.ts'
import { causeSentence, verdictSentence, wholeSeconds } from './verdict-sentence.ts'
import { lengthOf, shareOf, type Writing, writingOf } from './writing.ts'

/**
 * The report as one HTML file: nothing in it is fetched, nothing runs. What came from outside is escaped, and the policy
 * in it lets a browser load nothing, whatever should have gone wrong with that.
 */
export function reportHtml(report: Report, language: Language): string {
  const texts = TEXTS[language]
  const writing = writingOf(texts, report.timezone, report)
  const title = texts.title(report.target)
  const { section } = texts
  const parts: (Markup | null)[] = [
    part(section.facts, facts(report, texts, writing)),
    part(section.account, account(report, texts)),
    part(section.interruptions, interruptions(report, texts, writing)),
    part(section.degradations, degradations(report, texts)),
    part(
      section.timeline,
      markup`<div class="wide" role="region" aria-label="${section.timeline}" tabindex="0">${timeline(report, texts, writing)}</div>${legend(report, texts)}`,
    ),
    part(section.moments, moments(report, texts, writing)),
    report.percentiles.length === 0 ? null : part(section.percentiles, percentiles(report, texts)),
    part(section.viewers, viewers(report, texts)),
    part(section.comparison, comparison(report, texts)),
    part(section.remedies, remedies(report, texts)),
    part(section.method, method(report, texts, writing)),
    part(section.events, events(report, texts, writing)),
  ]
  return markup`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${new Raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="faint">${writing.whole(report.from)} – ${writing.whole(report.to)}${report.site === '' ? '' : ` · ${report.site}`}</p>
<p class="verdict ${report.verdict.word}">${verdictSentence(report, texts)}</p>
${parts}
</main>
</body>
</html>
`.text
}

function part(title: string, content: Markup | null): Markup | null {
  if (content === null) return null
  return markup`<section>
<h2>${title}</h2>
${content}
</section>
`
}

function interruptions(report: Report, texts: Texts, writing: Writing): Markup {
  if (report.interruptions.length === 0) return markup`<p>${texts.none.interruptions}</p>`
  const lengths = wholeSeconds(report).interruptions
  const shown = report.interruptions
    .slice(0, MOST_INTERRUPTIONS)
    .map((each, index) => interruption(each, lengths[index] ?? 0, texts, writing))
  const rest = lengths.slice(MOST_INTERRUPTIONS)
  const more = rest.length === 0 ? null : markup`<p>${texts.more(rest.length)} (${lengthOf(sum(rest))})</p>`
  return markup`${shown}${more}`
}

/** Interruptions that are told in full, so that the file stays small; the CSV and the JSON have them all. */
const MOST_INTERRUPTIONS = 200

function interruption(each: Interruption, seconds: number, texts: Texts, writing: Writing): Markup {
  const { word } = texts
  const { cause, told, acknowledged } = each
  const seen = texts.seen(each)
  const rows: [string, string][] = []
  if (seen.length > 0) rows.push([word.seen, seen.join('; ')])
  rows.push([word.cause, cause === null ? word.unknownCause : causeSentence(cause, texts)])
  if (cause !== null && cause.evidence.length > 0) rows.push([word.why, texts.evidence(cause).join('; ')])
  rows.push([word.told, told === null ? word.nobody : toldText(told, texts, writing)])
  if (acknowledged !== null) {
    const when = acknowledged.at === null ? '' : `, ${writing.time(acknowledged.at)}`
    rows.push([word.acknowledged, `${texts.acknowledgedBy(acknowledged.by)}${when}`])
  }
  rows.push([word.endedBy, texts.endedBy[each.endedBy]])
  const facts = rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)
  return markup`<article class="interruption">
<h3>${writing.time(each.from)} – ${writing.time(each.to)} · ${lengthOf(seconds)}</h3>
<dl class="facts">${facts}</dl>
${figures(each.pictures, texts, writing)}</article>
`
}

function toldText(told: NonNullable<Interruption['told']>, texts: Texts, writing: Writing): string {
  const whom = told.result === 'delivered' ? texts.told(told.receiver) : texts.givenUp(told.receiver)
  return `${whom}, ${writing.time(told.at)} (${texts.after(lengthOf(told.after))})`
}

function viewers({ viewers: known }: Report, texts: Texts): Markup | null {
  if (known === null) return null
  const number = new Intl.NumberFormat(texts.locale, { maximumFractionDigits: 0 })
  const lost = shareOf(known.total === 0 ? 0 : known.lost / known.total, texts)
  return markup`<p>${texts.viewers(number.format(known.most), number.format(known.mean), lost)}</p>`
}

function remedies({ remedies: steps }: Report, texts: Texts): Markup {
  if (steps.length === 0) return markup`<p>${texts.none.remedies}</p>`
  const items = steps.map(
    ({ step, against }) =>
      markup`<li>${texts.sentence(step)} <span class="faint">(${texts.word.against}: ${against.map((each) => againstText(each, texts)).join('; ')})</span></li>`,
  )
  return markup`<ol>${items}</ol>`
}

/** A cause, or `main: streamOffline`. */
function againstText(against: string, texts: Texts): string {
  const [, target, type] = /^(.*): ([a-z][A-Za-z]*)$/.exec(against) ?? []
  return target === undefined || type === undefined ? texts.sentence(against) : `${target}: ${texts.issue(type)}`
}

function method(report: Report, texts: Texts, writing: Writing): Markup {
  const { gaps, clockSteps, timezone, madeBy } = report
  const lines = [
    ...texts.method.rules,
    texts.method.clock(timezone),
    ...(gaps.length === 0 ? [texts.method.noGaps] : []),
    ...gaps.map(({ from, to, seconds }) => texts.method.gap(writing.time(from), writing.time(to), lengthOf(seconds))),
    ...clockSteps.map(({ at, seconds }) =>
      texts.method.step(writing.time(at), lengthOf(Math.abs(seconds)), seconds > 0),
    ),
    texts.method.madeBy(madeBy),
  ]
  return markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`
}
