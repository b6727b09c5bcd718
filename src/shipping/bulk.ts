import { fieldsOf, legible, objectIn } from '../connection/legible.ts'
import { isRecord } from '../observation/shape.ts'
import { type Destination, ShippingError, type Verdict } from './destination.ts'
import type { Hosts } from './hosts.ts'

/** What is asked for of the answer: enough to judge each line. */
const ANSWER = 'errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.failure_store'

/** Characters of a reason that are kept. */
const LONGEST_REASON = 500

/**
 * The bulk interface of Elasticsearch and OpenSearch. Each line is created under its own id in its data stream, so that one
 * which is sent twice is there once: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
export function bulk(hosts: Hosts): Destination {
  return {
    async send(lines, signal) {
      const body = lines.map(
        ({ stream, id, text }) => `${JSON.stringify({ create: { _index: stream, _id: id } })}\n${text}\n`,
      )
      const type = 'application/x-ndjson'
      const { body: answer, status } = await hosts.post(bulkAddress, { type, body: body.join('') }, signal)
      const verdicts = bulkVerdicts(answer)
      if (verdicts?.length === lines.length) return verdicts
      throw new ShippingError(
        'later',
        'the answer is none of Elasticsearch or OpenSearch: is the address right?',
        status,
      )
    },
    certificateEnds: () => hosts.certificateEnds,
  }
}

function bulkAddress(url: string): string {
  const address = new URL(url)
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/_bulk`
  address.search = `?filter_path=${ANSWER}`
  address.hash = ''
  return address.href
}

/** What became of each line, by an answer that may be 200 and tell of failures all the same. Null where it is none. */
function bulkVerdicts(answer: string): Verdict[] | null {
  const items = objectIn(answer)?.items
  if (!Array.isArray(items)) return null
  const results = items.map((item) => fieldsOf(item).create)
  return results.every(isRecord) ? results.map(verdictOf) : null
}

function verdictOf({ status: given, error, failure_store }: Record<string, unknown>): Verdict {
  const status = typeof given === 'number' ? given : 0
  if (status >= 200 && status <= 299) return { is: failure_store === 'used' ? 'failure-store' : 'shipped' }
  // Of these ids it has one already: they were taken, and the answer did not arrive.
  if (status === 409) return { is: 'duplicate' }
  const { type, reason } = fieldsOf(error)
  const why = legible(`${status} ${String(type ?? '')}: ${String(reason ?? '')}`, LONGEST_REASON)
  return { is: status === 400 && !isOfCluster(String(type), String(reason)) ? 'rejected' : 'again', status, why }
}

/** 400 is said of a line, but also where the cluster may make no more shards, or a pipeline that its template names is missing. */
function isOfCluster(type: string, reason: string): boolean {
  return type === 'validation_exception' || (type === 'illegal_argument_exception' && /^pipeline with id/.test(reason))
}
