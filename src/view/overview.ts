import type { HealthReason } from '../monitor/health-report.ts'
import type { ToldRejection } from '../monitor/rejections.ts'
import type { Alert } from '../observation/alert.ts'
import type { Language } from '../observation/language.ts'
import type { State } from '../observation/observation.ts'
import { dashboardFormat } from './format.ts'
import { hasAlarmsOff, lookOf, RANKS, type Shown, shownOf } from './look.ts'
import type { SeenStatus, SeenTarget, ShownKinds, Told } from './seen.ts'
import { toldBy } from './seen.ts'
import { labelIn, rejectionIn, sentenceIn, summaryIn } from './sentences.ts'
import { counted, fill, WORDS, type Words } from './words.ts'

/** A target, an entry that is refused, or a monitor that is silent. */
export interface OverviewCard {
  id: string
  /** Of a target, its kind; null of what is none. */
  kind: string | null
  kindWord: string
  name: string
  state: State | 'refused'
  shown: Shown | 'refused' | 'as-before' | 'mistake'
  look: State
  /** 0 to 100; null where it says nothing that the state does not. */
  score: number | null
  values: string[]
  /** What must be known of it beside what is wrong. */
  notes: string[]
  issue: { summary: string; remedy: string; more: string } | null
  /** Where it is written, in the place of its age; null of a target. */
  entry: string | null
  /** Milliseconds since the epoch: of when this is. */
  time: number | null
  /** Whether anything was measured at all. */
  measured: boolean
  /** By what it can be grouped: the user's own labels, and its site where there are several. */
  groups: Record<string, string>
}

/** What must be seen by somebody. */
interface LastingNotice {
  id: string | null
  title: string
  message: string
  remedy: string[]
}

/** What the page *Overview* shows. */
export interface OverviewView {
  instance: Told
  headline: string
  /** The worst first. */
  cards: OverviewCard[]
  /** By what the cards can be grouped, as the page names it. */
  groupings: string[]
  lasting: LastingNotice[]
}

/** Cards of what is refused, before the rest is only counted. */
const MOST_REFUSED = 24

/** The overview of all targets. Pure. */
export function overviewOf(status: SeenStatus, kinds: ShownKinds, language: Language): OverviewView {
  const words = WORDS[language]
  const { cluster, targets, rejected } = status
  const toCard = cardMaker(status, kinds, language)
  const cards = [...targets].map(toCard).sort(worstFirst)
  const refused = rejected.entries.slice(0, MOST_REFUSED).map((one, index) => refusedCard(one, index, language))
  // What is down now comes before what is only not watched.
  const isDown = ({ look }: OverviewCard) => look === 'down'
  const silent = (cluster?.members ?? []).filter(({ state }) => state === 'silent')
  const told = toldBy(status, language)
  const { name, members } = cluster ?? {}
  return {
    instance: name === undefined ? told : { ...told, name: monitorsOf(name, members?.length ?? 0, words) },
    headline: headlineOf(cards, rejected, words),
    cards: [
      ...silent.map((member) => silentCard(member, words)),
      ...cards.filter(isDown),
      ...refused,
      ...cards.filter((card) => !isDown(card)),
    ],
    groupings: [...new Set(cards.flatMap(({ groups }) => Object.keys(groups)))].sort(),
    lasting: status.lasting.map((reason) => lastingOf(reason, language)),
  }
}

function monitorsOf(name: string, count: number, { overviewView: say }: Words): string {
  return fill(say.monitors, { name, count })
}

/** Two before ten. */
const NAMES = new Intl.Collator('en', { numeric: true })

function worstFirst(one: OverviewCard, other: OverviewCard): number {
  const ranks = RANKS as readonly string[]
  return (
    ranks.indexOf(one.look) - ranks.indexOf(other.look) ||
    ranks.indexOf(one.state) - ranks.indexOf(other.state) ||
    (one.score ?? 101) - (other.score ?? 101) ||
    NAMES.compare(one.name, other.name)
  )
}

function cardMaker(status: SeenStatus, kinds: ShownKinds, language: Language): (target: SeenTarget) => OverviewCard {
  const words = WORDS[language]
  const format = dashboardFormat(Date.parse(status.instance.time), 'card', language, words)
  const firing = status.alerts.filter((alert) => alert.status === 'firing')
  const causeOf = causesOf(firing)
  const because = new Map<string, string>()
  for (const alert of firing) {
    const [key, cause] = [`${alert.kind} ${alert.target}`, causeOf(alert)]
    if (cause !== null && !because.has(key)) because.set(key, cause.target)
  }
  const siteOf = siteFinder(status, words)
  return (target) => {
    const { kind, state, sequence, labels } = target
    const shownKind = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    const isThere = state === 'ok' || state === 'degraded'
    const values = isThere && shownKind ? shownKind.card((target.measurements ?? {}) as never, format) : []
    return {
      ...{ id: `${kind}/${target.target}`, kind, name: target.target, state, score: target.score },
      kindWord: shownKind === undefined ? kind : labelIn(language, shownKind),
      ...{ shown: shownOf(target), look: lookOf(target) },
      values: values.filter((value) => value !== null),
      notes: notesOf(target, because.get(`${kind} ${target.target}`), words),
      issue: issueOf(target, language),
      ...{
        entry: null,
        time: Date.parse(target.time),
        measured: sequence > 0,
        groups: { ...labels, ...siteOf(target) },
      },
    }
  }
}

/** What is asked of an alert that may be the cause of another. */
type Linked = Pick<Alert, 'kind' | 'target' | 'severity' | 'effects'>

/**
 * Gives the alert from which one follows in the end, so that nobody is told of this one; null where there is none, and of
 * a circle. What affects what is noted once, because it is asked of each alert.
 */
function causesOf<A extends Linked>(firing: readonly A[]): (alert: A) => A | null {
  const causes = new Map<string, A>()
  for (const alert of firing) {
    if (alert.severity !== 'critical') continue
    for (const effect of alert.effects ?? []) if (!causes.has(effect)) causes.set(effect, alert)
  }
  return (alert) => {
    const seen = new Set([alert])
    for (let at = alert; ; ) {
      const cause = causes.get(`${at.kind} ${at.target}`)
      if (cause === undefined) return at === alert ? null : at
      if (seen.has(cause)) return null
      seen.add(cause)
      at = cause
    }
  }
}

/** Of a cluster at several sites: at which a target is watched. */
function siteFinder(
  { cluster }: SeenStatus,
  { overviewView: say }: Words,
): (target: SeenTarget) => Record<string, string> {
  const sites = new Map(cluster?.members.map(({ monitor, site }) => [monitor, site]))
  if (new Set(sites.values()).size < 2) return () => ({})
  return ({ monitor = '' }) => ({ [say.site]: sites.get(monitor) ?? '' })
}

function notesOf(target: SeenTarget, because: string | undefined, { overviewView: say, states }: Words): string[] {
  const others = (target.seenFrom ?? []).filter(({ state }) => state !== target.state && state !== 'unknown')
  const seen = others.map(({ monitor, state }) => fill(say.seenFrom, { state: states[state], monitor }))
  return [
    ...(hasAlarmsOff(target) ? [say.alarmsAreOff] : []),
    ...(because === undefined ? [] : [fill(say.because, { target: because })]),
    ...(seen.length === 0 ? [] : [fill(say.otherwise, { others: seen.join(', ') })]),
  ]
}

/** The gravest, what to do first, and how many more there are. */
function issueOf(target: SeenTarget, language: Language): OverviewCard['issue'] {
  const { issues, error, state } = target
  const [worst] = issues
  if (worst === undefined) {
    return error !== undefined && state === 'unknown' ? { summary: error.message, remedy: '', more: '' } : null
  }
  const more = issues.length - 1
  return {
    summary: summaryIn(language, worst, target),
    remedy: sentenceIn(language, worst.remedy[0] ?? ''),
    more: more > 0 ? fill(WORDS[language].overviewView.more, { count: more }) : '',
  }
}

/** What is no target. */
const NO_TARGET = { kind: null, score: null, values: [], notes: [], time: null, measured: true, groups: {} } as const

const SHOWN_OF_EFFECT: Readonly<Record<ToldRejection['effect'], OverviewCard['shown']>> = {
  'not-watched': 'refused',
  'watched-as-before': 'as-before',
  ignored: 'mistake',
}

function refusedCard(rejection: ToldRejection, index: number, language: Language): OverviewCard {
  return {
    ...NO_TARGET,
    ...{ id: `refused/${index}`, kindWord: WORDS[language].overviewView.targets, name: rejection.title },
    ...{ state: 'refused', shown: SHOWN_OF_EFFECT[rejection.effect], look: 'degraded', values: [], notes: [] },
    issue: { ...rejectionIn(language, rejection), more: '' },
    entry: rejection.entry,
  }
}

type Member = NonNullable<SeenStatus['cluster']>['members'][number]

/** A monitor that does not answer: what only it watches is unknown. */
function silentCard({ monitor, address, fault, targets }: Member, { overviewView: say }: Words): OverviewCard {
  const why = fault === undefined ? '' : `: ${fault}`
  const lost = counted(targets, say.silentOne, say.silentMany)
  return {
    ...NO_TARGET,
    ...{ id: `monitor/${monitor}`, kindWord: say.monitor, name: monitor, values: [], notes: [] },
    ...{ state: 'unknown', shown: 'unknown', look: 'down', entry: address ?? say.neverAnswered },
    issue: { summary: fill(say.silent, { why, targets: lost }), remedy: say.silentRemedy, more: '' },
  }
}

/** What the headline says of everything. */
function headlineOf(cards: readonly OverviewCard[], rejected: SeenStatus['rejected'], words: Words): string {
  const say = words.overviewView
  const { isBad, text } = statesOf(cards, words)
  if (rejected.targets > 0) {
    const watching = { watched: cards.length, all: cards.length + rejected.targets, refused: rejected.targets }
    return fill(say.watching, watching) + (isBad ? `: ${text}` : '')
  }
  return rejected.total > 0 ? `${text}, ${counted(rejected.total, say.mistake, say.mistakes)}` : text
}

/** In this order; what is never seen or has alarms off is not counted as what it is besides. */
const BAD = ['down', 'unknown', 'degraded', 'never', 'alarmsOff'] as const

function statesOf(cards: readonly OverviewCard[], { overviewView: say }: Words): { isBad: boolean; text: string } {
  const count = (wanted: Shown) => cards.filter(({ shown }) => shown === wanted).length
  const [ok, off] = [count('ok'), count('off')]
  const bad = BAD.flatMap((name) => {
    const many = count(name === 'alarmsOff' ? 'quiet' : name)
    return many > 0 ? [fill(say[name], { count: many })] : []
  })
  if (bad.length > 0) {
    return { isBad: true, text: [...bad, ...(ok > 0 ? [fill(say.ok, { count: ok })] : [])].join(', ') }
  }
  if (ok === 0) return { isBad: false, text: say.allOff }
  if (off > 0) return { isBad: false, text: `${fill(say.ok, { count: ok })}, ${fill(say.offAir, { count: off })}` }
  return { isBad: false, text: counted(ok, say.oneOk, say.allOk) }
}

const TITLED = ['data-lost', 'credentials-damaged', 'internal-error', 'runtime-ended'] as const

function lastingOf({ id, code, message, remedy }: HealthReason, language: Language): LastingNotice {
  const { overviewView: say } = WORDS[language]
  const titled = TITLED.find((one) => one === code)
  return {
    id: id ?? null,
    title: titled === undefined ? say.wrong : say[titled],
    message,
    remedy: remedy.map((step) => sentenceIn(language, step)),
  }
}
