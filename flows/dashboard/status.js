// Takes the status for all pages. They find it in the flow's context, where nothing is copied; of a message each further
// wire would get a copy. What only a page needs is made while one is open, and now and then, in case one was not noticed.
/*include viewers.js*/
// In the place of a secret stands the name of its variable, which says nothing to who looks at a screen.
const SECRET = /\$\{[^${}"\\]*\}/g
/** Seconds. */
const UNSEEN = 10

// A monitor that is not there yet says so in text.
if (!Array.isArray(msg.payload?.targets)) return null
flow.set('status', shown(msg.payload))
const since = (context.get('since') ?? UNSEEN) + 1
const isLookedAt = hasViewers() || since >= UNSEEN
context.set('since', isLookedAt ? 0 : since)
const message = { topic: 'status', isLookedAt }
return [message, isLookedAt ? message : null]

/** The status is ours alone: its texts are changed in place. */
function shown(value) {
  if (typeof value === 'string') return value.includes('${') ? value.replace(SECRET, '***') : value
  if (typeof value !== 'object' || value === null) return value
  for (const key of Object.keys(value)) value[key] = shown(value[key])
  return value
}
