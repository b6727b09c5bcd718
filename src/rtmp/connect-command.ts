import { isRecord } from '../observation/shape.ts'
import { type Amf0Value, decodeAmf0, encodeAmf0, RtmpError } from './amf0.ts'
import { COMMAND, type RtmpMessage } from './chunk-stream.ts'
import { withoutEnvelope } from './play-commands.ts'

const AMF3_COMMAND = 17
/** The specification lets `connect` have no other. */
const TRANSACTION = 1

/** What a server says to `connect`. */
export interface ConnectAnswer {
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
