import type { Content, ContentFault } from '../../observation/content.ts'
import type { Assessment, Finding } from '../check.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

/** What content checks see now; null while nothing is known. */
export function contentOf({ reading }: StreamContext): Content | null {
  return reading.outcome === 'present' ? reading.measurements.content : null
}

/** Seconds for which a fault goes on, as far as was looked. */
export function lasting(content: Content, fault: ContentFault): number {
  return content.spans[fault]?.duration ?? 0
}

/** A fault that goes on is as old as its span, and what has been looked at since. */
export function goingOn(content: Content, duration: number, expected: string): Finding {
  return {
    value: duration,
    measured: Math.round(duration * 10) / 10,
    expected,
    began: duration + (content.age ?? 0),
    lasts: true,
  }
}

interface SpanRow extends Pick<StreamCheck, 'type' | 'severity' | 'weight' | 'remedy'> {
  /** Seconds that it must last. */
  after: number
  assess(content: Content, context: StreamContext): Assessment
  says(finding: Finding, context: StreamContext): string
  measures: string
  raised: string
  cleared: string
  /** Where it is seen later than it begins: by how much. */
  late?: string
  why: string
  blindTo: string
}

/** Of what pictures show, where key frames alone are looked at (`content`, `auto`). */
export const BY_KEYFRAMES =
  'where key frames alone are looked at, it is seen up to one key frame interval late, and two more where there are B-frames'

/** A row about a stretch of media that is faulty throughout. */
export function spanCheck(row: SpanRow): StreamCheck {
  return {
    type: row.type,
    unit: 's',
    severity: row.severity,
    weight: row.weight,
    limits: { enter: row.after, enterHold: 0, clear: null, clearHold: 2, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: ['publisher restart', 'new session'],
    needs: 'content',
    assess(context) {
      const content = contentOf(context)
      return content === null ? 'unmeasured' : row.assess(content, context)
    },
    summary: row.says,
    remedy: row.remedy,
    text: {
      measures: row.measures,
      window: () =>
        `the stretch that goes on now, in the time of the stream${row.late === undefined ? '' : `; ${row.late}`}`,
      raised: (limits) => `${row.raised} for ${limits.enter} s`,
      cleared: () => row.cleared,
      why: row.why,
      blindTo: `${row.blindTo} What lies between two looks is not seen.`,
    },
  }
}

/** One of the faults that content checks tell by themselves. */
export function plainSpan(fault: ContentFault, expected: string): SpanRow['assess'] {
  return (content) => {
    const now = content[fault]
    if (now === null) return 'unmeasured'
    return now ? goingOn(content, lasting(content, fault), expected) : { value: false }
  }
}

interface UnnoticedRow extends Pick<StreamCheck, 'type' | 'limits' | 'summary' | 'remedy'> {
  /** The only medium of streams that are not judged. */
  unless: 'video' | 'audio'
  /** Seconds of media without anything that could be judged, and the most that are usual. */
  assess(content: Content, enter: number): { unnoticed: number; usual: number; isKnown: boolean }
  measures: string
  raised: string
  cleared: string
  why: string
  blindTo: string
}

/** A row about content that is to be looked at and cannot be: what is not known must not count as well. */
export function unnoticedCheck(row: UnnoticedRow): StreamCheck {
  return {
    type: row.type,
    unit: 's',
    severity: 'warning',
    weight: 10,
    limits: row.limits,
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    needs: 'content',
    assess(context, limits) {
      if (context.options.media === row.unless) return 'not-judged'
      const content = contentOf(context)
      if (content === null) return 'unmeasured'
      const { unnoticed, usual, isKnown } = row.assess(content, limits.enter ?? 0)
      if (unnoticed < usual) return isKnown ? { value: false } : 'unmeasured'
      return { value: unnoticed, measured: Math.round(unnoticed), expected: `at most ${Math.round(usual)}` }
    },
    summary: row.summary,
    remedy: row.remedy,
    text: {
      measures: row.measures,
      window: () => 'the time of the stream since then; between two looks (`auto`) nothing is counted',
      raised: () => row.raised,
      cleared: () => row.cleared,
      why: row.why,
      blindTo: row.blindTo,
    },
  }
}
