import { readdirSync, readFileSync } from 'node:fs'

/** A process that another one started, directly or not. */
export interface ProcessEntry {
  pid: number
  /** Clock ticks since boot: with the pid it tells a process from a later one with the same number. */
  startTime: number
  command: string
}

interface StatEntry extends ProcessEntry {
  parent: number
  session: number
  state: string
}

/** `proc(5)`: after the command in brackets come state, ppid, pgrp, session; the start time is field 22. */
function readEntry(pid: number): StatEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return {
      pid,
      command,
      state: fields[0] ?? '',
      parent: Number(fields[1]),
      session: Number(fields[3]),
      startTime: Number(fields[19]),
    }
  } catch {
    return undefined
  }
}

/**
 * What runs now and was started by process `owner`: its descendants, whatever else is in its session, and of
 * `known`, found earlier, what has not ended. `owner` itself and zombies do not count.
 */
export function processesOf(owner: number, known: ProcessEntry[] = []): ProcessEntry[] {
  const entries = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readEntry(Number(name)))
    .filter((entry) => entry !== undefined && entry.state !== 'Z' && entry.pid !== owner) as StatEntry[]
  const owned = new Set([owner])
  const isKnown = (entry: StatEntry) =>
    known.some(({ pid, startTime }) => pid === entry.pid && startTime === entry.startTime)
  for (let grown = true; grown; ) {
    grown = false
    for (const entry of entries) {
      if (owned.has(entry.pid)) continue
      if (!owned.has(entry.parent) && entry.session !== owner && !isKnown(entry)) continue
      owned.add(entry.pid)
      grown = true
    }
  }
  return entries.filter(({ pid }) => owned.has(pid)).map(({ pid, startTime, command }) => ({ pid, startTime, command }))
}
