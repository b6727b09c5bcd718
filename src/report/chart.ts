import { Markup, markup } from './markup.ts'
import { reportMeasure } from './measures.ts'
import type { Lane, Report, Series } from './report.ts'
import type { Texts } from './texts.ts'
import type { Writing } from './writing.ts'

/** Units of the drawing, which is scaled to the width of the page. */
const WIDTH = 960
const LEFT = 168
const RIGHT = 12
const ROW = 26
const STRIP = 18
const PLOT = 84
const AXIS = 30

/** Everything on one time axis: a strip of states for each target, and below it a chart for each measure. */
export function timeline(report: Report, texts: Texts, writing: Writing): Markup {
  const scale = scaleOf(report)
  const charts = report.series.filter(({ slices }) => slices.length > 0)
  const strips = report.lanes.map((lane, index) => strip(lane, index * ROW, scale, texts, writing))
  const top = report.lanes.length * ROW + 8
  const plots = charts.map((series, index) => plot(series, top + index * (PLOT + 18), scale, texts))
  const bottom = top + charts.length * (PLOT + 18)
  const height = bottom + AXIS
  const label = texts.section.timeline
  return markup`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}" xmlns="http://www.w3.org/2000/svg">
<title>${label}</title>
<defs>${PATTERNS}</defs>
${axis(report, scale, bottom, writing)}
${strips}
${plots}
</svg>`
}

type Scale = (at: number) => number

function scaleOf({ from, to }: Report): Scale {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const width = WIDTH - LEFT - RIGHT
  return (at) => rounded(LEFT + (Math.min(Math.max(at, begin), end) - begin) * (width / Math.max(1, end - begin)))
}

const rounded = (value: number) => Number(value.toFixed(1))

/** States differ by what is drawn on them, not by their colour alone: slanted lines, dots, crossed lines. */
const PATTERNS = new Markup(
  '<pattern id="p-down" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="s-down" width="6" height="6"/><rect class="s-mark" width="2" height="6"/></pattern>' +
    '<pattern id="p-degraded" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="s-degraded" width="6" height="6"/><circle class="s-mark" cx="3" cy="3" r="1.2"/></pattern>' +
    '<pattern id="p-unknown" width="7" height="7" patternUnits="userSpaceOnUse"><rect class="s-unknown" width="7" height="7"/><path class="s-line" d="M0 0L7 7M7 0L0 7"/></pattern>',
)

const FILL: Readonly<Record<Lane['intervals'][number]['state'], string>> = {
  up: 'class="s-up"',
  degraded: 'fill="url(#p-degraded)"',
  down: 'fill="url(#p-down)"',
  unknown: 'fill="url(#p-unknown)"',
  off: 'class="s-off"',
}

/** Narrower than that a fault could not be seen. */
const NARROWEST = 1.5

/** Good first, so that a short fault lies on top of what surrounds it. */
const DRAWN = ['off', 'unknown', 'up', 'degraded', 'down'] as const

function strip(lane: Lane, y: number, x: Scale, texts: Texts, writing: Writing): Markup {
  const name = `${texts.kind[lane.kind] ?? lane.kind} ${lane.target}`
  const shown = lane.intervals.length <= MOST_RECTS ? lane.intervals : inColumns(lane.intervals, x)
  const inOrder = DRAWN.flatMap((state) => shown.filter((each) => each.state === state))
  const rects = inOrder.map(({ from, to, state }) => {
    const [begin, end] = [x(Date.parse(from)), x(Date.parse(to))]
    const width = Math.max(rounded(end - begin), state === 'down' || state === 'degraded' ? NARROWEST : 0)
    const says = `${texts.state[state]}: ${writing.time(from)} – ${writing.time(to)}`
    return markup`<rect x="${begin}" y="${y + 4}" width="${width}" height="${STRIP}" ${new Markup(FILL[state])}><title>${says}</title></rect>`
  })
  return markup`<g><text class="name" x="0" y="${y + 17}">${short(name, 25)}<title>${name}</title></text>${rects}</g>`
}

/** Stretches that are drawn one by one; more of them are drawn as what is worst in each column. */
const MOST_RECTS = 400

type Stretch = Lane['intervals'][number]

function inColumns(intervals: readonly Stretch[], x: Scale): Stretch[] {
  const columns = new Map<number, Stretch>()
  for (const each of intervals) {
    const [first, last] = [Math.floor(x(Date.parse(each.from))), Math.floor(x(Date.parse(each.to)))]
    for (let column = first; column <= last; column++) {
      const known = columns.get(column)
      if (known === undefined || DRAWN.indexOf(known.state) < DRAWN.indexOf(each.state)) columns.set(column, each)
    }
  }
  const joined: Stretch[] = []
  for (const [, { from, to, state }] of [...columns].sort(([one], [other]) => one - other)) {
    const before = joined.at(-1)
    if (before?.state === state) before.to = to
    else joined.push({ from, to, state })
  }
  return joined
}

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** The swatches that say what a state looks like. */
export function legend({ lanes, series }: Report, texts: Texts): Markup {
  const seen = new Set(lanes.flatMap(({ intervals }) => intervals.map(({ state }) => state)))
  const states = DRAWN.toReversed().filter((state) => seen.has(state))
  const entry = (state: (typeof states)[number]) =>
    markup`<li><svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true"><rect width="24" height="14" ${new Markup(FILL[state])}/></svg> ${texts.state[state]}</li>`
  const usual = series.some((each) => each.usual !== null)
    ? markup`<li><svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true"><path class="usual" d="M0 7H24"/></svg> ${texts.word.usual}</li>`
    : null
  return markup`<ul class="legend">${states.map(entry)}${usual}</ul>`
}

function plot(series: Series, y: number, x: Scale, texts: Texts): Markup {
  const { measure, slices, step, usual } = series
  const { write } = reportMeasure(measure)
  const title = texts.measure[measure] ?? measure
  const values = slices.flatMap(([, , min, max]) => [min, max])
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const range = most - least || 1
  const at = (value: number) => rounded(y + 14 + (PLOT - 14) * (1 - (value - least) / range))
  const runs = runsOf(slices, step)
  const bands = runs.map((run) => {
    const upper = run.map(([time, , , max]) => `${x(time)} ${at(max)}`)
    const lower = run.map(([time, , min]) => `${x(time)} ${at(min)}`)
    return markup`<path class="band" d="M${[...upper, ...lower.toReversed()].join('L')}Z"/>`
  })
  const lines = runs.map((run) => {
    const points = run.map(([time, mean]) => `${x(time)} ${at(mean)}`)
    return markup`<path class="value" d="M${points.join('L')}"/>`
  })
  const base = at(least)
  const edges = usual === null ? [] : [usual.low, usual.high].filter((value) => value >= least && value <= most)
  const usualLines = edges.map(
    (value) =>
      markup`<path class="usual" d="M${LEFT} ${at(value)}H${WIDTH - RIGHT}"><title>${texts.word.usual}</title></path>`,
  )
  return markup`<g><title>${texts.chart(title)}</title>
<text class="name" x="0" y="${y + PLOT / 2 + 11}">${short(title, 25)}</text>
<text class="tick" x="${LEFT - 8}" y="${at(most) + 9}" text-anchor="end">${texts.value(write(most))}</text>
<text class="tick" x="${LEFT - 8}" y="${base}" text-anchor="end">${texts.value(write(least))}</text>
<path class="frame" d="M${LEFT} ${y + 14}V${base}H${WIDTH - RIGHT}"/>
${bands}${usualLines}${lines}</g>`
}

type Point = readonly [at: number, mean: number, min: number, max: number]

/** Where nothing was measured, the line is broken. Each slice is drawn from its beginning to its end. */
function runsOf(slices: Series['slices'], step: number): Point[][] {
  const runs: { points: Point[]; end: number }[] = []
  for (const [time, mean, min, max] of slices) {
    const at = Date.parse(time)
    const end = at + step * 1000
    const last = runs.at(-1)
    const points: Point[] = [
      [at, mean, min, max],
      [end, mean, min, max],
    ]
    if (last !== undefined && at - last.end < step * 500) {
      last.points.push(...points)
      last.end = end
    } else runs.push({ points, end })
  }
  return runs.map(({ points }) => points)
}

/** Seconds between two marks of the axis. */
const STEPS = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800]
const MOST_MARKS = 9

function axis({ from, to }: Report, x: Scale, bottom: number, writing: Writing): Markup {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const seconds = STEPS.find((each) => (end - begin) / 1000 / each <= MOST_MARKS) ?? (end - begin) / 1000 / MOST_MARKS
  const width = Math.max(1, seconds * 1000)
  const marks: Markup[] = []
  for (let at = Math.ceil(begin / width) * width; at <= end; at += width) {
    const place = x(at)
    marks.push(
      markup`<path class="grid" d="M${place} 0V${bottom}"/><text class="tick" x="${place}" y="${bottom + 16}" text-anchor="${place > WIDTH - 4 * RIGHT ? 'end' : 'middle'}">${writing.short(at)}</text>`,
    )
  }
  return markup`<g>${marks}</g>`
}
