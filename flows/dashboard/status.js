// Takes the status for all pages. They find it in the flow's context, where nothing is copied; of a message each further
// wire would get a copy. What only a page needs is made while one is open, and now and then, in case one was not noticed.
/*include viewers.js*/
// In the place of a secret stands the name of its variable, which says nothing to who looks at a screen.
const SECRET = /\$\{[^${}"\\]*\}/g
/** Seconds. */
const UNSEEN = 10

// A monitor that is not there yet says so in text.
if (!Array.isArray(msg.payload?.targets)) return null
hideSecrets(msg.payload)
flow.set('status', msg.payload)
const since = (context.get('since') ?? UNSEEN) + 1
const isLookedAt = hasViewers() || since >= UNSEEN
context.set('since', isLookedAt ? 0 : since)
const message = { topic: 'status', isLookedAt }
return [message, isLookedAt ? message : null]

/** The status is ours alone: its texts are changed in place. Each second of all there is, so without lists of keys. */
function hideSecrets(value) {
  for (const key in value) {
    const inner = value[key]
    if (typeof inner === 'object') {
      if (inner !== null) hideSecrets(inner)
    } else if (typeof inner === 'string' && inner.includes('${')) value[key] = inner.replace(SECRET, '***')
  }
}
