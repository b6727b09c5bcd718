import { PictureFiles } from '../history/picture-files.ts'
import { Chains } from '../monitor/chain.ts'
import type { MonitorState } from '../monitor/state.ts'
import { MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'
import { type Interval, union, within } from './accounting.ts'
import { expectedIn, gapsIn, happenedIn, seriesOf, stepFor } from './recorded.ts'
import type { PastEvent, ReportInput } from './report-input.ts'

/** What a report is to be about. */
export interface ReportSubject {
  /** A watched stream. */
  target: string
  span: Interval
  /** IANA name. */
  timezone: string
  /** Of the package. */
  version: string
}

/** Targets that a report shows beside its own. */
const MOST_LANES = 12
/** Entries of the history that a report is made of; of more, the newest. */
const MOST_ENTRIES = 20_000
/** Pictures that are looked through for those that a report shows. */
const MOST_PICTURES = 200
/** Milliseconds before the span in which an issue may have begun that was there at its beginning. */
const BEFORE = 3_600_000

/**
 * Everything that the history of a monitor knows of a stream, and of what it depends on.
 *
 * @throws MonitorError `unknown-target` where it is not watched, `no-history` where none is kept or it cannot be read
 */
export async function gather(
  state: MonitorState,
  { target, span, timezone, version }: ReportSubject,
  past: readonly PastEvent[],
): Promise<ReportInput> {
  const own = state.directory.get('stream', target)
  if (own === undefined) throw new MonitorError('unknown-target', 'No stream of that name is watched')
  const shown = laneNames(state, target)
  const step = stepFor(span)
  const lanes = []
  const series: ReportInput['series'][number][] = []
  for (const { kind, target: name } of shown) {
    const states = await state.history.ask({ ask: 'states', ...span, kind, target: name })
    const slices = await state.history.ask({ ask: 'slices', ...span, kind, target: name, step, measures: null })
    lanes.push({ kind, target: name, states })
    series.push(...seriesOf(slices, step))
  }
  const stretch = { from: span.from - BEFORE, to: span.to }
  const said = { ask: 'entries', ...stretch, types: ['event', 'alert'], of: shown, most: MOST_ENTRIES } as const
  const told = { ask: 'entries', ...stretch, types: ['incident', 'message'], of: null, most: MOST_ENTRIES } as const
  const entries = [...(await state.history.ask(said)), ...(await state.history.ask(told))]
  const states = lanes[0]?.states ?? []
  const monitor = state.name || state.id
  return {
    ...{ target, kind: 'stream', profile: null, monitor, site: state.site, timezone, version, span, past },
    madeAt: state.clock.wall(),
    planned: null,
    expected: within(expectedIn(states), span),
    gaps: within(gapsIn(states), span),
    clockSteps: [],
    lanes: lanes.map(({ kind, target: name, states: its }) => ({ kind, target: name, states: its })),
    series,
    ...concerning(happenedIn(entries, span, timezone), shown),
    usual: shown.flatMap((one) =>
      state.baselines.rangesOf(one.kind, one.target).map((range) => ({ ...one, ...range })),
    ),
    plan: own.links.plan,
    pictures: await state.part(PictureFiles).between(target, { from: span.from - BEFORE, to: span.to }, MOST_PICTURES),
  }
}

/** The stream, then what it depends on, what is on its way, and the platform that shows it. */
function laneNames(state: MonitorState, target: string): { kind: Kind; target: string }[] {
  const own = state.directory.get('stream', target)
  if (own === undefined) return []
  const { near, placed } = state.part(Chains).of(own)
  const all = [own, ...near, ...placed.map(({ entry }) => entry)]
  return [...new Set(all)].slice(0, MOST_LANES).map(({ kind, name }) => ({ kind, target: name }))
}

/** Incidents and messages are of the whole monitor: those of the targets that are shown. */
function concerning<T extends Pick<ReportInput, 'incidents' | 'messages'>>(
  said: T,
  shown: readonly { kind: string; target: string }[],
): T {
  const isShown = (one: { kind: string; target: string }) =>
    shown.some(({ kind, target }) => kind === one.kind && target === one.target)
  return {
    ...said,
    incidents: said.incidents.filter(({ members }) => members.some(isShown)),
    messages: said.messages.filter(({ about }) => about.some(isShown)),
  }
}

/** Milliseconds that nobody may have watched within one event: the monitor was started again. */
const LONGEST_BREAK = 15 * 60_000

/** Days that an event may last; of a longer one, the last. */
const LONGEST_EVENT = 7 * 86_400_000

/** From when to when a target was last expected, up to a moment: its event, or what there is of it. Null: it was not. */
export async function lastEvent(state: MonitorState, target: string, until: number): Promise<Interval | null> {
  const question = { ask: 'states', kind: 'stream', target, from: until - LONGEST_EVENT, to: until } as const
  const expected = union(expectedIn(await state.history.ask(question)))
  let event = expected.at(-1)
  for (const before of expected.toReversed().slice(1)) {
    if (event === undefined || event.from - before.to > LONGEST_BREAK) break
    event = { from: before.from, to: event.to }
  }
  return event ?? null
}
