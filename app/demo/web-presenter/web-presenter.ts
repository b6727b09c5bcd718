import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Device, type DeviceOptions } from './device.ts'
import type { Fault, Situation } from './faults.ts'
import { createRestServer } from './rest.ts'
import { createTextServer } from './text-server.ts'

/** Questions that are remembered, for whoever wants to know what was asked. */
const MOST_ASKED = 1000

export interface SimulatorOptions extends Partial<DeviceOptions> {
  /** 0 means any free one. Firmware 2.1 has no REST and refuses to be asked. */
  restPort?: number
  /** 0 means any free one. */
  textPort?: number
}

/**
 * A Blackmagic Web Presenter as its network shows it, on loopback: REST under `/control/api/v1` and the text protocol.
 * It was built from published recordings and documents alone; no real device was at hand.
 */
export class WebPresenter implements Situation {
  readonly device: Device
  /** What was asked, oldest first. */
  readonly questions: string[] = []
  readonly #rest: Server | null
  readonly #text: Server
  readonly #sockets = new Set<Socket>()
  #ports: { rest: number; text: number } = { rest: 0, text: 0 }
  #fault: Fault = { fault: 'none' }

  private constructor(options: SimulatorOptions) {
    this.device = new Device(options)
    this.#rest = this.device.options.firmware === '2.1' ? null : createRestServer(this.device, this)
    this.#text = createTextServer(this.device, this)
    for (const server of [this.#rest, this.#text]) server?.on('connection', (socket: Socket) => this.#let(socket))
  }

  /** Resolves when it listens; rejects where a port is taken. */
  static async start(options: SimulatorOptions = {}): Promise<WebPresenter> {
    const simulator = new WebPresenter(options)
    const { restPort = 0, textPort = 0 } = options
    simulator.#ports = { rest: restPort, text: textPort }
    await simulator.switchOn()
    return simulator
  }

  get fault(): Fault {
    return this.#fault
  }

  get restAddress(): string {
    return `127.0.0.1:${this.#ports.rest}`
  }

  get textAddress(): string {
    return `127.0.0.1:${this.#ports.text}`
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  asked(what: string): void {
    this.questions.push(what)
    if (this.questions.length > MOST_ASKED) this.questions.shift()
  }

  /** Causes a fault, in place of the one before. `none` is the way back. */
  fail(fault: Fault): void {
    this.#fault = fault
  }

  /** Ends every connection, as a reboot does. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Loses every connection on the way, as a router does: neither side hears of it. New ones are let in. */
  loseConnections(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  /** Refuses connections from now on, as a device that is off. */
  async switchOff(): Promise<void> {
    const closing = [this.#rest, this.#text].filter((server) => server?.listening)
    const closed = closing.map((server) => new Promise((resolve) => server?.close(resolve)))
    this.disconnect()
    await Promise.all(closed)
  }

  /** Listens again, on the same ports. */
  async switchOn(): Promise<void> {
    const { rest, text } = this.#ports
    this.#ports = { rest: await listen(this.#rest, rest), text: await listen(this.#text, text) }
  }

  #let(socket: Socket): void {
    if (this.#fault.fault === 'half-open') {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** How long a port is waited for that somebody else has taken meanwhile, in milliseconds. */
const PORT_LIMIT = 10_000

/** A port on which nothing listens. */
const NOBODY = 1

/** @returns the port */
async function listen(server: Server | null, port: number): Promise<number> {
  if (server === null) return port || NOBODY
  if (server.listening) return port
  const until = Date.now() + PORT_LIMIT
  for (;;) {
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    } catch (error) {
      // An outgoing connection may have got the port while this device was off.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > until) throw error
      await delay(100)
    }
  }
}
