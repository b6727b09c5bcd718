// Takes a picture back to the page that asked for it, as a page can show it: it comes by the connection that has logged in.
const { _client, topic: target, statusCode, headers = {}, payload } = msg
if (statusCode === 200) {
  const src = `data:${headers['content-type']};base64,${payload.toString('base64')}`
  return { _client, payload: { picture: { target, src, at: Date.parse(headers['last-modified']) } } }
}
const { error = {} } = JSON.parse(payload)
return { _client, payload: { picture: { target, none: error.message, code: error.code } } }
