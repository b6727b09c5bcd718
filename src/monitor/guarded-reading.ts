import type { Judge, JudgeInput, Verdict } from '../health/judge.ts'
import type { Handover } from '../observation/handover.ts'
import { internalError } from '../observation/internal-errors.ts'
import type { FailureCode, Issue } from '../observation/observation.ts'
import type { Probe, Reading } from '../observation/reading.ts'

/**
 * Seconds by which a turn may come late and still be believed. A runtime that was busy for longer has not read what
 * arrived, and would take its own pause for the stream's; a stream is called stalled after 2 s.
 */
const LATE_AFTER = 1

/**
 * Reads a probe. What cannot be believed, because the probe threw or the runtime was late, is an unknown reading.
 *
 * @param late seconds by which the runtime is late
 * @param last the newest measurements the probe gave
 * @param messageOf the message of an error, without secrets
 */
export function readGuarded<M>(
  probe: Probe<M>,
  late: number,
  last: M,
  handover: Handover<M>,
  messageOf: (error: unknown) => string,
): Reading<M> {
  try {
    const reading = probe.read()
    if (late <= LATE_AFTER || probe.isApart || reading.outcome === 'unknown') return reading
    const message = `The monitor itself was busy for ${late.toFixed(1)} s and could not read what arrived`
    return unknown('late', message, handover.withoutValues(reading.measurements))
  } catch (error) {
    internalError('probe', error)
    return unknown('internal', messageOf(error), handover.withoutNews(handover.withoutValues(last)))
  }
}

/** Judges a reading. A judge that throws knows nothing: the issues stay as they were, and the state is unknown. */
export function judgeGuarded<M>(
  judge: Judge<M>,
  input: JudgeInput<M>,
  issues: readonly Issue[],
  handover: Handover<M>,
  messageOf: (error: unknown) => string,
): { reading: Reading<M>; verdict: Verdict } {
  try {
    return { reading: input.reading, verdict: judge.judge(input) }
  } catch (error) {
    internalError('judge', error)
    const reading = unknown('internal', messageOf(error), handover.withoutValues(input.reading.measurements))
    try {
      return { reading, verdict: judge.judge({ ...input, reading }) }
    } catch {
      const none = { raised: [], superseded: [], cleared: [] }
      return { reading, verdict: { state: 'unknown', score: null, issues: [...issues], ...none } }
    }
  }
}

function unknown<M>(code: FailureCode, message: string, measurements: M): Reading<M> {
  return { outcome: 'unknown', code, message, measurements }
}
