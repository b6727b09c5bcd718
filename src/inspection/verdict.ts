import { nothingArrives } from '../health/nothing-arrives.ts'
import type { Instant } from '../observation/clock.ts'
import type { Issue } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamParameters } from '../observation/stream.ts'
import { seconds } from '../observation/words.ts'

/** `unknown`: it could not be told. */
export const VERDICTS = ['pass', 'warn', 'fail', 'unknown'] as const
export type VerdictWord = (typeof VERDICTS)[number]

/** What a preflight says of one stream. */
export interface PreflightVerdict {
  verdict: VerdictWord
  /** Why it could not be told, for a person; null where it could. */
  reason: string | null
  /** What was found, the gravest first. */
  issues: Issue[]
  parameters: StreamParameters | null
  measurements: StreamMeasurements | null
}

/** What was seen until the end of a preflight. */
export interface Looked {
  /** At its end. */
  reading: Reading<StreamMeasurements>
  /** Those that are active at its end. */
  issues: readonly Issue[]
  /** What a verdict needs and could not be measured, as `lackingFor` says it. */
  lacking: readonly string[]
  /** Seconds. */
  lookedFor: number
  at: Instant
}

/** Issues that say by what they are that nothing arrives, or that nothing is known. */
const OF_PRESENCE: ReadonlySet<string> = new Set(['streamOffline', 'streamStalled', 'notMeasured'])

/**
 * The verdict: `fail` where nothing arrives or an error was found, else `unknown` where something could not be measured,
 * else `warn` where a warning was found, else `pass`. So `pass` and `warn` say that everything was looked at, while an
 * error is one whatever else there may be. Pure.
 */
export function verdictOn({ reading, issues, lacking, lookedFor, at }: Looked): PreflightVerdict {
  const { measurements } = reading
  const told = (verdict: VerdictWord, found: readonly Issue[], reason: string | null = null): PreflightVerdict => ({
    verdict,
    reason,
    issues: [...found],
    parameters: measurements.parameters,
    measurements,
  })
  if (reading.outcome === 'absent') {
    const others = issues.filter(({ type }) => !OF_PRESENCE.has(type))
    return told('fail', [nothingArrives(reading.reason, reading.message, at), ...others])
  }
  const found = issues.filter(({ type }) => type !== 'notMeasured')
  if (found.some(({ severity }) => severity === 'error')) return told('fail', found)
  if (reading.outcome === 'unknown') return told('unknown', found, reading.message)
  if (lacking.length > 0) {
    const reason = `Within ${seconds(lookedFor)} this could not be measured: ${lacking.join(', ')}. Try again, with more time if you can give it.`
    return told('unknown', found, reason)
  }
  return told(found.some(({ severity }) => severity === 'warning') ? 'warn' : 'pass', found)
}

/** The verdict where the monitor could not even look. @param reason for a person, without secrets */
export function couldNotLook(reason: string): PreflightVerdict {
  return { verdict: 'unknown', reason, issues: [], parameters: null, measurements: null }
}
