// Takes an answer about targets back to the page that asked. A ${NAME} stays as it is written: it is to be changed there.
return { _client: msg._client, payload: { answer: msg.payload } }
