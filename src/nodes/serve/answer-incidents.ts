import { incidentDocument, incidentsDocument, parseIncidentsQuery } from '../../monitor/incidents-document.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { isRecord } from '../../observation/shape.ts'
import type { HttpRequest } from './request.ts'

/** The end of an address that names one incident by its id. */
export const ONE_INCIDENT = /\/incidents\/([0-9a-f]{1,64})$/

interface Asked {
  request: HttpRequest | null
  /** The question, where there is no request. */
  payload: unknown
}

/** An answer, or why there is none. */
export type IncidentsAnswer =
  | { statusCode: 200; body: object }
  | { statusCode: 400 | 404 | 409; code: ErrorCode; message: string }

/** What fires and belongs together, and what has: `?status=open&target=main&from=…&to=…`, or one by its id. */
export async function answerIncidents(state: MonitorState, { request, payload }: Asked): Promise<IncidentsAnswer> {
  try {
    const id = idIn(request, payload)
    const query = request === null ? payload : request.query
    const body =
      id === null ? await incidentsDocument(state, parseIncidentsQuery(query)) : await incidentDocument(state, id)
    return { statusCode: 200, body }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message } = error
    const statusCode = code === 'unknown-incident' ? 404 : code === 'not-in-use' ? 409 : 400
    return { statusCode, code, message: state.secrets.redact(message) }
  }
}

function idIn(request: HttpRequest | null, payload: unknown): string | null {
  if (request === null) return isRecord(payload) && typeof payload.id === 'string' ? payload.id : null
  const path = typeof request.path === 'string' ? request.path.replace(/\/+$/, '') : ''
  return ONE_INCIDENT.exec(path)?.[1] ?? null
}
