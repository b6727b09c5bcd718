import { closeSync, openSync, readSync } from 'node:fs'
import { guarded } from '../observation/internal-errors.ts'

/** MB that a program may hold, resident. Over it, it is ended. */
export type MemoryPurpose = 'packets' | 'inspection' | 'keyframes' | 'all-pictures' | 'small'

/**
 * MB by what a program is for. FFmpeg's programs hold back what they analyse, up to 100 MB (`ANALYSIS_SIZE`), besides
 * what they need themselves, measured with FFmpeg 5.1.9 and 2160p60 of 40 Mb/s: ffprobe 100 MB; ffmpeg for key frames of
 * 10-bit HEVC 160 MB; for all its pictures, by 4 threads and with 5 reference frames, 550 MB, and each of up to 11 more
 * reference frames takes 25 MB.
 */
export const MEMORY_LIMITS: Readonly<Record<MemoryPurpose, number>> = {
  packets: 300,
  inspection: 300,
  keyframes: 500,
  'all-pictures': 1200,
  // ping, iperf3: a few MB.
  small: 100,
}

/**
 * Milliseconds between looks at what holds much, a third of its limit, and at what holds less. The fastest growth that
 * was seen is 400 MB a second (a playlist that names ten of itself).
 */
const PERIOD = 100
const QUIET_PERIOD = 500

/** Bytes. Of every Linux that Node.js 22 runs on but 64-bit Arm with large pages, where this errs to the early side. */
const PAGE = 4096
const MB = 1024 * 1024

/** Descendants that are counted: what is called ffprobe may be a script that starts it. */
const MOST_DESCENDANTS = 16
/** Looks in which a program has had no descendants, after which they are looked for only in every `SELDOM`th one. */
const SETTLED = 5
const SELDOM = 5

/** A program was found over its limit. MB. */
export interface MemoryOver {
  held: number
  limit: number
}

export interface MemoryWatch {
  /** Null as long as it was not. */
  readonly over: MemoryOver | null
  stop(): void
}

interface Watched {
  pid: number
  limit: number
  over: MemoryOver | null
  /** Looks that are left out until the next one. */
  pause: number
  /** Looks since one in which it had a descendant. */
  alone: number
  end(): void
}

/** One timer looks at all; it runs while there is one. */
const watched = new Set<Watched>()
let timer: NodeJS.Timeout | null = null

/**
 * Looks how much memory a process and its descendants hold, and calls `end` once when that is over `limit` MB. Only
 * Linux tells (proc_pid_statm(5)); elsewhere nothing is watched.
 */
export function watchMemory(pid: number, limit: number, end: () => void): MemoryWatch {
  const one: Watched = { pid, limit, over: null, pause: 0, alone: 0, end }
  watched.add(one)
  timer ??= setInterval(guarded('memory of programs', look), PERIOD).unref()
  return {
    get over() {
      return one.over
    },
    stop() {
      watched.delete(one)
      if (watched.size > 0 || timer === null) return
      clearInterval(timer)
      timer = null
    },
  }
}

function look(): void {
  for (const one of watched) {
    if (one.over !== null) continue
    if (one.pause > 0) {
      one.pause--
      continue
    }
    const held = heldBy(one)
    if (held <= one.limit) {
      one.pause = held < one.limit / 3 ? QUIET_PERIOD / PERIOD - 1 : 0
      continue
    }
    // Up: what is told has to be more than the limit that it is told with.
    one.over = { held: Math.ceil(held), limit: one.limit }
    // One that cannot be ended keeps nobody from looking at the next.
    guarded('memory of programs', one.end)()
  }
}

function heldBy(one: Watched): number {
  const isSettled = one.alone >= SETTLED && one.alone % SELDOM !== 0
  const pids = isSettled ? [one.pid] : familyOf(one.pid)
  one.alone = pids.length > 1 ? 0 : one.alone + 1
  return residentOf(pids)
}

/** MB, with all descendants; 0 where the process is gone or the system does not say. */
export function memoryOf(pid: number): number {
  return residentOf(familyOf(pid))
}

function residentOf(pids: readonly number[]): number {
  let pages = 0
  for (const pid of pids) pages += numbersIn(`/proc/${pid}/statm`)[1] ?? 0
  return (pages * PAGE) / MB
}

/** A process and its descendants; it alone where the system does not say. */
export function familyOf(pid: number): number[] {
  const pids = [pid]
  for (let at = 0; at < pids.length; at++) {
    const process = pids[at] as number
    pids.push(...numbersIn(`/proc/${process}/task/${process}/children`).slice(0, MOST_DESCENDANTS - pids.length))
  }
  return pids
}

/** Longer than what is read of either file: seven numbers, or the children that are counted. */
const text = Buffer.alloc(256)

/** By hand, because `readFileSync` takes twice as long, and there are two files of each program and look. */
function numbersIn(file: string): number[] {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const length = readSync(descriptor, text)
    return text.toString('latin1', 0, length).trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
