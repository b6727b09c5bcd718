/**
 * Reads the body of Alertmanager's webhook before Node-RED does: no more of it than an alert node takes, and what is no
 * JSON is refused as such. Node-RED itself would read 5 MB, and answer 500.
 */
const { createRequire } = require('node:module')
const express = createRequire(require.resolve('node-red/red.js'))('express')

const PATH = '/api/v1/alerts'
const LIMIT = '1mb'

const parse = express.json({ limit: LIMIT, type: () => true })

/**
 * @param {import('node:http').IncomingMessage & {path: string}} req
 * @param {import('node:http').ServerResponse} res
 * @param {() => void} next
 */
function webhookBody(req, res, next) {
  if (req.method !== 'POST' || req.path !== PATH) return next()
  parse(req, res, (/** @type {{status?: number} | undefined} */ error) => {
    if (!error) return next()
    const isTooLong = error.status === 413
    const message = isTooLong ? `The body is longer than ${LIMIT}` : 'The body is not JSON'
    res.writeHead(isTooLong ? 413 : 400, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
    res.end(`${JSON.stringify({ error: { code: 'invalid-message', message } })}\n`)
  })
}

module.exports = { webhookBody }
