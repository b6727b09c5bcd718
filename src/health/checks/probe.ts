import { FRESH_INTERVALS } from '../../observation/clock.ts'
import { seconds, truncate } from '../../observation/words.ts'
import type { Check } from '../check.ts'

/**
 * Seconds that a probe may connect before that becomes an issue: 15 s for the analysis of a stream with a long GOP
 *, and as much again as a slow server needs for a second try.
 */
const CONNECTING_PATIENCE = 25

/** Of every kind: the monitor does not know. It is the only issue that not knowing raises. */
export const notMeasured: Check<unknown, unknown> = {
  type: 'notMeasured',
  severity: 'error',
  weight: 0,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: 5 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, history, interval }, limits) {
    if (reading.outcome !== 'unknown') return { value: false }
    const unknownFor = history.unknownFor ?? 0
    const usual = Math.max(limits.window ?? 0, FRESH_INTERVALS * interval)
    const patience = reading.code === 'connecting' ? Math.max(usual, CONNECTING_PATIENCE) : usual
    if (unknownFor < patience) return 'unmeasured'
    return {
      value: true,
      measured: reading.code,
      expected: `a measurement every ${seconds(interval)}`,
      began: unknownFor,
    }
  },
  summary(_finding, { reading, interval }, _limits, lasted) {
    const why = reading.outcome === 'unknown' ? `: ${truncate(reading.message, 300)} (${reading.code})` : ''
    const missing = `Not measured for ${seconds(lasted)} (expected every ${seconds(interval)})`
    return `${missing}${why}`
  },
  remedy: [
    'Treat it as unwatched: look yourself, a stream with a player or on the platform.',
    'Read the reason in the summary: it names what the monitor lacks.',
    'On the host of the monitor, check whether CPU and memory are free and, for a stream, whether ffprobe is there; then deploy again.',
  ],
  text: {
    measures: 'whether the monitor measures at all',
    window: () => 'the time since the first reading that measured nothing',
    raised: (limits) =>
      `nothing measured for ${FRESH_INTERVALS} intervals, but at least ${limits.window} s; ${CONNECTING_PATIENCE} s while the probe is still connecting`,
    cleared: () => 'the first measurement, whatever it says',
    why: 'Not knowing is not well. It weighs nothing, because the score is absent while the state is unknown.',
    blindTo: 'What happens to the target meanwhile: other issues are neither raised nor cleared.',
  },
}
