// Keeps what has fired, and shows it beside what fires now; the second output is for the alarm of the shell.
/*include causes.js*/
const KEPT = 100
const memory = flow.get('alerts') ?? { past: [], firing: {} }
flow.set('alerts', memory)
const { instance, alerts = [] } = flow.get('status')
const firing = alerts.filter(({ status }) => status === 'firing')
const now = Date.parse(instance.time)
const ids = new Set(firing.map(({ id, startsAt }) => `${id} ${startsAt}`))
const superseded = new Set(firing.flatMap(({ supersedes }) => supersedes ?? []))
for (const [key, alert] of Object.entries(memory.firing)) {
  if (ids.has(key)) continue
  // One outage is one alert: what another has taken the place of goes on as that.
  if (!superseded.has(alert.id)) memory.past.unshift({ ...alert, endedAt: now })
  delete memory.firing[key]
}
for (const alert of firing) memory.firing[`${alert.id} ${alert.startsAt}`] = short(alert)
memory.past.length = Math.min(memory.past.length, KEPT)
if (!msg.isLookedAt) return null
const shown = Object.values(memory.firing)
const causeOf = causesOf(shown)
for (const alert of shown) alert.follows = causeOf(alert)?.target ?? null
shown.sort(gravestFirst)
return [
  { payload: { instance, firing: shown, past: memory.past } },
  { payload: { instance, firing: shown.map(brief) } },
]

/** All that the alarm needs: it is sent to every page. */
function brief({ id, severity, target, startsAt, summary, remedy, follows, acknowledgedBy, silencedUntil }) {
  const isQuiet = acknowledgedBy !== undefined || Boolean(silencedUntil) || follows !== null
  return { key: `${id} ${startsAt}`, severity, target, summary, first: remedy?.[0] ?? '', isQuiet }
}

function short({ id, alertname, severity, kind, target, site, startsAt, issue, diagnosis, effects, acknowledgedBy, silencedUntil, runbookUrl }) {
  const { summary } = issue
  const isKnown = diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely' || diagnosis?.orElse !== undefined
  const remedy = isKnown && diagnosis.remedy.length > 0 ? diagnosis.remedy : issue.remedy
  const cause = diagnosis && { says: diagnosis.says, orElse: diagnosis.orElse?.says ?? null, confidence: diagnosis.confidence, why: diagnosis.evidenceFor.slice(0, 3), wouldDecide: diagnosis.wouldDecide }
  return { id, alertname, severity, kind, target, site, startsAt, summary, cause, remedy, effects, acknowledgedBy, silencedUntil, runbookUrl }
}

function gravestFirst(a, b) {
  const rank = ({ severity, follows }) => (follows === null ? 0 : 2) + (severity === 'critical' ? 0 : 1)
  return rank(a) - rank(b) || a.startsAt.localeCompare(b.startsAt)
}
