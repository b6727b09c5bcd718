// The order in which states are shown, everywhere.
const RANKS = ['down', 'unknown', 'degraded', 'ok', 'off']

/** The colour of a target: of the worst of its issues, as its alert has it, or of its state where it has none. */
function lookOf({ state, issues = [] }) {
  if (state === 'down' || state === 'off') return state
  const severities = issues.map(({ severity }) => severity)
  return severities.includes('error') ? 'down' : severities.includes('warning') ? 'degraded' : state
}

/** For sorting: red, then what is not known, then amber, then what is well. Where all is equal, the worse state first. */
function rankOf(target) {
  return RANKS.indexOf(lookOf(target)) * RANKS.length + RANKS.indexOf(target.state)
}
