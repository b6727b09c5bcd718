import { isRecord } from '../observation/shape.ts'
import { decodeAmf0, type Encodable, encodeAmf0 } from './amf0.ts'
import { COMMAND, writeMessage } from './chunk-stream.ts'
import { AUDIO_FOURCC, VIDEO_FOURCC } from './codecs.ts'

/** What is to be played. */
export interface PlayRequest {
  app: string
  /** The application's, without a key. */
  url: string
  key: string
}

/** Types of messages (section 5.4 and 7.1), beside those of `chunk-stream.ts`. */
export const MESSAGE = {
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  dataAmf3: 15,
  commandAmf3: 17,
  data: 18,
  command: 20,
  aggregate: 22,
} as const
/** Of user control messages (section 7.1.7). */
export const EVENT = { streamEof: 1, setBufferLength: 3, pingRequest: 6, pingResponse: 7 } as const
/** Transactions: each command has its own. */
export const TRANSACTION = { connect: 1, createStream: 2, play: 3 } as const

/** Milliseconds that a player says it keeps. Some servers send nothing before they know. */
const BUFFER = 3000
/** Before each of a user's streams, live: nothing that was recorded. */
const LIVE = -2
/** CanDecode (Enhanced RTMP v2, "videoFourCcInfoMap"). */
const CAN_DECODE = 1
/** Reconnect, multitrack and ModEx (Enhanced RTMP v2, "capsEx"). */
const CAPABILITIES = 0x01 | 0x02 | 0x04

/**
 * `connect` as a player says it, with every codec that we can tell apart: a server may leave out what is not offered, or
 * hang up. `*` after them is for servers that know it, and no substitute (MediaMTX does not).
 */
export function playerConnect(app: string, url: string): Buffer {
  const can = (codecs: object): Encodable =>
    Object.fromEntries([...Object.keys(codecs), '*'].map((fourCc) => [fourCc, CAN_DECODE]))
  return command('connect', TRANSACTION.connect, {
    app,
    flashVer: 'LNX 9,0,124,2',
    tcUrl: url,
    fpad: false,
    capabilities: 15,
    audioCodecs: 4071,
    videoCodecs: 252,
    videoFunction: 1,
    objectEncoding: 0,
    fourCcList: [...Object.keys(VIDEO_FOURCC), ...Object.keys(AUDIO_FOURCC), '*'],
    videoFourCcInfoMap: can(VIDEO_FOURCC),
    audioFourCcInfoMap: can(AUDIO_FOURCC),
    capsEx: CAPABILITIES,
  })
}

export function createStream(): Buffer {
  return command('createStream', TRANSACTION.createStream, null)
}

/** @param stream the message stream that the server gave */
export function play(stream: number, key: string): Buffer {
  const payload = encodeAmf0('play', TRANSACTION.play, null, key, LIVE * 1000)
  const buffer = Buffer.alloc(8)
  buffer.writeUInt32BE(stream, 0)
  buffer.writeUInt32BE(BUFFER, 4)
  return Buffer.concat([writeMessage({ type: COMMAND, stream, payload }), userControl(EVENT.setBufferLength, buffer)])
}

export function userControl(event: number, data: Buffer): Buffer {
  const payload = Buffer.alloc(2 + data.length)
  payload.writeUInt16BE(event)
  data.copy(payload, 2)
  return writeMessage({ type: MESSAGE.userControl, payload })
}

/** @param value of 32 bits; more begins at 0 again */
export function control(type: typeof MESSAGE.acknowledgement | typeof MESSAGE.windowSize, value: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(value >>> 0)
  return writeMessage({ type, payload })
}

function command(name: string, transaction: number, values: Encodable): Buffer {
  return writeMessage({ type: COMMAND, payload: encodeAmf0(name, transaction, values) })
}

/** A command of a server. */
export interface ServerCommand {
  name: string
  transaction: number
  /** `NetStream.Play.Start`; empty where it gives none. */
  code: string
  /** The server's own words, maybe empty. */
  description: string
  level: string
  /** Where `connect` is to be sent to instead. */
  redirect: string | null
  /** With `NetConnection.Connect.ReconnectRequest`: where to connect, maybe as a part of a URL; null: where we are. */
  elsewhere: string | null
  /** What follows the name, the transaction and the command object: the message stream, of `createStream`. */
  number: number | null
}

/**
 * Reads a command. Null where it is none.
 *
 * @param payload AMF0
 * @throws RtmpError
 */
export function readCommand(payload: Buffer): ServerCommand | null {
  const [name, transaction, ...rest] = decodeAmf0(payload)
  if (typeof name !== 'string') return null
  const info = rest.find((value) => isRecord(value) && typeof value.code === 'string')
  const fields = isRecord(info) ? info : {}
  const ex = isRecord(fields.ex) ? fields.ex : {}
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    name,
    transaction: typeof transaction === 'number' ? transaction : 0,
    code: text(fields.code),
    description: text(fields.description),
    level: text(fields.level),
    redirect: ex.code === 302 && typeof ex.redirect === 'string' ? ex.redirect : null,
    elsewhere: text(fields.tcUrl) || null,
    number: rest.find(isStreamNumber) ?? null,
  }
}

/** What a message for AMF3 holds: a byte that says that AMF0 follows, where its writer did not leave it out. */
export function withoutEnvelope(payload: Buffer): Buffer {
  // AMF0 begins with a name, whose marker is 2.
  return payload[0] === 0 ? payload.subarray(1) : payload
}

/** Four bytes: what else a server may say is no message stream. */
function isStreamNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32
}
