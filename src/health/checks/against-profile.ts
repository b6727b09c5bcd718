import type { StreamMeasurements, StreamParameters } from '../../observation/stream.ts'
import type { Assessment, Finding, Limits } from '../check.ts'
import type { ProfileLimits } from '../profile.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

type Limit<K extends keyof ProfileLimits> = NonNullable<ProfileLimits[K]>

/** Holds a stream against one limit of its profile; nothing is judged where there is no profile or no such limit. */
export function againstLimit<K extends keyof ProfileLimits>(
  name: K,
  judged: (limit: Limit<K>, measurements: StreamMeasurements, context: StreamContext, limits: Limits) => Assessment,
): StreamCheck['assess'] {
  return (context, limits) => {
    const limit = context.options.profile?.limits[name]
    if (limit == null) return 'not-judged'
    if (context.reading.outcome !== 'present') return 'unmeasured'
    return judged(limit, context.reading.measurements, context, limits)
  }
}

/** How a message names the platform. */
export function platformOf({ options }: StreamContext): string {
  return options.profile?.title ?? 'the platform'
}

/** What a parameter is and what it should be. */
export interface Parameter {
  fault: boolean
  measured: string | number
  expected: string | number
}

interface ParameterRow<K extends keyof ProfileLimits> {
  type: string
  unit?: string
  severity: StreamCheck['severity']
  weight: number
  limit: K
  judged(limit: Limit<K>, parameters: StreamParameters, context: StreamContext): Parameter | 'unmeasured' | 'not-judged'
  /** The sentence up to the comma: `The video codec is vp9`. */
  says(finding: Finding): string
  /** What the platform does with what is expected. */
  verb?: 'accepts' | 'prefers'
  remedy: readonly string[]
  text: { measures: string; raised: string; why: string; blindTo: string }
}

/** A row about what the stream says of itself: one inspection decides, so nothing need be held. */
export function parameterCheck<K extends keyof ProfileLimits>(row: ParameterRow<K>): StreamCheck {
  const { text } = row
  return {
    type: row.type,
    ...(row.unit !== undefined && { unit: row.unit }),
    severity: row.severity,
    weight: row.weight,
    limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    needs: 'profile',
    assess: againstLimit(row.limit, (limit, { parameters }, context) => {
      const parameter = parameters === null ? 'unmeasured' : row.judged(limit, parameters, context)
      if (typeof parameter === 'string') return parameter
      return { value: parameter.fault, measured: parameter.measured, expected: parameter.expected }
    }),
    summary: (finding, context) =>
      `${row.says(finding)} (${platformOf(context)} ${row.verb ?? 'accepts'} ${finding.expected})`,
    remedy: row.remedy,
    text: {
      measures: text.measures,
      window: () =>
        'the newest inspection of the stream, which lasts until its next key frame, and of MPEG-TS (SRT, HTTP) 15 s',
      raised: () => text.raised,
      cleared: () => 'not so any more',
      why: text.why,
      blindTo: text.blindTo,
    },
  }
}
