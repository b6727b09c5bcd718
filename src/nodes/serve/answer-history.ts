import { historyDocument, MOST_POINTS } from '../../monitor/history-document.ts'
import { type HistoryQuery, parseHistoryQuery } from '../../monitor/history-query.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { MOST_TIMELINE_POINTS, timelineDocument } from '../../monitor/timeline.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { kindsOf } from '../../observation/kind.ts'
import type { HttpRequest } from './request.ts'

/** An answer, or why there is none. */
export type HistoryAnswer =
  | { statusCode: 200; body: object }
  | { statusCode: 400 | 404 | 503; code: ErrorCode; message: string }

interface Asked {
  request: HttpRequest | null
  /** The question, where there is no request. */
  payload: unknown
}

/** What one target was: `?target=main&measure=drift&from=…&to=…&step=60`. */
export function answerHistory(state: MonitorState, asked: Asked): Promise<HistoryAnswer> {
  return answered(state, asked, MOST_POINTS, historyDocument)
}

/** What one target and all that it needs were: `?target=main&from=…&to=…`. */
export function answerTimeline(state: MonitorState, asked: Asked): Promise<HistoryAnswer> {
  return answered(state, asked, MOST_TIMELINE_POINTS, timelineDocument)
}

async function answered(
  state: MonitorState,
  { request, payload }: Asked,
  mostPoints: number,
  make: (state: MonitorState, query: HistoryQuery) => Promise<object>,
): Promise<HistoryAnswer> {
  try {
    const asked = request === null ? payload : request.query
    const query = parseHistoryQuery(asked, kindsOf(state.kinds), state.clock.wall(), mostPoints)
    return { statusCode: 200, body: await make(state, query) }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message } = error
    const statusCode = code === 'unknown-target' ? 404 : code === 'no-history' ? 503 : 400
    return { statusCode, code, message: state.secrets.redact(message) }
  }
}
