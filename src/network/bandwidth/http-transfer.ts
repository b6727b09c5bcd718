import { randomFillSync } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { agentFor } from '../../connection/agent.ts'
import { lookUp } from '../../connection/connect.ts'
import { boundInterim } from '../../connection/interim-answers.ts'
import { ConnectionError } from '../../connection/network-error.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { explainTransferError, Meter, type Transfer, type TransferLimits } from './transfer.ts'

export interface HttpTransferOptions extends TransferLimits {
  url: URL
  verifyTls: boolean
}

/** Seconds until the connection stands and the server has begun to answer or to take data. */
const CONNECT_LIMIT = 5
/** Seconds for which the answer to an upload is waited for: what is in buffers has to arrive first. */
const ANSWER_LIMIT = 10
/** Bytes written at once, and how many such pieces may be under way within this process. */
const PIECE = 16 * 1024
const PIECES_UNDER_WAY = 8

/** Random, because what can be compressed on the way would be measured as faster than it is. */
const NOISE = randomFillSync(Buffer.alloc(PIECE))

/**
 * Sends to, or receives from, a server for some seconds, over one connection, as a stream is sent. Redirects are not
 * followed. Rejects only with what `signal` aborts with.
 */
export async function httpTransfer(options: HttpTransferOptions, signal: AbortSignal): Promise<Transfer> {
  const { url, verifyTls, direction } = options
  const lookup = await lookUp(url.hostname, 'any', signal)
  if (!lookup.found) return explainTransferError(new ConnectionError(lookup.code, lookup.message))
  // One agent per test, which ends its connection with it.
  const agent = agentFor(url, lookup.addresses, { verifyTls, keepAlive: true })
  const meter = new Meter(options)
  try {
    return direction === 'up' ? await upload(url, agent, meter, signal) : await download(url, agent, meter, signal)
  } finally {
    meter.stop()
    agent.destroy()
  }
}

const WITHOUT_ANSWER: Transfer = {
  outcome: 'failure',
  code: 'timeout',
  message: `the server does not answer within ${CONNECT_LIMIT} s`,
}

function wrongStatus(status: number | undefined): Transfer {
  if (status === 429 || status === 503) {
    return { outcome: 'failure', code: 'busy', message: `the server is busy (HTTP status ${status})` }
  }
  const moved = status !== undefined && status >= 300 && status < 400
  const message = `the server answers with HTTP status ${status}${moved ? '; name the address it redirects to' : ''}`
  return { outcome: 'failure', code: 'wrong-answer', message }
}

function request(url: URL, agent: http.Agent, method: 'GET' | 'POST', signal: AbortSignal): http.ClientRequest {
  const { request: send } = url.protocol === 'https:' ? https : http
  const headers = {
    'user-agent': 'rtmp-hmonitor',
    'cache-control': 'no-store',
    ...(method === 'GET'
      ? { 'accept-encoding': 'identity' }
      : { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' }),
  }
  return boundInterim(send(url, { agent, method, headers, signal }))
}

/** A body without an end of its own, until the meter says so. */
function upload(url: URL, agent: http.Agent, meter: Meter, signal: AbortSignal): Promise<Transfer> {
  return new Promise((resolve, reject) => {
    let phase: 'sending' | 'sent' | 'over' = 'sending'
    const req = request(url, agent, 'POST', signal)
    const settle = (transfer: Transfer) => {
      phase = 'over'
      clearTimeout(limiting)
      req.destroy()
      resolve(transfer)
    }
    let limiting = setTimeout(
      guarded('bandwidth transfer', () => settle(WITHOUT_ANSWER)),
      CONNECT_LIMIT * 1000,
    )
    const write = () => {
      if (phase !== 'sending') return
      req.write(NOISE, (error) => {
        if (error || phase !== 'sending') return
        // The kernel has taken it: this is when it counts.
        meter.add(PIECE)
        // Not at once: as long as the kernel takes everything, nothing else in this process would have its turn.
        setImmediate(guarded('bandwidth transfer', write))
      })
    }
    meter.onEnd(() => {
      const soFar = meter.result()
      if (soFar.outcome !== 'measured') return settle(soFar)
      phase = 'sent'
      req.end()
      limiting = setTimeout(
        guarded('bandwidth transfer', () => settle(meter.result())),
        ANSWER_LIMIT * 1000,
      )
    })
    const begin = () => {
      clearTimeout(limiting)
      meter.start()
      for (let pieces = 0; pieces < PIECES_UNDER_WAY; pieces++) write()
    }
    req.on(
      'socket',
      guarded('bandwidth transfer', (socket) =>
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', begin),
      ),
    )
    req.on(
      'response',
      guarded('bandwidth transfer', (response) => {
        response.resume()
        const { statusCode = 0 } = response
        if (statusCode < 200 || statusCode >= 300) settle(wrongStatus(statusCode))
        else if (phase === 'sent') settle(meter.result())
        else {
          const message = 'the server answers before it has received the data, so nothing can be uploaded to it'
          settle({ outcome: 'failure', code: 'wrong-answer', message })
        }
      }),
    )
    req.on(
      'error',
      guarded('bandwidth transfer', (error) => {
        if (signal.aborted) reject(signal.reason)
        settle(phase === 'sent' ? meter.result() : explainTransferError(error))
      }),
    )
  })
}

/** The same again and again on one connection, where what the server sends ends before the time does. */
async function download(url: URL, agent: http.Agent, meter: Meter, signal: AbortSignal): Promise<Transfer> {
  for (;;) {
    const before = meter.bytes
    const transfer = await downloadOnce(url, agent, meter, signal)
    if (transfer !== 'again') return transfer
    if (meter.bytes === before) {
      return { outcome: 'failure', code: 'wrong-answer', message: 'the server sends an empty answer' }
    }
  }
}

function downloadOnce(url: URL, agent: http.Agent, meter: Meter, signal: AbortSignal): Promise<Transfer | 'again'> {
  return new Promise((resolve, reject) => {
    const req = request(url, agent, 'GET', signal)
    const settle = (transfer: Transfer | 'again') => {
      clearTimeout(limiting)
      if (transfer !== 'again') req.destroy()
      resolve(transfer)
    }
    const limiting = setTimeout(
      guarded('bandwidth transfer', () => settle(WITHOUT_ANSWER)),
      CONNECT_LIMIT * 1000,
    )
    meter.onEnd(() => settle(meter.result()))
    req.on(
      'response',
      guarded('bandwidth transfer', (response) => {
        clearTimeout(limiting)
        if (response.statusCode !== 200) return settle(wrongStatus(response.statusCode))
        meter.start()
        response.on(
          'data',
          guarded('bandwidth transfer', (chunk: Buffer) => meter.add(chunk.length)),
        )
        response.on(
          'end',
          guarded('bandwidth transfer', () => settle('again')),
        )
        response.on(
          'error',
          guarded('bandwidth transfer', (error) =>
            signal.aborted ? reject(signal.reason) : settle(explainTransferError(error)),
          ),
        )
      }),
    )
    req.on(
      'error',
      guarded('bandwidth transfer', (error) => {
        clearTimeout(limiting)
        if (signal.aborted) reject(signal.reason)
        else settle(explainTransferError(error))
      }),
    )
    req.end()
  })
}
