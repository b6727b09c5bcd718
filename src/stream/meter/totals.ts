import type { StreamMeasurements } from '../../observation/stream.ts'

type Totals = StreamMeasurements['total']

const NOTHING: Totals = {
  video: { packets: 0, bytes: 0 },
  audio: { packets: 0, bytes: 0 },
  keyframes: 0,
  publisherRestarts: 0,
  sessions: {
    refused: 0,
    unreachable: 0,
    'not-found': 0,
    timeout: 0,
    ended: 0,
    killed: 0,
    crashed: 0,
    'bad-output': 0,
    'out-of-memory': 0,
    'no-resources': 0,
    'dns-failed': 0,
  },
  timestampFaults: { regression: 0, jump: 0, gap: 0 },
}

export function copyTotals(totals: Totals = NOTHING): Totals {
  return {
    ...totals,
    video: { ...totals.video },
    audio: { ...totals.audio },
    sessions: { ...totals.sessions },
    timestampFaults: { ...totals.timestampFaults },
  }
}
