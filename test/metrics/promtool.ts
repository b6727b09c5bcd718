import { spawnSync } from 'node:child_process'

/** What `promtool check metrics` has against an exposition; empty when it is clean. */
export function promtoolComplaints(exposition: string): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: exposition,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined) {
    throw new Error('The test needs promtool. Install it: apt-get install prometheus', { cause: error })
  }
  return status === 0 ? `${stdout}${stderr}`.trim() : `promtool ended with ${status}: ${stdout}${stderr}`
}
