import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { readMode } from '../../alerts/mode.ts'
import { LONGEST_BODY, parseWebhook, WEBHOOK_NOT_IN_USE } from '../../alerts/webhook.ts'
import { Inspections, parseInspectQuery, statusCodeOf } from '../../inspection/inspections.ts'
import { Commands } from '../../monitor/commands.ts'
import { healthOf } from '../../monitor/health-of.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { parseStatusQuery } from '../../monitor/status.ts'
import { statusOf } from '../../monitor/status-of.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { kindsOf } from '../../observation/kind.ts'
import { plainCopy } from '../../observation/plain-copy.ts'
import { isRecord } from '../../observation/shape.ts'
import { Pictures, parsePictureQuery, pictureHeaders, pictureStatusOf } from '../../pictures/pictures.ts'
import { interruptionsCsv } from '../../report/csv.ts'
import { reportHtml } from '../../report/html.ts'
import type { Report } from '../../report/report.ts'
import { parseReportQuery, type ReportQuery, reportStatusOf } from '../../report/report-query.ts'
import { Reports } from '../../report/reports.ts'
import { answerHistory, answerTimeline, type HistoryAnswer } from './answer-history.ts'
import { answerIncidents, type IncidentsAnswer } from './answer-incidents.ts'
import { acceptsGzip, type HttpRequest, header } from './request.ts'

export const ANSWERS = [
  'metrics',
  'health',
  'status',
  'inspect',
  'picture',
  'report',
  'history',
  'timeline',
  'incidents',
  'alerts',
  'command',
  'view',
  'sd',
  'peer',
] as const
export type AnswerName = (typeof ANSWERS)[number]
/** What a monitor answers alone. */
export type LocalAnswerName = Exclude<AnswerName, 'view' | 'sd' | 'peer'>

/** What the dialog saves. */
export interface ServeFields {
  monitor?: unknown
  /** An `AnswerName`, or `auto`: by what the address ends in. */
  what?: unknown
  /** Of which page of the dashboard, where `what` is `view` and the message does not say it. */
  page?: unknown
}

/** What an `http response` node sends. */
export interface Answer {
  statusCode: number
  headers: Record<string, string>
  /** An object only for a flow that has asked for one. */
  payload: string | Buffer | object
  /** What goes on to an alert node; absent where nothing does. */
  alerts?: unknown
}

/** Bytes of a metrics page from which it is compressed for who takes that. */
const WORTH_COMPRESSING = 1024

/** Fast: a page of 52 000 series is made anew each second. */
const COMPRESSION = { level: constants.Z_BEST_SPEED }

/** What was asked. */
export interface Asked {
  request: HttpRequest | null
  /** The page of the dashboard that the dialog names. */
  page?: unknown
  /** Whether the flows run. */
  isStarted: boolean
  /** What the message brings beside the request. */
  payload: unknown
  /** Aborted when the node closes. */
  signal: AbortSignal
}

export const ANSWER_WITH: Readonly<
  Record<LocalAnswerName, (state: MonitorState, asked: Asked) => Answer | Promise<Answer>>
> = {
  metrics: answerMetrics,
  health: answerHealth,
  status: answerStatus,
  inspect: answerInspect,
  picture: answerPicture,
  history: async (state, asked) => pastAnswer(await answerHistory(state, asked)),
  timeline: async (state, asked) => pastAnswer(await answerTimeline(state, asked)),
  incidents: async (state, asked) => pastAnswer(await answerIncidents(state, asked)),
  report: answerReport,
  alerts: answerAlerts,
  command: answerCommand,
}

/**
 * What every answer has: it is data, which no browser may show as a page, run, frame, guess at or keep (OWASP, REST
 * Security Cheat Sheet, *Security headers*).
 */
const API_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** JSON as text: of an object, `http response` makes JSONP, which other pages can read. */
export function json(statusCode: number, body: object): Answer {
  return {
    statusCode,
    headers: { ...API_HEADERS, 'content-type': 'application/json; charset=utf-8' },
    payload: `${JSON.stringify(body)}\n`,
  }
}

/** Why a request is refused, beside what may be wrong with what it asks for. */
type Refusal = 'unauthorized' | 'not-found' | 'forbidden' | 'unknown-host' | 'unsupported-type'

export function problem(statusCode: number, code: ErrorCode | Refusal, message: string): Answer {
  return json(statusCode, { error: { code, message } })
}

async function answerMetrics(state: MonitorState, { request }: Asked): Promise<Answer> {
  const { contentType, body } = await state.metrics.exposition(header(request, 'accept'))
  const headers = { ...API_HEADERS, 'content-type': contentType, vary: 'Accept, Accept-Encoding' }
  if (body.length < WORTH_COMPRESSING || !acceptsGzip(request)) return { statusCode: 200, headers, payload: body }
  return { statusCode: 200, headers: { ...headers, 'content-encoding': 'gzip' }, payload: await compress(body) }
}

/** What bodies become that are being sent: scrapes that came together have the same one. */
const COMPRESSED = new WeakMap<Buffer, Promise<Buffer>>()

/** In a thread of libuv's, not in this one. */
function compress(body: Buffer): Promise<Buffer> {
  const known = COMPRESSED.get(body)
  if (known !== undefined) return known
  const compressed = promisify(gzip)(body, COMPRESSION)
  COMPRESSED.set(body, compressed)
  return compressed
}

function answerHealth(state: MonitorState, { isStarted }: Asked): Answer {
  const { status, body } = healthOf(state, isStarted)
  return json(status, body)
}

function answerStatus(state: MonitorState, { request, payload }: Asked): Answer {
  try {
    const query = parseStatusQuery(request?.query, kindsOf(state.kinds))
    const unknown = query.targets?.find((name) => !state.directory.list().some((entry) => entry.name === name))
    if (unknown !== undefined) return problem(404, 'unknown-target', 'No target of that name is watched')
    const status = statusOf(state, query)
    if (request === null && isRecord(payload) && payload.as === 'object') {
      // A copy: what a flow does to it must not reach what goes on being measured.
      return { statusCode: 200, headers: {}, payload: plainCopy(status) }
    }
    return json(200, status)
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}

/** Only streams that are watched: who may ask must not be able to make the monitor connect to wherever he likes. */
async function answerInspect(state: MonitorState, { request, payload, signal }: Asked): Promise<Answer> {
  try {
    const { target, profile } = parseInspectQuery(request === null ? payload : request.query)
    const entry = state.directory.get('stream', target)
    if (entry === undefined) return problem(404, 'unknown-target', 'No stream of that name is watched')
    const inspect = state.part(Inspections).by(entry.owner)
    if (inspect === undefined) return problem(503, 'busy', 'The node that watches it is just being deployed; try again')
    const answer = await inspect(target, profile, signal)
    return json(statusCodeOf(answer), answer)
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}

/** Only what is watched, by its whole name; of a message without a request by its `target`, as of a query. */
async function answerPicture(state: MonitorState, { request, payload }: Asked): Promise<Answer> {
  try {
    const picture = await state.part(Pictures).of(parsePictureQuery(request === null ? payload : request.query))
    return { statusCode: 200, headers: { ...API_HEADERS, ...pictureHeaders(picture) }, payload: picture.jpeg }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message } = error
    return problem(pictureStatusOf(code), code, state.secrets.redact(message))
  }
}

function pastAnswer(answer: HistoryAnswer | IncidentsAnswer): Answer {
  if (answer.statusCode === 200) return json(200, answer.body)
  return problem(answer.statusCode, answer.code, answer.message)
}

/** Of a watched stream; of a message without a request by what it says, as of a query. */
async function answerReport(state: MonitorState, { request, payload, signal }: Asked): Promise<Answer> {
  try {
    const query = parseReportQuery(request === null ? payload : request.query, state.language)
    return reportAnswer(await state.part(Reports).make(query, signal), query)
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message } = error
    return problem(reportStatusOf(code), code, state.secrets.redact(message))
  }
}

/** A page that a browser shows: it may have its own style and pictures, and nothing else. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"

function reportAnswer(report: Report, { format, language }: ReportQuery): Answer {
  if (format === 'json') return json(200, report)
  const isPage = format === 'html'
  return {
    statusCode: 200,
    headers: {
      ...API_HEADERS,
      ...(isPage && { 'content-security-policy': PAGE_POLICY }),
      'content-type': isPage ? 'text/html; charset=utf-8' : 'text/csv; charset=utf-8',
    },
    payload: isPage ? reportHtml(report, language) : interruptionsCsv(report),
  }
}

/** A command to whichever node of the monitor it concerns: *expect*, what a person says of an alert, a change of targets. */
async function answerCommand(state: MonitorState, { payload, signal }: Asked): Promise<Answer> {
  try {
    const answered = state.part(Commands).ask(payload, signal)
    if (answered !== null) return json(200, await answered)
    state.part(Commands).give(payload)
    const notice = noticeOf(state, payload)
    return json(200, { done: true, ...(notice !== null && { notice }) })
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}

/** What follows from a command that whoever gave it may not think of; null: nothing. */
export function noticeOf({ newest }: MonitorState, payload: unknown): string | null {
  if (!isRecord(payload) || payload.action !== 'expect' || payload.expected !== false) return null
  if (payload.kind !== 'stream' || typeof payload.name !== 'string') return null
  const state = newest.get('stream', payload.name)?.observation.state
  if (state !== 'ok' && state !== 'degraded') return null
  return 'Media still arrives. Nobody is told if it stops now. "expected": true takes it back'
}

/** Milliseconds between two webhooks. */
const WEBHOOK_SPACING = 20

let webhookTurns: Promise<void> = Promise.resolve()

/** One webhook at a time: of many with a thousand alerts each, every one lets other requests in before the next. */
function webhookTurn(): Promise<void> {
  const turn = webhookTurns
  webhookTurns = turn.then(() => sleep(WEBHOOK_SPACING))
  return turn
}

/** Takes Alertmanager's webhook, where one is used and it is one, and passes it on as it came. */
async function answerAlerts(_state: MonitorState, { request, payload }: Asked): Promise<Answer> {
  if (Number(header(request, 'content-length')) > LONGEST_BODY) {
    return problem(413, 'invalid-message', `The body is longer than ${LONGEST_BODY} bytes`)
  }
  try {
    if (readMode(process.env).mode === 'none') return problem(409, 'not-in-use', WEBHOOK_NOT_IN_USE)
  } catch (error) {
    if (error instanceof MonitorError) return problem(503, error.code, error.message)
    throw error
  }
  await webhookTurn()
  try {
    const { length } = parseWebhook(payload)
    return { ...json(200, { taken: length }), alerts: payload }
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}
