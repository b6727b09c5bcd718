import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Prints what ffprobe prints: its version, its protocols, an inspection, or packet lines of 25 frames and 50 audio
 * packets per second until it is ended. It writes its address into a file named after its process id.
 */
const PROGRAM = `
const { writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const say = (text) => process.stdout.write(text)
if (args.includes('-version')) say('ffprobe version 6.1-fake\\nlibavformat    60. 16.100 / 60. 16.100\\n')
else if (args.includes('-protocols')) say('Supported file protocols:\\nInput:\\n  http\\n  rtmpt\\n  tcp\\nOutput:\\n  rtmp\\n')
else if (args.includes('tcp://localhost:1') || args.includes('-h')) process.exit(1)
else if (args.includes('-show_streams')) {
  say(JSON.stringify({
    streams: [
      { index: 0, codec_type: 'video', codec_name: 'h264', width: 640, height: 360, avg_frame_rate: '25/1', r_frame_rate: '25/1' },
      { index: 1, codec_type: 'audio', codec_name: 'aac', sample_rate: '48000', channels: 2 },
    ],
    format: { format_name: 'flv' },
  }))
} else {
  writeFileSync(__dirname + '/session-' + process.pid, args.at(-1))
  const begin = performance.now()
  let frame = 0
  const printFrame = () => {
    const time = (frame / 25).toFixed(6)
    const half = (frame / 25 + 0.02).toFixed(6)
    const flags = frame % 25 === 0 ? 'K__' : '___'
    say('video,0,' + time + ',' + time + ',4000,' + flags + '\\naudio,1,' + time + ',' + time + ',300,K__\\naudio,1,' + half + ',' + half + ',300,K__\\n')
    frame += 1
  }
  // By the clock: timers of a busy machine come late, and late media would be a fault.
  setInterval(() => {
    while (frame / 25 <= (performance.now() - begin) / 1000) printFrame()
  }, 40)
  process.on('SIGTERM', () => process.exit(0))
  process.stdout.on('error', () => process.exit(0))
}
`

/** A program that can stand for ffprobe, and a server that accepts connections and stays silent. */
export class FakeFfprobe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hmonitor-ffprobe-'))
  readonly path = join(this.#folder, 'ffprobe')
  readonly #server = net.createServer((socket) => socket.on('error', () => socket.destroy()))
  #port = 0

  static async start(): Promise<FakeFfprobe> {
    const fake = new FakeFfprobe()
    writeFileSync(fake.path, `#!${process.execPath}\n${PROGRAM}`)
    chmodSync(fake.path, 0o755)
    fake.#server.listen(0, '127.0.0.1').unref()
    await new Promise((resolve) => fake.#server.once('listening', resolve))
    fake.#port = (fake.#server.address() as net.AddressInfo).port
    return fake
  }

  /** An address at which the session's first look finds somebody, by a protocol that ffprobe alone reads. */
  get server(): string {
    return `rtmpt://127.0.0.1:${this.#port}/live`
  }

  /** Sessions that were ever opened: process id and address. */
  sessions(): { pid: number; url: string }[] {
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith('session-'))
      .map((name) => ({ pid: Number(name.slice(8)), url: readFileSync(join(this.#folder, name), 'utf8') }))
  }

  /** Those that run now. */
  running(): { pid: number; url: string }[] {
    return this.sessions().filter(({ pid }) => existsSync(`/proc/${pid}/cmdline`) && !isZombie(pid))
  }

  stop(): void {
    this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
