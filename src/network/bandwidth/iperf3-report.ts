import { fieldsOf, legible, objectIn } from '../../connection/legible.ts'
import type { TransferFaultKind } from '../../observation/bandwidth.ts'
import { type Sample, type Transfer, throughputOf } from './transfer.ts'

/** What iperf3 (3.1 to 3.18) says goes wrong, in the C locale. The first that fits counts. */
const ERRORS: readonly [RegExp, TransferFaultKind, string][] = [
  [/refused/i, 'refused', 'the server refuses the connection: no iperf3 server listens on that port'],
  [/timed out|timeout/i, 'timeout', 'the server does not answer'],
  [/no route|unreachable/i, 'unreachable', 'there is no route to the server'],
  [/reset|broken pipe|closed/i, 'wrong-answer', 'the server ended the connection during the test'],
]

/** Characters of an error of iperf3's own that are shown. */
const LONGEST_ERROR = 120

/** What `iperf3 --json` reports, of a test that was ended early as well. Pure. */
export function parseIperf3(text: string): Transfer {
  const report = objectIn(text)
  if (report === null) return { outcome: 'failure', code: 'bad-output', message: 'iperf3 reports no JSON' }
  const samples = samplesIn(report.intervals)
  if (samples === null) return { outcome: 'failure', code: 'bad-output', message: 'iperf3 reports no intervals' }
  const throughput = throughputOf(samples)
  if (throughput !== null && throughput.bytesPerSecond > 0) return { outcome: 'measured', samples }
  if (typeof report.error === 'string' && !/client has terminated/.test(report.error)) return faultOf(report.error)
  if (throughput === null && samples.length > 1) {
    const message = 'the data went through too quickly to be measured; allow more megabytes'
    return { outcome: 'failure', code: 'too-short', message }
  }
  return { outcome: 'fault', kind: 'timeout', message: 'no data goes through' }
}

function faultOf(error: string): Transfer {
  if (/busy/i.test(error)) {
    return { outcome: 'failure', code: 'busy', message: 'the iperf3 server is busy with the test of somebody else' }
  }
  const known = ERRORS.find(([pattern]) => pattern.test(error))
  if (known) return { outcome: 'fault', kind: known[1], message: known[2] }
  return { outcome: 'fault', kind: 'wrong-answer', message: `iperf3 says: ${legible(error, LONGEST_ERROR)}` }
}

/** Cumulative, from the beginning of the first interval on. */
function samplesIn(intervals: unknown): Sample[] | null {
  if (!Array.isArray(intervals)) return null
  const samples: Sample[] = []
  let total = 0
  for (const interval of intervals) {
    const { start, end, bytes } = fieldsOf(fieldsOf(interval).sum)
    if (typeof start !== 'number' || typeof end !== 'number' || typeof bytes !== 'number') return null
    if (samples.length === 0) samples.push({ at: start, bytes: 0 })
    total += bytes
    samples.push({ at: end, bytes: total })
  }
  return samples
}
