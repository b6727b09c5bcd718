// Reads the answer once for all pages. They find it in the flow's context, where nothing is copied; of a message each
// further wire would get a copy, which takes five times as long as reading.
// In the place of a secret stands the name of its variable, which says nothing to who looks at a screen.
flow.set('status', JSON.parse(msg.payload.replace(/\$\{[^${}"\\]*\}/g, '***')))
return { topic: 'status' }
