// Takes an answer about targets or receivers back to the page that asked. The name of a variable stays in it: it is to be changed there.
return { _client: msg._client, payload: { answer: msg.payload } }
