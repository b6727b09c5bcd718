/** The alert from which this one follows in the end, so that nobody is told of this one. Of a circle there is none. */
function causeOf(alert, firing) {
  const seen = new Set([alert])
  for (let at = alert; ; ) {
    const cause = firing.find(({ severity, effects }) => severity === 'critical' && effects?.includes(`${at.kind} ${at.target}`))
    if (!cause) return at === alert ? null : at
    if (seen.has(cause)) return null
    seen.add(cause)
    at = cause
  }
}
