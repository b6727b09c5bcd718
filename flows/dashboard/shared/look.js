// The order in which states are shown, everywhere.
const RANKS = ['down', 'unknown', 'degraded', 'ok', 'off']

const NEVER_SEEN = ['neverSeen', 'streamNeverSeen', 'streamNeverReached']

/** Whether it is off and was never there: nobody may take it for set up. */
function isNeverSeen({ state, issues = [] }) {
  return state === 'off' && issues.some(({ type }) => NEVER_SEEN.includes(type))
}

/** Whether media arrives and nobody would be told if it stopped. */
function hasAlarmsOff({ kind, state, expected }) {
  return kind === 'stream' && expected === false && (state === 'ok' || state === 'degraded')
}

/** What the word and the shape of a target say. */
function shownOf(target) {
  return isNeverSeen(target) ? 'never' : hasAlarmsOff(target) ? 'quiet' : target.state
}

/** The colour of a target: of the worst of its issues, as its alert has it, or of its state where it has none. */
function lookOf(target) {
  const { state, issues = [] } = target
  if (isNeverSeen(target)) return 'degraded'
  if (state === 'down' || state === 'off') return state
  if (hasAlarmsOff(target) && !issues.some(({ severity }) => severity === 'error')) return 'degraded'
  const severities = issues.map(({ severity }) => severity)
  return severities.includes('error') ? 'down' : severities.includes('warning') ? 'degraded' : state
}

/** For sorting: red, then what is not known, then amber, then what is well. Where all is equal, the worse state first. */
function rankOf(target) {
  return RANKS.indexOf(lookOf(target)) * RANKS.length + RANKS.indexOf(target.state)
}
