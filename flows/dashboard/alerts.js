// Keeps what has fired, and shows it beside what fires now.
const KEPT = 100
const memory = flow.get('alerts') ?? { past: [], firing: {} }
flow.set('alerts', memory)
const { instance, alerts = [] } = msg.payload
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
return { payload: { instance, firing: Object.values(memory.firing).sort(gravestFirst), past: memory.past } }

function short({ id, alertname, severity, kind, target, site, startsAt, issue, effects, acknowledgedBy, silencedUntil, runbookUrl }) {
  const { summary, remedy } = issue
  return { id, alertname, severity, kind, target, site, startsAt, summary, remedy, effects, acknowledgedBy, silencedUntil, runbookUrl }
}

function gravestFirst(a, b) {
  return (a.severity === 'critical' ? 0 : 1) - (b.severity === 'critical' ? 0 : 1) || a.startsAt.localeCompare(b.startsAt)
}
