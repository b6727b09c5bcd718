import type { BandwidthMeasurements } from '../../observation/bandwidth.ts'
import { bitrate, hundredths, seconds } from '../../observation/words.ts'
import type { Check, KindRules } from '../check.ts'
import { notMeasured } from './every-kind.ts'
import { BANDWIDTH_RELATIONS, withRelations } from './relations.ts'
import { unusual } from './unusual.ts'

type BandwidthCheck = Check<BandwidthMeasurements, object>

const WAYS = { up: 'upload', down: 'download' } as const

const bandwidthLow: BandwidthCheck = {
  type: 'bandwidthLow',
  severity: 'error',
  weight: 40,
  limits: { enter: 1.3, enterHold: 0, clear: 1.5, clearHold: 0, window: null },
  worse: 'lower',
  warmUp: 'judged',
  resets: [],
  assess({ reading }, limits) {
    const { bytesPerSecond, need } = reading.measurements
    if (reading.outcome !== 'present' || bytesPerSecond === null || need === null || need.bytesPerSecond <= 0) {
      return 'unmeasured'
    }
    const factor = limits.clear ?? limits.enter ?? 1
    return {
      value: bytesPerSecond / need.bytesPerSecond,
      measured: bitrate(bytesPerSecond),
      expected: bitrate(need.bytesPerSecond * factor),
    }
  },
  summary(finding, { reading }, limits) {
    const { direction, need } = reading.measurements
    const streams = need?.streams ?? []
    const who = streams.length > 0 ? streams.join(' and ') : 'what it is for'
    const needs = `${who} ${streams.length > 1 ? 'need' : 'needs'} ${bitrate(need?.bytesPerSecond ?? 0)}`
    return `The ${WAYS[direction]} carries ${finding.measured} (expected ${finding.expected}): ${needs}, and ${hundredths(limits.clear ?? 1)} times that leaves room for other traffic`
  },
  remedy: [
    "Lower the encoder's bitrate until the room is there, and with it the picture size if need be.",
    'Stop what else uses the connection: backups, updates, cloud storage, guests in the Wi-Fi.',
    'Connect the encoder by cable instead of Wi-Fi, and test again with "probe now".',
    'If it stays low while nothing else goes on, ask the internet provider, with the measured number.',
  ],
  text: {
    measures:
      'the throughput of the newest test, as a multiple of what the streams that depend on the connection need: of each the larger of its declared and its measured bitrate, or what the target itself says',
    window: () => 'the newest test, slow start left out',
    raised: (limits) => `${limits.enter} times what is needed, or less`,
    cleared: (limits) => `${limits.clear} times what is needed, or more`,
    why: "NewTek's guide for its streaming encoders calls 1.5 times the stream's bitrate a desirable margin, and Jan Ozer (Calculating Outbound Bandwidth Requirements for Live Events) gives 30 to 100 % of overhead: below 1.3 it begins, at 1.5 it ends.",
    blindTo:
      'What happens between two tests, and to a stream that has not been on air since the monitor began: then nothing is known of its need, unless the target says it.',
  },
}

/** Codes of a reading for which the test server is to blame, or the way to it. */
const FAULTS_OF_SERVER: ReadonlySet<string> = new Set([
  ...['name-not-found', 'refused', 'unreachable', 'timeout', 'tls-invalid', 'wrong-answer'],
])

const bandwidthTestFailed: BandwidthCheck = {
  type: 'bandwidthTestFailed',
  severity: 'warning',
  weight: 0,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    if (reading.outcome !== 'unknown') return { value: false }
    return FAULTS_OF_SERVER.has(reading.code)
      ? { value: true, measured: reading.code, expected: 'a test' }
      : 'unmeasured'
  },
  summary: (finding, { reading }, _limits, lasted) => {
    const why = reading.outcome === 'unknown' ? reading.message : String(finding.measured)
    return `No bandwidth test for ${seconds(lasted)}, the test server cannot be used: ${why}`
  },
  remedy: [
    'Compare the address of the test with that of the server; a token or password in it may have changed.',
    'Check whether the server runs: iperf3 -s, or the other monitor with BANDWIDTH_TOKEN set.',
    'Check whether other targets behind the same connection answer: if none does, the connection itself is down.',
  ],
  text: {
    measures: 'whether the server took part in the newest test',
    window: () => 'the newest test',
    raised: () => 'it refuses, does not answer, answers with an error, or no data goes through',
    cleared: () => 'a test that measured something',
    why: 'The throughput is not known then, so the state is unknown. A stream need not suffer from it: a warning.',
    blindTo: 'Whether the fault lies with the server or with the connection.',
  },
}

/** The table of checks of a connection. A new check is a new row. */
export const BANDWIDTH_CHECKS: readonly BandwidthCheck[] = withRelations(
  [bandwidthLow, bandwidthTestFailed, notMeasured, unusual],
  BANDWIDTH_RELATIONS,
)

export const BANDWIDTH_RULES: KindRules<BandwidthMeasurements, object> = {
  checks: BANDWIDTH_CHECKS,
  tracked: () => ({ counters: {}, signatures: {}, lastSeen: null }),
  warmingUp: () => false,
  resets: {},
}
