/**
 * What a hostile server may send: recordings of real encoders with bytes changed, cut, doubled and mixed, and garbage. Each
 * input goes through everything that reads what a server sends: the player, the dialogue of a service check, the parser of
 * FLV files, and what recordings and parameters are made of. Nothing may throw, hang or grow.
 */
import { readFileSync } from 'node:fs'
import { flvTags } from '../../app/demo/flv.ts'
import { matroskaOf } from '../../src/ffmpeg/matroska.ts'
import { systemClock } from '../../src/observation/clock.ts'
import { FlvRecording } from '../../src/readers/flv-recording.ts'
import { type SaidTrack, saidParameters } from '../../src/readers/said-parameters.ts'
import { type Encodable, encodeAmf0, RtmpError } from '../../src/rtmp/amf0.ts'
import { answerChallenge } from '../../src/rtmp/authentication.ts'
import { AUDIO, ChunkReader, COMMAND, VIDEO, writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { readConnectAnswer } from '../../src/rtmp/dialogue.ts'
import { FlvParser } from '../../src/rtmp/flv-parser.ts'
import { readServerHello } from '../../src/rtmp/handshake.ts'
import { RtmpPlayer } from '../../src/rtmp/player.ts'
import { ResumedListener, type RtmpMedia } from '../../src/rtmp/reader.ts'

const RECORDINGS = ['hevc-opus', 'av1-flac', 'vp9-ac3', 'hevc-eac3', 'multitrack', 'hevc-bframes-enhanced']
/** Tags of a recording that one input has: sequence headers, a key frame, and some of what follows. */
const TAGS = 16
/** Bytes of a tag that one input has: more of a picture says nothing new. */
const LONGEST = 700
const HELLO = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536, 7)])

const command = (...values: Encodable[]) => writeMessage({ type: COMMAND, payload: encodeAmf0(...values) })
const status = (code: string, more: { [name: string]: Encodable } = {}) => ({ level: 'status', code, ...more })

/** What a server says until it plays. */
const GREETING = Buffer.concat([
  writeMessage({ type: 5, payload: Buffer.from([0, 0, 1, 0]) }),
  writeMessage({ type: 6, payload: Buffer.from([0, 0, 1, 0, 2]) }),
  command('_result', 1, { fmsVer: 'FMS/3,0' }, status('NetConnection.Connect.Success')),
  command('_result', 2, null, 1),
  writeMessage({ type: 4, payload: Buffer.from([0, 6, 1, 2, 3, 4]) }),
  command('onStatus', 0, null, status('NetStream.Play.Start')),
])
const enhanced = Buffer.from([0x96, 0x10, 0x68, 0x76, 0x63, 0x31, 0, 0, 0, 5, 1, 2, 3, 4, 5, 1, 0, 0, 9, 1, 2])
/** What no recording has. */
const PECULIAR = Buffer.concat([
  GREETING,
  writeMessage({ type: 18, payload: encodeAmf0('onMetaData', { width: 1280, encoder: 'x' }) }),
  writeMessage({ type: VIDEO, payload: Buffer.from([0x17, 0, 0, 0, 0, 1, 66, 0, 30, 255, 225, 0, 0, 1, 0]) }),
  writeMessage({ type: AUDIO, time: 20, payload: Buffer.from([0xaf, 0, 0x12, 0x10]) }),
  writeMessage({ type: VIDEO, time: 0x01000020, payload: Buffer.alloc(300, 0x17) }),
  writeMessage({ type: VIDEO, time: 40, payload: enhanced }),
  writeMessage({ type: AUDIO, time: 60, payload: Buffer.from([0x95, 0x20, 0x4f, 0x70, 0x75, 0x73, 1, 0, 0, 1, 9]) }),
  writeMessage({ type: 22, payload: Buffer.from([9, 0, 0, 2, 0, 0, 5, 0, 0, 0, 0, 0x27, 1, 0, 0, 0, 13]) }),
  writeMessage({ type: 15, payload: Buffer.concat([Buffer.of(0), encodeAmf0('onMetaData', { framerate: 25 })]) }),
  writeMessage({ type: 1, payload: Buffer.from([0, 0, 16, 0]) }),
  writeMessage({ type: VIDEO, time: 80, payload: Buffer.alloc(300, 0x27) }, 4096),
  command('onStatus', 0, null, status('NetConnection.Connect.ReconnectRequest', { tcUrl: 'rtmp://host/app' })),
])
const REFUSAL = command('_error', 1, null, {
  ...status('NetConnection.Connect.Rejected', { ex: { code: 302, redirect: 'rtmp://host/app' } }),
  description: '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=me&salt=a&challenge=b&opaque=c',
})

/** The beginning of a recording, as a file. */
function fileOf(name: string): Buffer {
  const file = readFileSync(new URL(`../fixtures/media/${name}.flv`, import.meta.url))
  return Buffer.concat([
    file.subarray(0, 13),
    ...flvTags(file)
      .slice(0, TAGS)
      .map(({ bytes }) => bytes),
  ])
}

/** The same as a server sends it, without what is the same all over. */
function sessionOf(file: Buffer): Buffer {
  const types = { audio: AUDIO, video: VIDEO, script: 18 }
  const messages = flvTags(file).map(({ media, timestamp: time, body }) =>
    writeMessage({ type: types[media], time, payload: body.subarray(0, LONGEST) }),
  )
  return Buffer.concat([GREETING, ...messages])
}

const FILES = RECORDINGS.map(fileOf)
const SESSIONS = [PECULIAR, Buffer.concat([GREETING, REFUSAL]), REFUSAL, ...FILES.map(sessionOf)]

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff]

/** Numbers from 0 to 2^32 that are the same for the same seed (xorshift). */
type Numbers = () => number
function numbersFrom(seed: number): Numbers {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function garbage(random: Numbers): Buffer {
  const bytes = Buffer.alloc(random() % 300)
  for (let at = 0; at < bytes.length; at++) bytes[at] = random()
  return bytes
}

function changed(original: Buffer, random: Numbers): Buffer {
  const somewhere = () => random() % (original.length + 1)
  const stretch = (): [number, number] => {
    const from = somewhere()
    return [from, Math.min(original.length, from + (random() % 200))]
  }
  switch (random() % 8) {
    case 0:
      return original.subarray(0, somewhere())
    case 1: {
      const [from, to] = stretch()
      return Buffer.concat([original.subarray(0, from), original.subarray(to)])
    }
    case 2: {
      const [from, to] = stretch()
      return Buffer.concat([original.subarray(0, to), original.subarray(from)])
    }
    case 3: {
      const at = somewhere()
      return Buffer.concat([original.subarray(0, at), garbage(random), original.subarray(at)])
    }
    default: {
      const bytes = Buffer.from(original)
      for (let changes = 1 + (random() % 12); changes > 0; changes--) {
        const at = random() % Math.max(1, bytes.length)
        // Lengths and kinds are more often at their ends.
        bytes[at] = random() % 4 === 0 ? (EXTREMES[random() % EXTREMES.length] ?? 0) : random()
      }
      return bytes
    }
  }
}

export interface HostileOutcome {
  /** Messages of media, and answers, that came of it: were there none, nothing would have been tried. */
  media: number
  answers: number
  /** Milliseconds of processor time that the worst hundred inputs took together. */
  slowest: number
}

/** @param first the number of the first input; each is the same at each run */
export function playHostileServer(inputs: number, first = 0): HostileOutcome {
  const outcome: HostileOutcome = { media: 0, answers: 0, slowest: 0 }
  let before = process.cpuUsage()
  for (let input = first; input < first + inputs; input++) {
    try {
      playOne(input, outcome)
    } catch (error) {
      throw new Error(`Input ${input} is not borne`, { cause: error })
    }
    if (input % 100 !== 99) continue
    const { user, system } = process.cpuUsage(before)
    outcome.slowest = Math.max(outcome.slowest, (user + system) / 1000)
    before = process.cpuUsage()
  }
  return outcome
}

function playOne(input: number, outcome: HostileOutcome): void {
  const random = numbersFrom(input + 1)
  // The first numbers of seeds that are near each other are near each other.
  for (let skipped = 0; skipped < 8; skipped++) random()
  const original = SESSIONS[random() % SESSIONS.length] ?? PECULIAR
  const bytes = random() % 10 === 0 ? garbage(random) : changed(original, random)
  listen(bytes, random, outcome)
  // Less often what is read seldom.
  if (input % 4 === 0) talk(bytes, random)
  if (input % 4 === 1) parseFile(changed(FILES[random() % FILES.length] ?? bytes, random), random, outcome)
}

/** As a stream is read. */
function listen(bytes: Buffer, random: Numbers, outcome: HostileOutcome): void {
  const recording = new FlvRecording('both')
  const tracks = new Map<string, SaidTrack>()
  let metadata: Buffer | null = null
  const resumed = new ResumedListener({
    media: (media) => {
      outcome.media++
      recording.add(media)
      const { kind, codec, trackId, packet, payload } = media
      if (kind === 'data') metadata = payload && Buffer.from(payload)
      else if (tracks.size < 16) {
        const header = packet === 'sequence-header' ? { payload: payload && Buffer.from(payload) } : null
        tracks.set(`${kind} ${trackId}`, { kind, codec, header })
      }
    },
  })
  const request = { app: 'live', url: 'rtmp://host/live', key: 'key' }
  const wantsFrame = (_kind: RtmpMedia['kind'], keyframe: boolean) => keyframe
  const player = new RtmpPlayer(request, resumed, { clock: systemClock, verifyTls: true, wantsFrame })
  player.start(() => outcome.answers++)
  try {
    player.receive(random() % 20 === 0 ? changed(HELLO, random) : HELLO)
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + (random() % 1500)
      player.receive(bytes.subarray(at, at + length))
      at += length
      if (random() % 50 === 0) resumed.resume()
    }
    player.closed()
  } finally {
    player.stop()
  }
  saidParameters(metadata, [...tracks.values()])
  matroskaOf(recording.bytes())
}

/** As a service is asked, and a server's challenge answered. */
function talk(bytes: Buffer, random: Numbers): void {
  readServerHello(changed(HELLO, random))
  answerChallenge(bytes.toString('latin1'), { app: 'live', login: { user: 'me', password: 'word' } })
  try {
    for (const message of new ChunkReader().push(bytes)) readConnectAnswer(message)
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error
  }
}

/** As FLV is read that a web server sends. */
function parseFile(bytes: Buffer, random: Numbers, outcome: HostileOutcome): void {
  const parser = new FlvParser({ media: () => outcome.media++, wantsFrame: () => true })
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + (random() % 5000)
    if (!parser.push(bytes.subarray(at, at + length))) break
    at += length
  }
  matroskaOf(bytes)
}
