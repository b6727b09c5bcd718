import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Probe, ProbeListener, Reading } from '../src/observation/reading.ts'
import type { StreamMeasurements } from '../src/observation/stream.ts'
import { PacketMeter } from '../src/stream/meter.ts'
import type { Packet } from '../src/stream/packet.ts'
import { PACKET_ARGUMENTS, PacketLineParser } from '../src/stream/packet-line.ts'

/** One ffprobe and one meter, without retries: the packet path by itself. */
export class MeterProbe implements Probe<StreamMeasurements> {
  readonly #ffprobe: string
  readonly #url: string
  readonly #onPacket: (packet: Packet) => void
  readonly #meter = new PacketMeter({ stallAfter: 2 })
  #child: ChildProcessByStdio<null, Readable, null> | null = null

  constructor(ffprobe: string, url: string, onPacket: (packet: Packet) => void = () => {}) {
    this.#ffprobe = ffprobe
    this.#url = url
    this.#onPacket = onPacket
  }

  start(_listener: ProbeListener): void {
    const args = ['-v', 'error', '-rw_timeout', '10000000', ...PACKET_ARGUMENTS, this.#url]
    this.#meter.beginSession(monotonic())
    this.#child = spawn(this.#ffprobe, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const parser = new PacketLineParser((packet) => {
      this.#meter.add(packet, monotonic())
      this.#onPacket(packet)
    })
    this.#child.stdout.on('data', (chunk: Buffer) => parser.push(chunk))
  }

  read(): Reading<StreamMeasurements> {
    const measurements = this.#meter.measure(monotonic())
    if (measurements.up === true) return { outcome: 'present', measurements }
    if (measurements.up === false) return { outcome: 'absent', reason: 'stalled', measurements }
    return { outcome: 'unknown', code: 'connecting', message: 'No packet yet.', measurements }
  }

  setExpected(): void {}

  stop(): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  }
}

function monotonic(): number {
  return performance.now() / 1000
}
