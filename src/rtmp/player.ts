import { randomBytes } from 'node:crypto'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import { RtmpError } from './amf0.ts'
import { AUDIO, VIDEO } from './chunk-stream.ts'
import { CLOSED, endOf, type Played, type RtmpStage, refusalIn, silentIn, wordsOf } from './ending.ts'
import { clientHello, RANDOM_LENGTH, readServerHello } from './handshake.ts'
import {
  carriesTracks,
  flvTagsIn,
  type MediaKind,
  mediaIn,
  type RtmpListener,
  type RtmpMedia,
  readMediaHead,
  scriptDataIn,
} from './media.ts'
import { type MessageListener, MessageParser, type ParsedMessage } from './message-parser.ts'
import {
  control,
  createStream,
  EVENT,
  MESSAGE,
  type PlayRequest,
  play,
  playerConnect,
  readCommand,
  type ServerCommand,
  TRANSACTION,
  userControl,
  withoutEnvelope,
} from './play-commands.ts'

const KINDS: Readonly<Record<number, MediaKind>> = { [AUDIO]: 'audio', [VIDEO]: 'video' }
/**
 * Seconds for which a connection may stay open without an answer, or without media: a server lets a player wait for a
 * publisher, and there are sources that begin only with their first viewer, anew at each connection.
 */
const LONGEST_SILENCE = 60
/** Seconds between looks at the time. */
const LOOK = 1
/** Bytes of commands, data and sequence headers that are read; longer ones are passed over. */
const LONGEST_COMMAND = 64 * 1024
/** Bytes of messages that carry several others. */
const LONGEST_AGGREGATE = 4 * 2 ** 20
/** Enhanced RTMP v2: before a server is taken from service, or where another one is less busy. */
const RECONNECT = 'NetConnection.Connect.ReconnectRequest'
/** Bytes after which a server that named no window is told what came. */
const DEFAULT_WINDOW = 2_500_000

export interface RtmpOptions {
  clock: Clock
  verifyTls: boolean
  /** Whether the whole of a frame is wanted, and not its first bytes only. @param length of its message, bytes */
  wantsFrame?(kind: 'audio' | 'video', keyframe: boolean, length: number): boolean
}

/** One connection that plays one stream: what is said to the server, and what its answers mean. It knows no socket. */
export class RtmpPlayer implements MessageListener {
  readonly ended: Promise<Played>
  readonly #request: PlayRequest
  readonly #listener: RtmpListener
  readonly #clock: Clock
  readonly #wantsFrame: NonNullable<RtmpOptions['wantsFrame']> | null
  readonly #parser = new MessageParser(this)
  #end: ((ending: Played) => void) | null = null
  #send: (bytes: Buffer) => void = () => {}
  #timer: NodeJS.Timeout | null = null
  #stage: RtmpStage = 'handshake'
  #hello: Buffer | null = Buffer.alloc(0)
  /** Monotonic seconds at which the stage began, or media last came. */
  #since = 0
  #at = 0
  #stream = 1
  #received = 0
  #acknowledged = 0
  #window = DEFAULT_WINDOW

  constructor(request: PlayRequest, listener: RtmpListener, { clock, wantsFrame }: RtmpOptions) {
    this.#request = request
    this.#listener = listener
    this.#clock = clock
    this.#wantsFrame = wantsFrame ?? null
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  get stage(): RtmpStage {
    return this.#stage
  }

  start(send: (bytes: Buffer) => void): void {
    this.#send = send
    this.#since = this.#clock.monotonic()
    this.#listener.stage?.(this.#stage)
    this.#timer = setInterval(
      guarded('RTMP reader', () => this.#look()),
      LOOK * 1000,
    )
    send(clientHello(randomBytes(RANDOM_LENGTH)))
  }

  /** The first end counts; nothing is said to the listener afterwards. */
  end(ending: Played): void {
    const end = this.#end
    this.#end = null
    end?.(ending)
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.#end = null
  }

  /** The server has ended the connection, or it broke. */
  closed(): void {
    this.end({ why: 'closed', message: CLOSED[this.#stage], stage: this.#stage })
  }

  /** Takes what has arrived; its memory may be used again afterwards. */
  receive(bytes: Buffer): void {
    if (this.#end === null) return
    this.#at = this.#clock.monotonic()
    try {
      const rest = this.#hello === null ? bytes : this.#shake(this.#hello, bytes)
      if (rest === null) return
      this.#parser.push(rest)
      this.#acknowledge(bytes.length)
    } catch (error) {
      if (!(error instanceof RtmpError)) throw error
      const message = `what the server sends is not RTMP: ${error.message}`
      // Random bytes may look like a handshake: of a server that has understood nothing yet it is not known that it can.
      const isUnknown = this.#stage === 'handshake' || this.#stage === 'connect'
      this.end({ why: isUnknown ? 'no-rtmp' : 'protocol-error', message, stage: this.#stage })
    }
  }

  #shake(before: Buffer, bytes: Buffer): Buffer | null {
    const hello = readServerHello(Buffer.concat([before, bytes]))
    if (hello.answer === 'incomplete') {
      this.#hello = Buffer.concat([before, bytes])
      return null
    }
    if (hello.answer === 'wrong') {
      this.end({ why: 'no-rtmp', message: hello.message, stage: 'handshake' })
      return null
    }
    this.#hello = null
    this.#enter('connect')
    this.#send(hello.acknowledge)
    this.#send(playerConnect(this.#request.app, this.#request.url))
    return hello.rest
  }

  #enter(stage: RtmpStage): void {
    this.#stage = stage
    this.#since = this.#at
    this.#listener.stage?.(stage)
  }

  #look(): void {
    if (this.#clock.monotonic() - this.#since < LONGEST_SILENCE) return
    const stage = this.#stage
    const message =
      stage === 'media'
        ? 'the connection stayed open, but nothing came'
        : stage === 'play'
          ? 'the server is connected, but sends no media: nobody publishes'
          : silentIn(stage)
    this.end({ why: 'timeout', message, stage })
  }

  #acknowledge(length: number): void {
    this.#received += length
    if (this.#received - this.#acknowledged < this.#window) return
    this.#acknowledged = this.#received
    this.#send(control(MESSAGE.acknowledgement, this.#received % 2 ** 32))
  }

  wants({ type, length, head }: ParsedMessage): boolean {
    const kind = KINDS[type]
    if (kind !== undefined) {
      const media = readMediaHead(kind, head)
      if (media === null) return false
      if (carriesTracks(kind, head)) return length <= LONGEST_AGGREGATE
      if (media.packet === 'frame') return this.#wantsFrame?.(kind, media.keyframe, length) === true
      return length <= LONGEST_COMMAND
    }
    if (type === MESSAGE.aggregate) return length <= LONGEST_AGGREGATE
    return type >= MESSAGE.dataAmf3 && type <= MESSAGE.command && length <= LONGEST_COMMAND
  }

  message({ type, time, head, length, payload }: ParsedMessage): void {
    if (this.#end === null) return
    const whole = payload ?? (length <= head.length ? head : null)
    const kind = KINDS[type]
    if (kind !== undefined) {
      this.#media(kind, time, length, head, whole)
      return
    }
    switch (type) {
      case MESSAGE.userControl:
        this.#userControl(head)
        return
      case MESSAGE.windowSize:
        if (head.length >= 4) this.#window = Math.max(1, head.readUInt32BE())
        return
      case MESSAGE.peerBandwidth:
        if (head.length >= 4) this.#send(control(MESSAGE.windowSize, head.readUInt32BE()))
        return
    }
    if (whole === null) return
    if (type === MESSAGE.aggregate) this.#aggregate(time, whole)
    else if (type === MESSAGE.data || type === MESSAGE.dataAmf3) {
      this.#hear(scriptDataIn(time, type === MESSAGE.dataAmf3 ? withoutEnvelope(whole) : whole))
    } else if (type === MESSAGE.command || type === MESSAGE.commandAmf3) {
      const command = readCommand(type === MESSAGE.commandAmf3 ? withoutEnvelope(whole) : whole)
      if (command !== null) this.#command(command)
    }
  }

  #media(kind: MediaKind, time: number, length: number, head: Buffer, whole: Buffer | null): void {
    for (const media of mediaIn(kind, { time, length, head, whole })) this.#hear(media)
  }

  #hear(media: RtmpMedia): void {
    if (media.packet === 'frame') {
      this.#stage = 'media'
      this.#since = this.#at
    }
    this.#listener.media(media, this.#at)
  }

  #aggregate(time: number, bytes: Buffer): void {
    for (const { type, delay, body } of flvTagsIn(bytes)) {
      const own = (time + delay) >>> 0
      const kind = KINDS[type]
      if (kind !== undefined) this.#media(kind, own, body.length, body, body)
      else if (type === MESSAGE.data) this.#hear(scriptDataIn(own, body))
    }
  }

  #userControl(head: Buffer): void {
    if (head.length < 2) return
    const event = head.readUInt16BE()
    if (event === EVENT.pingRequest) this.#send(userControl(EVENT.pingResponse, head.subarray(2, 6)))
    if (event === EVENT.streamEof && this.#stage === 'media') {
      this.end({ why: 'unpublished', message: 'the server says that the stream ended (StreamEOF)', stage: this.#stage })
    }
  }

  #command(command: ServerCommand): void {
    const { name, transaction, code, description, number } = command
    if (name === '_result' && transaction === TRANSACTION.connect) {
      this.#send(control(MESSAGE.windowSize, DEFAULT_WINDOW))
      this.#send(createStream())
      this.#since = this.#at
    } else if (name === '_result' && transaction === TRANSACTION.createStream) {
      this.#stream = number ?? 1
      this.#enter('play')
      this.#send(play(this.#stream, this.#request.key))
    } else if (name === '_error' && this.#stage === 'connect') {
      this.#turnedAway('the server turns the application away', command, true)
    } else if (name === '_error') {
      this.#turnedAway('the server does not play the stream', command)
    } else if (name === 'close') {
      const message = `the server ends the connection${wordsOf(code, description)}`
      this.end({ why: 'closed', message, stage: this.#stage })
    } else if (code !== '') this.#status(command)
  }

  #status(command: ServerCommand): void {
    const { code, description, level, redirect } = command
    if (code === RECONNECT) {
      const message = `the server asks us to connect anew${wordsOf('', description)}`
      this.end({ why: 'closed', message, stage: this.#stage, reconnect: { to: command.elsewhere } })
      return
    }
    // nginx-rtmp sends on when it is asked for the stream.
    const isAnswer = this.#stage === 'connect' || redirect !== null
    const known = endOf(code)
    if (known?.why === 'rejected') {
      this.#turnedAway(known.message, command, isAnswer)
    } else if (known !== null) {
      const { why, message } = known
      this.end({ why, message: message + wordsOf(code, description), stage: this.#stage })
    } else if (level === 'error') this.#turnedAway('the server does not play the stream', command)
  }

  /** @param asks whether the answer may ask for another connection */
  #turnedAway(message: string, { code, description, redirect }: ServerCommand, asks = false): void {
    const why = refusalIn(`${code} ${description}`)
    const said = message + wordsOf(code, description)
    this.end({ why, message: said, stage: this.#stage, ...(asks && { turnedAway: { redirect, description } }) })
  }
}
