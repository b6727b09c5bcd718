// Makes the overview of what /api/v1/status says: one card per target, the worst first.
/*include look.js*/
/*include causes.js*/
/*include kinds.js*/
/*include format.js*/
/*include values-on-cards.js*/

function issueOf({ issues = [], error, state }) {
  const [worst] = issues
  if (worst) {
    const { severity, summary, remedy = [], since } = worst
    return { severity, summary, remedy: remedy[0] ?? '', since, more: issues.length - 1 }
  }
  if (error && state === 'unknown') return { severity: 'error', summary: error.message, remedy: '', since: null, more: 0 }
  return null
}

/** Cards of what is refused, before the rest is only counted. */
const MOST_REFUSED = 24
const REFUSED_WORDS = { 'not-watched': 'refused', 'watched-as-before': 'as-before', ignored: 'mistake' }

function refusedCard({ title, entry, effect, summary, remedy }, index) {
  return {
    id: `refused/${index}`,
    kind: null,
    kindWord: 'Targets',
    name: title,
    state: 'refused',
    shown: REFUSED_WORDS[effect] ?? 'refused',
    look: 'degraded',
    because: null,
    score: null,
    values: [],
    issue: { severity: 'warning', summary, remedy, since: null, more: 0 },
    entry,
    measured: true,
  }
}

/** A monitor that does not answer: what only it watches is unknown. */
function silentCard({ monitor, address, fault, targets }) {
  const why = fault ? `: ${fault}` : ''
  const summary = `This monitor does not answer${why}. ${targets === 1 ? '1 target is' : `${targets} targets are`} unknown because of it`
  return {
    ...{ id: `monitor/${monitor}`, kind: null, kindWord: 'Monitor', name: monitor, state: 'unknown', shown: 'unknown' },
    ...{ look: 'down', because: null, score: null, values: [], entry: address ?? 'never answered', measured: true },
    issue: { severity: 'error', summary, remedy: 'Start it again, or look why it cannot be reached', since: null, more: 0 },
  }
}

/** Where several monitors watch it and do not see the same: what those see that are not shown. */
function seenOtherwise({ state, seenFrom = [] }) {
  const others = seenFrom.filter((one) => one.state !== state && one.state !== 'unknown')
  return others.length === 0 ? null : others.map(({ monitor, state }) => `${state} from ${monitor}`).join(', ')
}

const { instance, cluster, targets, alerts = [], rejected = { targets: 0, total: 0, entries: [] }, lasting = [] } = flow.get('status')
const format = dashboardFormat(Date.parse(instance.time), 'card')
const firing = alerts.filter(({ status }) => status === 'firing')
const causeOf = causesOf(firing)
const firingOf = Map.groupBy(firing, ({ kind, target }) => `${kind} ${target}`)
const cards = targets.map((target) => ({
  id: `${target.kind}/${target.target}`,
  kind: target.kind,
  kindWord: KINDS[target.kind]?.label ?? target.kind,
  name: target.target,
  state: target.state,
  shown: shownOf(target),
  alarmsOff: hasAlarmsOff(target),
  look: lookOf(target),
  because: becauseOf(target),
  otherwise: seenOtherwise(target),
  score: target.score,
  values: valuesOf(target),
  issue: issueOf(target),
  time: Date.parse(target.time),
  measured: target.sequence > 0,
}))
/** Two before ten. */
const names = new Intl.Collator('en', { numeric: true })
cards.sort(
  (a, b) =>
    RANKS.indexOf(a.look) - RANKS.indexOf(b.look) ||
    RANKS.indexOf(a.state) - RANKS.indexOf(b.state) ||
    (a.score ?? 101) - (b.score ?? 101) ||
    names.compare(a.name, b.name),
)
const counts = Object.fromEntries(RANKS.map((state) => [state, cards.filter((card) => card.state === state).length]))
const refused = {
  /** Targets that are watched, and that are not because of a mistake. */
  watched: targets.length,
  targets: rejected.targets,
  mistakes: rejected.total,
}
counts.never = cards.filter(({ shown }) => shown === 'never').length
counts.off -= counts.never
counts.alarmsOff = cards.filter(({ alarmsOff }) => alarmsOff).length
counts.ok -= cards.filter(({ alarmsOff, state }) => alarmsOff && state === 'ok').length
counts.degraded -= cards.filter(({ alarmsOff, state }) => alarmsOff && state === 'degraded').length
const refusedCards = rejected.entries.slice(0, MOST_REFUSED).map(refusedCard)
// What is down now comes before what is only not watched.
const down = cards.filter(({ look }) => look === 'down')
const silent = (cluster?.members ?? []).filter(({ state }) => state === 'silent').map(silentCard)
const shownInstance = cluster ? { ...instance, name: `${cluster.name}, ${cluster.members.length} monitors` } : instance
return { payload: { instance: shownInstance, cards: [...silent, ...down, ...refusedCards, ...cards.slice(down.length)], counts, refused, lasting } }

/** What is measured, of a target that is there. */
function valuesOf({ kind, state, measurements }) {
  if (state !== 'ok' && state !== 'degraded') return []
  return CARDS[kind]?.(measurements ?? {}, format).filter((value) => value !== null) ?? []
}

/** The name of the target whose fault is the cause of this one's, or null. */
function becauseOf({ kind, target }) {
  const own = firingOf.get(`${kind} ${target}`) ?? []
  return own.map(causeOf).find((cause) => cause !== null)?.target ?? null
}
