/**
 * The encoder: a real ffmpeg that publishes, and a device that tells of it what it really does, by Blackmagic's REST API. Its
 * cache is what ffmpeg and the kernel could not send yet. It connects again by itself, as a device does.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { obey } from '../control.ts'

export interface EncoderOptions {
  control: string
  /** ffmpeg's arguments, whole; with another list of them from an order on. */
  args: readonly string[]
  /** It encodes while it sends: what it does not encode in time waits nowhere. */
  encodes: boolean
  /** Bytes of media in a second. */
  bytesPerSecond: number
}

const { control, encodes, bytesPerSecond, ...given } = JSON.parse(process.argv[2] ?? '') as EncoderOptions
let args = given.args

/** Seconds of its stream that the cache of a device holds. */
const CACHE = 60
/** Seconds without progress after which a device gives a connection up. */
const PATIENCE = 12
/** Milliseconds until it tries again. */
const AGAIN = 2000

let wanted = true
let hasBeenOnAir = false
let frozen = false
let child: ChildProcess | null = null
let sent = 0
let total = 0
let onAirSince = 0
/** Seconds since this connection began, which a stopped publisher does not count. */
let connectedAt = 0
let queued = 0
let acked: { at: number; bytes: number }[] = []
let lostAt = 0
let cacheWhenLost = 0
const now = () => performance.now() / 1000

function begin(): void {
  if (!wanted || child !== null) return
  const started = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child = started
  sent = 0
  total = 0
  acked = []
  started.stderr?.on('data', (text: Buffer) => process.stderr.write(text))
  started.stdout?.setEncoding('utf8').on('data', (text: string) => {
    for (const [, time] of text.matchAll(/^out_time_us=(\d+)$/gm)) sent = Number(time) / 1e6
    for (const [, size] of text.matchAll(/^total_size=(\d+)$/gm)) total = Number(size)
    if (sent > 0 && connectedAt === 0) {
      connectedAt = now()
      hasBeenOnAir = true
      onAirSince ||= now()
      lostAt = 0
    }
  })
  started.once('close', () => {
    if (child !== started) return
    lose()
    child = null
    setTimeout(begin, AGAIN)
  })
}

function lose(): void {
  if (lostAt === 0) [lostAt, cacheWhenLost] = [now(), cache()]
  connectedAt = 0
}

/** Seconds of media that wait. */
function waiting(): number {
  if (connectedAt === 0) return lostAt === 0 ? 0 : cacheWhenLost * CACHE + (now() - lostAt)
  const late = encodes || frozen ? 0 : now() - connectedAt - sent
  const queue = queued / bytesPerSecond
  // Half a second of both is how ffmpeg and the kernel go about it.
  return Math.max(0, Math.max(0, late - 0.5) + Math.max(0, queue - 0.5))
}

function cache(): number {
  return Math.min(1, waiting() / CACHE)
}

function status(): string {
  if (!wanted) return 'Idle'
  if (connectedAt > 0) return 'Streaming'
  return hasBeenOnAir ? 'Interrupted' : 'Connecting'
}

function bitrate(): number {
  const [first, last] = [acked[0], acked.at(-1)]
  if (first === undefined || last === undefined || last.at === first.at || connectedAt === 0) return 0
  return Math.round((8 * (last.bytes - first.bytes)) / (last.at - first.at))
}

const run = promisify(execFile)

async function look(): Promise<void> {
  const { stdout } = await run('ss', ['-tinH', 'dport = :1935 or dport = :443']).catch(() => ({ stdout: '' }))
  queued = Number(/^\S+\s+\d+\s+(\d+)/m.exec(stdout)?.[1] ?? 0)
  const bytes = Number(/bytes_acked:(\d+)/.exec(stdout)?.[1] ?? 0)
  const before = acked.at(-1)
  if (before !== undefined && bytes < before.bytes) acked = []
  acked = [...acked, { at: now(), bytes }].filter(({ at }) => now() - at <= 4)
  const progressed = acked.length < 2 || bytes > (acked[0]?.bytes ?? 0)
  if (progressed || connectedAt === 0) stuckSince = now()
  if (!frozen && now() - stuckSince > PATIENCE) child?.kill('SIGKILL')
}
let stuckSince = now()
setInterval(() => void look(), 500)

function end(signal: NodeJS.Signals): void {
  const ended = child
  child = null
  lostAt = 0
  connectedAt = 0
  ended?.kill(signal)
}

obey(control, {
  /** Somebody stops the stream on the device. */
  stop: () => {
    wanted = false
    end('SIGINT')
  },
  start: () => {
    wanted = true
    begin()
  },
  /** The publisher hangs while the device goes on telling. */
  freeze: () => {
    frozen = true
    child?.kill('SIGSTOP')
  },
  resume: () => {
    frozen = false
    child?.kill('SIGCONT')
  },
  /** Its publisher crashes, and comes back as a device's does. */
  crash: () => child?.kill('SIGKILL'),
  /** Publishes otherwise from now on; with another connection. */
  publish: (text) => {
    args = JSON.parse(text) as string[]
    child?.kill('SIGKILL')
  },
  sent: () => sent,
  pid: () => child?.pid,
})

createServer((asked, response) => {
  const path = (asked.url ?? '').replace('/control/api/v1', '')
  const onAir = wanted && onAirSince > 0
  const bodies: Record<string, unknown> = {
    '/livestreams/0': {
      status: status(),
      bitrate: bitrate(),
      effectiveVideoFormat: '360p30',
      ...(onAir && { duration: Math.floor(now() - onAirSince), cache: Math.round(100 * cache()) }),
    },
    '/system/product': { deviceName: 'Laboratory', productName: 'Simulated encoder', softwareVersion: '3.5' },
    '/system': { videoFormat: { name: '360p30', frameRate: '30', height: 360, width: 640, interlaced: false } },
  }
  const body = bodies[path]
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? {}))
}).listen(80, '0.0.0.0', () => {
  begin()
  console.log('ready', total)
})
