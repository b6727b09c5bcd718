import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What process trees and the whole machine used over some seconds, 1 is one core. */
export interface Slice {
  trees: number[]
  machine: number
}

interface Entry {
  pid: number
  parent: number
  /** Clock ticks in this process, and in its children that ended and were waited for. */
  ticks: number
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/**
 * Measures several trees over the same seconds. A tree is given by its roots: these processes and all that they
 * started count. Rejects when a root ends meanwhile.
 */
export async function slice(trees: readonly (readonly number[])[], seconds: number): Promise<Slice> {
  const before = readAll(trees)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const after = readAll(trees)
  const elapsed = after.at - before.at
  const cores = (from: number, to: number) => (to - from) / TICKS_PER_SECOND / elapsed
  return {
    trees: after.ticks.map((ticks, index) => cores(before.ticks[index] ?? 0, ticks)),
    machine: cores(before.machine, after.machine),
  }
}

/** Bytes, proportional set size: pages that processes share count once. */
export function memoryOf(roots: readonly number[]): number {
  return treeOf(allEntries(), roots).reduce((sum, { pid }) => sum + pssOf(pid), 0)
}

function readAll(trees: readonly (readonly number[])[]): { at: number; ticks: number[]; machine: number } {
  const entries = allEntries()
  const ticks = trees.map((roots) => treeOf(entries, roots).reduce((sum, entry) => sum + entry.ticks, 0))
  return { at: performance.now() / 1000, ticks, machine: machineTicks() }
}

function treeOf(entries: readonly Entry[], roots: readonly number[]): Entry[] {
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

function allEntries(): Entry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)))
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

/** `proc(5)`, `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. */
function machineTicks(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number)
  return user + nice + system + irq + softirq + steal
}

function pssOf(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))
    return match === null ? 0 : Number(match[1]) * 1024
  } catch {
    return 0
  }
}
