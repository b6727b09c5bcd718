// Names the streams that a preflight can choose from, and how all the rest is that they need, when that changes.
const { targets } = flow.get('status')
const streams = targets.filter(({ kind }) => kind === 'stream').map(({ target }) => target).sort()
const ranks = ['error', 'warning']
const others = targets.filter(({ kind }) => kind !== 'stream').map(({ kind, target, state, issues }) => {
  const [worst] = issues.filter(({ severity }) => ranks.includes(severity)).sort((one, other) => ranks.indexOf(one.severity) - ranks.indexOf(other.severity))
  return { kind, target, state, worst: worst ? worst.severity : '', type: worst ? worst.type : '', summary: worst ? worst.summary : '' }
})
// What a summary says of seconds is no news.
const said = JSON.stringify([streams, others.map(({ kind, target, state, worst, type }) => [kind, target, state, worst, type])])
if (context.get('said') === said && msg.topic !== 'again') return null
context.set('said', said)
return { payload: { streams, others } }
