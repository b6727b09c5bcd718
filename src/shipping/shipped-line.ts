import { fieldsOf, objectIn } from '../connection/legible.ts'

/** A line of the log on its way to an index. */
export interface ShippedLine {
  /** The same however often it is sent: what has it already takes no second one. */
  readonly id: string
  /** The data stream that it belongs into, as `logs-rtmp_hmonitor.events-default`. */
  readonly stream: string
  /** JSON, without the end of the line. */
  readonly text: string
}

/** As Elasticsearch has it for the parts of a data stream's name, and stricter. */
const PART = /^[a-z0-9_.]{1,100}$/

/** What a line of the queue is; null where it is none, because its file was damaged. */
export function shippedLine(text: string): ShippedLine | null {
  const line = objectIn(text)
  const { id } = fieldsOf(line?.event)
  const { type, dataset, namespace } = fieldsOf(line?.data_stream)
  if (typeof id !== 'string' || id === '' || id.length > 512) return null
  const parts = [type, dataset, namespace]
  if (!parts.every((part) => typeof part === 'string' && PART.test(part))) return null
  return { id, stream: parts.join('-'), text }
}
