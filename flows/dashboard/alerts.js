// Keeps what has fired, and shows it beside what fires now.
const KEPT = 100
const memory = flow.get('alerts') ?? { past: [], firing: {} }
flow.set('alerts', memory)
const { instance, alerts = [] } = flow.get('status')
const firing = alerts.filter(({ status }) => status === 'firing')
const now = Date.parse(instance.time)
const ids = new Set(firing.map(({ id, startsAt }) => `${id} ${startsAt}`))
for (const [key, alert] of Object.entries(memory.firing)) {
  if (ids.has(key)) continue
  memory.past.unshift({ ...alert, endedAt: now })
  delete memory.firing[key]
}
for (const alert of firing) memory.firing[`${alert.id} ${alert.startsAt}`] = short(alert)
memory.past.length = Math.min(memory.past.length, KEPT)
const shown = Object.values(memory.firing)
for (const alert of shown) alert.follows = causeOf(alert)?.target ?? null
return { payload: { instance, firing: shown.sort(gravestFirst), past: memory.past } }

/** The alert from which this one follows in the end, so that nobody is told of this one. Of a circle there is none. */
function causeOf(alert) {
  const seen = new Set([alert])
  for (let at = alert; ; ) {
    const cause = shown.find(({ severity, effects }) => severity === 'critical' && effects?.includes(`${at.kind} ${at.target}`))
    if (!cause) return at === alert ? null : at
    if (seen.has(cause)) return null
    seen.add(cause)
    at = cause
  }
}

function short({ id, alertname, severity, kind, target, site, startsAt, issue, effects, acknowledgedBy, silencedUntil, runbookUrl }) {
  const { summary, remedy } = issue
  return { id, alertname, severity, kind, target, site, startsAt, summary, remedy, effects, acknowledgedBy, silencedUntil, runbookUrl }
}

function gravestFirst(a, b) {
  const rank = ({ severity, follows }) => (follows === null ? 0 : 2) + (severity === 'critical' ? 0 : 1)
  return rank(a) - rank(b) || a.startsAt.localeCompare(b.startsAt)
}
