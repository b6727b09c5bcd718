// Takes what a command was answered back to the page that gave it.
return { _client: msg._client, payload: { answer: msg.payload } }
