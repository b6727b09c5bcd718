import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { legible } from '../connection/legible.ts'
import { FaultError, type Phases } from '../connection/phases.ts'
import { guarded } from '../observation/internal-errors.ts'
import { isRecord } from '../observation/shape.ts'
import { type Amf0Value, decodeAmf0, encodeAmf0, RtmpError } from './amf0.ts'
import { ChunkReader, COMMAND, type RtmpMessage, writeMessage } from './chunk-stream.ts'
import { clientHello, RANDOM_LENGTH, readServerHello } from './handshake.ts'
import { withoutEnvelope } from './play-commands.ts'

/** Bytes that a server may send before it has answered. */
const MOST_BYTES = 256 * 1024

interface RtmpRequest {
  /** Empty: only the handshake. */
  application: string
  /** Without a key. */
  url: string
}

/**
 * The handshake, and `connect` as far as its answer: what an encoder does before it names its stream.
 *
 * @returns the answer's `code`; null without an application
 * @throws FaultError, the socket's error, and an `AbortError`
 */
export async function openApplication(
  socket: Socket,
  { application, url }: RtmpRequest,
  phases: Phases,
  signal: AbortSignal,
): Promise<string | null> {
  const incoming = new Incoming(socket, signal)
  phases.begin('handshake')
  socket.write(clientHello(randomBytes(RANDOM_LENGTH)))
  const { acknowledge, rest } = await awaitHello(incoming)
  socket.write(acknowledge)
  phases.end()
  if (application === '') return null
  phases.begin('response')
  socket.write(writeMessage({ type: COMMAND, payload: connectCommand(application, url) }))
  const answer = await awaitAnswer(incoming, rest, application)
  phases.end()
  if (answer.accepted) return answer.code
  const why = [answer.code, answer.description].filter((text) => text !== '').join(': ')
  throw new FaultError({
    kind: 'wrong-answer',
    phase: 'response',
    message: `the server turns the application "${legible(application, 60)}" away${why === '' ? '' : ` (${legible(why, 160)})`}`,
    measured: legible(answer.code || 'turned away'),
    expected: 'NetConnection.Connect.Success',
  })
}

async function awaitHello(incoming: Incoming): Promise<{ acknowledge: Buffer; rest: Buffer }> {
  let received: Buffer = Buffer.alloc(0)
  for (;;) {
    const bytes = await incoming.next()
    if (bytes === null) {
      const message = 'the server ends the connection during the RTMP handshake: it may not speak RTMP on that port'
      throw new FaultError({ kind: 'wrong-answer', phase: 'handshake', message, measured: 'closed', expected: 'RTMP' })
    }
    received = Buffer.concat([received, bytes])
    const hello = readServerHello(received)
    if (hello.answer === 'complete') return hello
    if (hello.answer === 'wrong') {
      const { message } = hello
      throw new FaultError({ kind: 'wrong-answer', phase: 'handshake', message, measured: 'no RTMP', expected: 'RTMP' })
    }
  }
}

async function awaitAnswer(incoming: Incoming, rest: Buffer, application: string): Promise<ConnectAnswer> {
  const reader = new ChunkReader()
  let bytes: Buffer | null = rest
  try {
    for (; bytes !== null; bytes = await incoming.next()) {
      for (const message of reader.push(bytes)) {
        const answer = readConnectAnswer(message)
        if (answer !== null) return answer
      }
    }
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error
    const message = `the server's answer to connect is not RTMP: ${error.message}`
    throw new FaultError({ kind: 'wrong-answer', phase: 'response', message, measured: 'no RTMP', expected: 'RTMP' })
  }
  const message = `the server ends the connection when it is asked for the application "${legible(application, 60)}": it may not know it`
  throw new FaultError({ kind: 'wrong-answer', phase: 'response', message, measured: 'closed', expected: 'an answer' })
}

/** What a server sends, piece by piece; null when it has ended. */
class Incoming {
  readonly #socket: Socket
  readonly #pieces: AsyncIterator<Buffer>
  readonly #signal: AbortSignal
  #received = 0

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket
    this.#signal = signal
    this.#pieces = socket.iterator({ destroyOnReturn: false })
  }

  async next(): Promise<Buffer | null> {
    // The iterator ends with the socket.
    const abort = guarded('service dialogue', () => this.#socket.destroy())
    this.#signal.addEventListener('abort', abort, { once: true })
    try {
      const { value, done } = await this.#pieces.next()
      this.#signal.throwIfAborted()
      if (done) return null
      this.#received += value.length
      if (this.#received > MOST_BYTES) throw new RtmpError(`more than ${MOST_BYTES} bytes before an answer`)
      return value
    } catch (error) {
      this.#signal.throwIfAborted()
      throw error
    } finally {
      this.#signal.removeEventListener('abort', abort)
    }
  }
}

const AMF3_COMMAND = 17
/** The specification lets `connect` have no other. */
const TRANSACTION = 1

/** What a server says to `connect`. */
interface ConnectAnswer {
  accepted: boolean
  /** `NetConnection.Connect.Success`; empty where it gives none. */
  code: string
  /** The server's own words, maybe empty. */
  description: string
}

/**
 * The command that opens an application (section 7.2.1.1). It names no stream, and there is no key in it.
 *
 * @param url `rtmp://server:port/application`
 */
export function connectCommand(application: string, url: string): Buffer {
  return encodeAmf0('connect', TRANSACTION, {
    app: application,
    type: 'nonprivate',
    flashVer: 'FMLE/3.0 (compatible; RTMP HMonitor)',
    tcUrl: url,
  })
}

/**
 * The answer to `connect`, where this message is it; else null.
 *
 * @throws RtmpError
 */
export function readConnectAnswer({ type, payload }: Pick<RtmpMessage, 'type' | 'payload'>): ConnectAnswer | null {
  if (type !== COMMAND && type !== AMF3_COMMAND) return null
  const [name, transaction, ...rest] = decodeAmf0(type === AMF3_COMMAND ? withoutEnvelope(payload) : payload)
  if (typeof name !== 'string') throw new RtmpError('a command without a name')
  if (name === '_result' && transaction === TRANSACTION) return { accepted: true, ...statusIn(rest) }
  if (name === '_error' && transaction === TRANSACTION) return { accepted: false, ...statusIn(rest) }
  // Some servers turn a client away with a status, or with a close, and no answer.
  const status = statusIn(rest)
  if (name === 'close' || /\b(Rejected|Failed|InvalidApp|AppShutdown|Closed)$/.test(status.code)) {
    return { accepted: false, ...status }
  }
  return null
}

function statusIn(values: readonly Amf0Value[]): Pick<ConnectAnswer, 'code' | 'description'> {
  for (const value of values) {
    if (!isRecord(value)) continue
    const { code, description } = value
    if (typeof code === 'string') return { code, description: typeof description === 'string' ? description : '' }
  }
  return { code: '', description: '' }
}
