import { readFileSync } from 'node:fs'

/**
 * Whether a process is stopped: by SIGSTOP, by job control or by a debugger. False where it is gone, and where the
 * system does not say (only Linux does; proc_pid_stat(5), field 3).
 */
export function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before it stands in parentheses and may hold anything.
    return /^[Tt]$/.test(stat.charAt(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
