/**
 * An RTMP publisher whose every time stamp is chosen by the test, for what ffmpeg's muxer mends or refuses: time that
 * goes back, wraps, parameters that change in mid-stream, two senders' clocks. It plays FLV that ffmpeg made.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile, rename } from 'node:fs/promises'
import net from 'node:net'
import { promisify } from 'node:util'
import { until } from '../fixtures/wait.ts'
import { type Footage, footageFile } from './footage.ts'
import { monotonic } from './watched-stream.ts'

/** A message of audio (8) or video (9). */
interface Tag {
  type: number
  /** Milliseconds. */
  time: number
  body: Buffer
  /** The codec's parameters. */
  header: boolean
}

/** A stretch of media. */
export interface Step {
  footage: Footage
  /** Seconds. */
  seconds: number
  /** Seconds by which the time stamps of this stretch and of all that follow are moved. */
  shift?: number
  /** Media seconds sent per second. Default 1. */
  speed?: number
}

export interface ScriptedPublisher {
  /** Resolves when a step begins, with the monotonic time of it. */
  untilStep(index: number): Promise<number>
  stop(): Promise<void>
}

/** Publishes the steps one after the other, the last one for as long as nobody stops it. @param from first time stamp, seconds */
export async function publishScript(url: string, steps: readonly Step[], from = 0): Promise<ScriptedPublisher> {
  const reels = await Promise.all(steps.map(({ footage }) => reelOf(footage)))
  const socket = await openRtmp(url)
  const begun: number[] = []
  let stopped = false
  const play = async () => {
    // Time stamps are the media's own time, plus what the steps move it by.
    let mediaTime = from * 1000
    let due = monotonic()
    for (const [index, step] of steps.entries()) {
      const reel = reels[index] ?? []
      const length = (index === steps.length - 1 ? 3600 : step.seconds) * 1000
      const speed = step.speed ?? 1
      mediaTime += (step.shift ?? 0) * 1000
      begun[index] = monotonic()
      for (const { type, body, header, time } of repeated(reel, length)) {
        // An encoder that goes on as before has no reason to send its parameters again.
        if (header && reels[index - 1]?.some((tag) => tag.header && tag.body.equals(body))) continue
        const wait = due + time / 1000 / speed - monotonic()
        if (wait > 0.005) await new Promise((resolve) => setTimeout(resolve, wait * 1000))
        if (stopped || socket.destroyed) return
        socket.write(message(type, 1, Math.round(mediaTime + time), body))
      }
      mediaTime += length
      due += length / 1000 / speed
    }
  }
  const playing = play()
  return {
    untilStep: async (index) => {
      await until(() => begun[index] !== undefined || socket.destroyed, 120, `step ${index} of ${url} begins`)
      const at = begun[index]
      if (at === undefined) throw new Error(`The server ended the connection of ${url}`)
      return at
    },
    stop: async () => {
      stopped = true
      socket.destroy()
      await playing
    },
  }
}

/** The headers once, then the media again and again, up to a length in milliseconds. */
function* repeated(reel: readonly Tag[], length: number): Generator<Tag> {
  const media = reel.filter(({ header }) => !header)
  const frames = media.filter(({ type }) => type === 9)
  const last = frames.at(-1)?.time ?? 0
  const turn = last + (last - (frames.at(-2)?.time ?? 0))
  yield* reel.filter(({ header }) => header).map((tag) => ({ ...tag, time: 0 }))
  for (let start = 0; start < length; start += turn) {
    for (const tag of media) {
      if (start + tag.time < length && tag.time < turn) yield { ...tag, time: start + tag.time }
    }
  }
}

async function reelOf(footage: Footage): Promise<Tag[]> {
  const source = await footageFile(footage)
  const file = source.replace(/\.mkv$/, '.flv')
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) {
    const draft = `${file}.${process.pid}.${Math.random()}`
    const copy = ['-i', source, '-map', '0', '-c', 'copy', '-f', 'flv', draft]
    await promisify(execFile)('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...copy])
    await rename(draft, file)
  }
  return parseFlv(await readFile(file))
}

/** FLV 10.1, annex E: tags of 11 bytes of header, their body, and 4 bytes of length. */
function parseFlv(flv: Buffer): Tag[] {
  const tags: Tag[] = []
  let at = flv.readUInt32BE(5) + 4
  while (at + 11 <= flv.length) {
    const type = flv.readUInt8(at)
    const size = flv.readUIntBE(at + 1, 3)
    const time = flv.readUIntBE(at + 4, 3) + flv.readUInt8(at + 7) * 2 ** 24
    const body = flv.subarray(at + 11, at + 11 + size)
    // AVCPacketType and AACPacketType 0 are the codec's parameters.
    const header = size > 1 && body.readUInt8(1) === 0
    const endOfSequence = type === 9 && size > 1 && body.readUInt8(1) === 2
    if ((type === 8 || type === 9) && !endOfSequence) tags.push({ type, time, body, header })
    at += 11 + size + 4
  }
  return tags
}

const CHUNK = 2 ** 20

/** Adobe RTMP 1.0: handshake (5.2), then `connect`, `createStream` and `publish` (7.2). */
async function openRtmp(url: string): Promise<net.Socket> {
  const { hostname, port, pathname } = new URL(url)
  const [, app = '', name = ''] = pathname.split('/')
  const socket = net.connect(Number(port), hostname)
  socket.on('error', () => undefined).setNoDelay(true)
  let received = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]).subarray(-65536)
  })
  const heard = (what: () => boolean, said: string) => until(() => what() || socket.destroyed, 10, said)
  await once(socket, 'connect')
  socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536)]))
  await heard(() => received.length >= 3073, 'the handshake of RTMP')
  socket.write(received.subarray(1, 1537))
  received = Buffer.alloc(0)
  const chunkSize = Buffer.alloc(4)
  chunkSize.writeUInt32BE(CHUNK)
  socket.write(message(1, 0, 0, chunkSize))
  const tcUrl = `rtmp://${hostname}:${port}/${app}`
  socket.write(message(20, 0, 0, amf('connect', 1, { app, type: 'nonprivate', flashVer: 'test', tcUrl })))
  await heard(() => received.includes('_result'), 'the answer to connect')
  received = Buffer.alloc(0)
  socket.write(message(20, 0, 0, amf('createStream', 2, null)))
  await heard(() => received.includes('_result'), 'the answer to createStream')
  socket.write(message(20, 1, 0, amf('publish', 3, null, name, 'live')))
  await heard(() => received.includes('NetStream.Publish.Start'), 'the answer to publish')
  if (socket.destroyed) throw new Error(`The server refuses ${url}`)
  return socket
}

/** One chunk with a full header (5.3.1.2.1): no message here is longer than a chunk. */
function message(type: number, stream: number, time: number, body: Buffer): Buffer {
  const stamp = time % 2 ** 32
  const extended = stamp >= 0xffffff
  const head = Buffer.alloc(extended ? 16 : 12)
  head.writeUInt8(type === 1 ? 2 : type === 20 ? 3 : type === 8 ? 4 : 6, 0)
  head.writeUIntBE(extended ? 0xffffff : stamp, 1, 3)
  head.writeUIntBE(body.length, 4, 3)
  head.writeUInt8(type, 7)
  head.writeUInt32LE(stream, 8)
  if (extended) head.writeUInt32BE(stamp, 12)
  return Buffer.concat([head, body])
}

type Amf = string | number | null | Record<string, string>

/** AMF 0, as far as commands need it. */
function amf(...values: Amf[]): Buffer {
  return Buffer.concat(values.map(amfOf))
}

function amfOf(value: Amf): Buffer {
  if (value === null) return Buffer.from([5])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), amfText(value)])
  if (typeof value === 'number') {
    const number = Buffer.alloc(9)
    number.writeDoubleBE(value, 1)
    return number
  }
  const fields = Object.entries(value).map(([name, text]) => Buffer.concat([amfText(name), amfOf(text)]))
  return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])])
}

function amfText(text: string): Buffer {
  const head = Buffer.alloc(2)
  head.writeUInt16BE(Buffer.byteLength(text))
  return Buffer.concat([head, Buffer.from(text)])
}
