import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What a set of processes and all that they started used. */
export interface Cost {
  /** Per second of time, 1 is one core. */
  cores: number
  /** Bytes, proportional set size: pages that processes share count once. */
  pss: number
  /** At the end. */
  processes: number
}

interface Entry {
  pid: number
  parent: number
  /** Clock ticks in this process, and in its children that ended and were waited for. */
  ticks: number
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Measures the processes `roots` and all below them for some seconds. Rejects when one of `roots` ends meanwhile. */
export async function costOf(roots: readonly number[], seconds: number): Promise<Cost> {
  const begin = performance.now()
  const before = treeOf(roots)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const after = treeOf(roots)
  const elapsed = (performance.now() - begin) / 1000
  const pss = after.reduce((sum, { pid }) => sum + pssOf(pid), 0)
  return { cores: (ticksOf(after) - ticksOf(before)) / TICKS_PER_SECOND / elapsed, pss, processes: after.length }
}

function ticksOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { ticks }) => sum + ticks, 0)
}

function treeOf(roots: readonly number[]): Entry[] {
  const entries = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)))
  const pids = new Set(roots)
  for (let size = 0; size !== pids.size; ) {
    size = pids.size
    for (const { pid, parent } of entries) if (pids.has(parent)) pids.add(pid)
  }
  const tree = entries.filter(({ pid }) => pids.has(pid))
  const missing = roots.find((root) => !tree.some(({ pid }) => pid === root))
  if (missing !== undefined) throw new Error(`Process ${missing} ended while it was measured`)
  return tree
}

/** `proc(5)`, `/proc/PID/stat`: field 4 is the parent, 14 to 17 are the clock ticks. A zombie still has its ticks. */
function entryOf(pid: number): Entry[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15)
    return [{ pid, parent: fields[1] ?? 0, ticks: user + system + childrenUser + childrenSystem }]
  } catch {
    return []
  }
}

function pssOf(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))
    return match === null ? 0 : Number(match[1]) * 1024
  } catch {
    return 0
  }
}
