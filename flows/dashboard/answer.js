// Takes what a command was answered back to the page that gave it.
const shown = JSON.stringify(msg.payload ?? null).replace(/\$\{[^${}"\\]*\}/g, '***')
return { _client: msg._client, payload: { answer: JSON.parse(shown) } }
