import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { ThreadedProbe, type ThreadedProbeContext, type ThreadedTarget } from '../../src/threads/threaded-probe.ts'

const TARGET: ThreadedTarget = {
  ...{ name: 'one', interval: 1, url: 'rtmp://127.0.0.1:1/live/one', checks: 'packets', media: 'both' },
  ...{ stallAfter: null, verifyTls: true, stillPicture: 'allowed', reader: 'auto' },
}

export function threadedProbe(target: Partial<ThreadedTarget>, context: Partial<ThreadedProbeContext> = {}) {
  return new ThreadedProbe(
    { ...TARGET, ...target },
    {
      ...{ expand: (text: string) => text, redact: (text: string) => text },
      ...{ onSecretChanged: () => () => {}, ffprobe: '', ...context },
    },
  )
}

/** `present`, `absent stalled`, `unknown connecting` … */
export function saidBy(probe: ThreadedProbe): string {
  const reading = probe.read()
  if (reading.outcome === 'present') return 'present'
  return `${reading.outcome} ${reading.outcome === 'absent' ? reading.reason : reading.code}`
}

/** Packets that a probe had counted before. */
export function countedBefore(packets: number): StreamMeasurements {
  const measurements = threadedProbe({}).read().measurements
  measurements.total.video.packets = packets
  return measurements
}
