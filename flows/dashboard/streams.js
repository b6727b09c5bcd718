// Names the streams that a preflight can choose from, when they change.
const { targets } = flow.get('status')
const streams = targets.filter(({ kind }) => kind === 'stream').map(({ target }) => target).sort()
const said = JSON.stringify(streams)
if (context.get('said') === said) return null
context.set('said', said)
return { payload: { streams } }
