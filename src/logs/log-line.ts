import { truncate } from '../observation/words.ts'
import type { EcsEvent, LogRecord } from './log-record.ts'

/** Where a line stands in its file. */
export interface LinePlace {
  /** Made at random when the file was opened, because the sequence begins again then. */
  opening: string
  /** From 1: it tells the order, and that one is missing. */
  sequence: number
}

/** A record with what it gets by being written: what makes it the same line wherever it is shipped, and how often. */
export interface LogLine extends Omit<LogRecord, 'event'> {
  event: EcsEvent & { module: 'rtmp_hmonitor'; id: string; sequence: number }
  /** The data stream of an index that the line belongs into. */
  data_stream: { type: 'logs'; dataset: EcsEvent['dataset']; namespace: 'default' }
}

/** Bounds of what one line holds of a message, because a message may come from anywhere. */
export const LONGEST_TEXT = 2_000
export const MOST_ITEMS = 20
export const MOST_LABELS = 50
const LONGEST_LABEL = 100

/**
 * The line of a record, with its end. Each text is redacted by itself, because within JSON a secret may be written in
 * another way, and what is cut out there may be what keeps it JSON.
 *
 * @param redact takes secrets out of a text
 */
export function logLine(record: LogRecord, { opening, sequence }: LinePlace, redact: (text: string) => string): string {
  const shown = Object.entries(record.labels ?? {})
    .filter(([, value]) => typeof value === 'string')
    .slice(0, MOST_LABELS)
    // A dot would make a level of its own in an index: ECS asks for names without.
    .map(([name, value]) => [truncate(redact(name), LONGEST_LABEL).replaceAll('.', '_'), value] as const)
  const labels = shown.length === 0 ? undefined : Object.fromEntries(shown)
  const { labels: _, ...unlabelled } = record
  const whole: LogLine = {
    ...unlabelled,
    event: { ...record.event, module: 'rtmp_hmonitor', id: `${opening}-${sequence}`, sequence },
    data_stream: { type: 'logs', dataset: record.event.dataset, namespace: 'default' },
    ...(labels !== undefined && { labels }),
  }
  return `${JSON.stringify(whole, (_name, value: unknown) => bounded(value, redact))}\n`
}

function bounded(value: unknown, redact: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS)
  if (typeof value !== 'string') return value
  // Cut twice: what is searched is bounded, and a secret across the first cut is not within the second.
  return truncate(redact(value.slice(0, 2 * LONGEST_TEXT)), LONGEST_TEXT)
}
