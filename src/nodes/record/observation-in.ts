import { MonitorError } from '../../observation/errors.ts'
import { KINDS, type Observation, STATES } from '../../observation/observation.ts'
import { plainCopy } from '../../observation/plain-copy.ts'
import { isRecord, isText } from '../../observation/shape.ts'

/**
 * The observation that a message holds, as a copy, because what comes after this node may change the message. Null
 * where it holds something else: an answer, an event, a command.
 *
 * @throws MonitorError `invalid-message` for what says that it is an observation and is not
 */
export function observationIn(payload: unknown): Observation | null {
  if (typeof payload !== 'object' || payload === null || !('measurements' in payload)) return null
  const observation = payload as Record<keyof Observation, unknown>
  const fault = faultOf(observation)
  if (fault !== null) throw new MonitorError('invalid-message', `This is no observation: ${fault}`)
  return plainCopy(payload) as Observation
}

/** Of what the state and the metrics of every kind are made; measurements are checked where they are read. */
function faultOf(observation: Record<keyof Observation, unknown>): string | null {
  const { kind, target, labels, time, sequence, state, expected, score, measurements, issues } = observation
  if (!KINDS.some((known) => known === kind)) return `kind must be one of ${KINDS.join(', ')}`
  if (typeof target !== 'string' || target === '') return 'target must be a name'
  if (!isRecord(labels) || !Object.values(labels).every(isText)) return 'labels must be an object of texts'
  if (!isText(time) || Number.isNaN(Date.parse(time))) return 'time must be a time in ISO 8601'
  if (!Number.isInteger(sequence)) return 'sequence must be a whole number'
  if (!STATES.some((known) => known === state)) return `state must be one of ${STATES.join(', ')}`
  if (typeof expected !== 'boolean') return 'expected must be true or false'
  if (score !== null && typeof score !== 'number') return 'score must be a number or null'
  if (!isRecord(measurements)) return 'measurements must be an object'
  if (!Array.isArray(issues) || !issues.every((issue) => isRecord(issue) && isText(issue.type))) {
    return 'issues must be a list of issues'
  }
  return null
}
