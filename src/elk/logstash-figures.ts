import { isRecord } from '../observation/shape.ts'
import { truncate } from '../observation/words.ts'
import type { Json } from './asset.ts'
import { type Access, Server } from './cluster.ts'
import { SetupError } from './setup-error.ts'

/** What Logstash says of one of its pipelines; null where it does not say it. */
export interface PipelineFigures {
  pipeline: string
  /** Lines since its start: taken, worked on, and handed on. */
  in: number | null
  filtered: number | null
  out: number | null
  /** What waits in its queue: lines, bytes, and how many bytes may. */
  queueEvents: number | null
  queueBytes: number | null
  queueLimit: number | null
  /** Lines that were refused for ever: bytes, how many bytes may wait, and how many lines were thrown away since its start. */
  deadBytes: number | null
  deadLimit: number | null
  deadDropped: number | null
  /** Changes of its configuration that it could not take since its start. */
  reloadFailures: number | null
}

/** One Logstash at one moment; `failed`: why it could not be asked, in words. */
export type LogstashFigures = { logstash: string; certificateEnds: number | null } & (
  | { pipelines: readonly PipelineFigures[] }
  | { failed: string }
)

/** Pipelines of one Logstash that are looked at: the stack has three. */
const MOST_PIPELINES = 20

/** Characters of the name of a pipeline. */
const LONGEST_NAME = 100

/**
 * Asks one Logstash by its monitoring API, which answers in JSON alone.
 * https://www.elastic.co/docs/api/doc/logstash/operation/operation-nodestatspipelines
 */
export async function askLogstash(access: Access, signal: AbortSignal): Promise<LogstashFigures> {
  const server = new Server(access, 0, signal)
  const logstash = new URL(access.url).host
  try {
    const { status, json } = await server.ask('/_node/stats/pipelines')
    const { certificateEnds } = server
    if (status !== 200) return { logstash, certificateEnds, failed: `Logstash at ${logstash} answers ${status}` }
    return { logstash, certificateEnds, pipelines: pipelinesIn(json) }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return { logstash, certificateEnds: server.certificateEnds, failed: `Logstash at ${error.message}` }
  }
}

/** What is no number in an answer of another version is left out, and not taken for 0. */
export function pipelinesIn({ pipelines }: Json): PipelineFigures[] {
  if (!isRecord(pipelines)) return []
  return Object.entries(pipelines)
    .slice(0, MOST_PIPELINES)
    .map(([name, value]) => {
      const { events, queue, dead_letter_queue: dead, reloads } = isRecord(value) ? value : {}
      return {
        pipeline: truncate(name, LONGEST_NAME),
        in: numberIn(events, 'in'),
        filtered: numberIn(events, 'filtered'),
        out: numberIn(events, 'out'),
        queueEvents: numberIn(queue, 'events_count'),
        queueBytes: numberIn(queue, 'queue_size_in_bytes'),
        // A queue in memory says 0, which is no bound.
        queueLimit: numberIn(queue, 'max_queue_size_in_bytes') || null,
        deadBytes: numberIn(dead, 'queue_size_in_bytes'),
        deadLimit: numberIn(dead, 'max_queue_size_in_bytes') || null,
        deadDropped: numberIn(dead, 'dropped_events'),
        reloadFailures: numberIn(reloads, 'failures'),
      }
    })
}

function numberIn(value: unknown, key: string): number | null {
  const found = isRecord(value) ? value[key] : undefined
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null
}
