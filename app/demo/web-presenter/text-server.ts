import { createServer, type Server, type Socket } from 'node:net'
import type { Device } from './device.ts'
import type { Situation } from './faults.ts'
import { prelude, streamState, type TextBlock, write } from './text-blocks.ts'

/** Milliseconds between two looks whether the status has changed. */
const LOOK = 50

/** Milliseconds between two pieces of an answer that does not end. */
const PIECES = 5

/** The text protocol on port 9977. A change of status is told to everybody who is connected, and only the status. */
export function createTextServer(device: Device, situation: Situation): Server {
  return createServer((socket) => {
    new Conversation(socket, device, situation).begin()
  })
}

class Conversation {
  readonly #socket: Socket
  readonly #device: Device
  readonly #situation: Situation
  #heard = ''
  #told: TextBlock['lines'] = []

  constructor(socket: Socket, device: Device, situation: Situation) {
    this.#socket = socket
    this.#device = device
    this.#situation = situation
  }

  begin(): void {
    const socket = this.#socket.setEncoding('utf8')
    const stopListening = this.#device.onStatus(() => this.#push())
    const looking = setInterval(() => this.#device.look(), LOOK)
    socket.on('data', (text) => this.#hear(String(text)))
    socket.on('error', () => {})
    socket.once('close', () => {
      clearInterval(looking)
      stopListening()
    })
    this.#answer(() => this.#greeting())
  }

  get #fault(): string {
    return this.#situation.fault.fault
  }

  /** Says what the fault leaves of an answer. */
  #answer(text: () => string): void {
    const { fault } = this.#situation
    if (fault.fault === 'hang' || fault.fault === 'half-open') return
    const timer = setTimeout(() => this.#say(text()), fault.fault === 'slow' ? fault.seconds * 1000 : 0)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  #greeting(): string {
    this.#told = streamState(this.#device).lines
    if (this.#fault === 'malformed') return 'HTTP/1.1 400 Bad Request\r\n\r\n'
    return prelude(this.#device, this.#state())
  }

  #push(): void {
    if (this.#fault === 'hang' || this.#fault === 'half-open') return
    this.#write(write({ header: 'STREAM STATE', lines: [['Status', this.#device.status]] }))
  }

  /** Takes LF and CRLF. A question is a header and an empty line. */
  #hear(text: string): void {
    this.#heard = (this.#heard + text).replaceAll('\r\n', '\n').slice(-4096)
    for (let end = this.#heard.indexOf('\n\n'); end >= 0; end = this.#heard.indexOf('\n\n')) {
      const question = this.#heard.slice(0, end)
      this.#heard = this.#heard.slice(end + 2)
      this.#situation.asked(question)
      this.#answer(() => this.#reply(question))
    }
  }

  #reply(question: string): string {
    const [header, ...changes] = question.split('\n')
    if (header !== 'STREAM STATE:') return 'ACK\n\n'
    if (changes.includes('Action: Start')) this.#device.start()
    if (changes.includes('Action: Stop')) this.#device.stop()
    if (changes.length > 0) return 'ACK\n\n'
    const block = this.#fault === 'partial' ? this.#changed() : this.#state()
    this.#told = streamState(this.#device).lines
    if (this.#fault === 'nack') return 'NACK\n\n'
    return this.#fault === 'malformed' ? '\u0000\u0007 ???\n\n' : `ACK\n\n${write(block)}`
  }

  #state(): TextBlock {
    const { header, lines } = streamState(this.#device)
    const word = (key: string, value: string): [string, string] => {
      if (this.#fault === 'wrong-type' && key === 'Bitrate') return [key, 'plenty']
      return this.#fault === 'unknown-status' && key === 'Status' ? [key, 'Rehearsing'] : [key, value]
    }
    const kept = lines.filter(([key]) => this.#fault !== 'missing-field' || key !== 'Status')
    return { header, lines: kept.map(([key, value]) => word(key, value)) }
  }

  #changed(): TextBlock {
    const { header, lines } = streamState(this.#device)
    const known = new Map(this.#told)
    return { header, lines: lines.filter(([key, value]) => known.get(key) !== value) }
  }

  #say(text: string): void {
    if (this.#fault === 'oversized') this.#sayForEver()
    else if (this.#fault === 'cut') this.#socket.end(text.slice(0, text.length / 2))
    else this.#write(text)
  }

  #write(text: string): void {
    if (this.#socket.writable) this.#socket.write(text)
  }

  #sayForEver(): void {
    const timer = setInterval(() => this.#write('x'.repeat(65_536)), PIECES)
    this.#socket.once('close', () => clearInterval(timer))
  }
}
