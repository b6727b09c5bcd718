import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { packageVersion } from '../../metrics/package-version.ts'
import type { DirectoryEntry } from '../../monitor/directory.ts'
import { type HealthInput, healthReport, PROGRAM_CODES } from '../../monitor/health-report.ts'
import { parseInspectQuery, statusCodeOf } from '../../monitor/inspections.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { parseStatusQuery, statusDocument } from '../../monitor/status.ts'
import { now } from '../../observation/clock.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { acceptsGzip, type HttpRequest, header } from './request.ts'
import type { AnswerName } from './serve.types.ts'

/** What an `http response` node sends. */
export interface Answer {
  statusCode: number
  headers: Record<string, string>
  payload: string | Buffer
}

/** Characters of a metrics page from which it is compressed for who takes that. */
const WORTH_COMPRESSING = 1024

/** Fast: a page of 12 500 series is made anew each second. */
const COMPRESSION = { level: constants.Z_BEST_SPEED }

/** What was asked. */
export interface Asked {
  request: HttpRequest | null
  /** Whether the flows run. */
  isStarted: boolean
  /** Aborted when the node closes. */
  signal: AbortSignal
}

export const ANSWER_WITH: Readonly<
  Record<AnswerName, (state: MonitorState, asked: Asked) => Answer | Promise<Answer>>
> = {
  metrics: answerMetrics,
  health: answerHealth,
  status: answerStatus,
  inspect: answerInspect,
}

/** JSON as text: of an object, `http response` makes JSONP, which other pages can read. */
export function json(statusCode: number, body: object): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    payload: `${JSON.stringify(body)}\n`,
  }
}

export function problem(statusCode: number, code: ErrorCode | 'unauthorized' | 'not-found', message: string): Answer {
  return json(statusCode, { error: { code, message } })
}

async function answerMetrics(state: MonitorState, { request }: Asked): Promise<Answer> {
  const { contentType, body } = await state.metrics.exposition(header(request, 'accept'))
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', vary: 'Accept, Accept-Encoding' }
  if (body.length < WORTH_COMPRESSING || !acceptsGzip(request)) return { statusCode: 200, headers, payload: body }
  const payload = await promisify(gzip)(body, COMPRESSION)
  return { statusCode: 200, headers: { ...headers, 'content-encoding': 'gzip' }, payload }
}

function answerHealth(state: MonitorState, { isStarted }: Asked): Answer {
  const entries = state.directory.list()
  const { status, body } = healthReport({
    at: now(state.clock),
    started: isStarted,
    missing: missingPrograms(state, entries),
    entries,
    arrivalOf: ({ kind, name }) => state.newest.get(kind, name),
    rejected: state.rejections.map(({ entry }) => entry),
  })
  return json(status, body)
}

/** What the streams' own observations say of ffprobe and ffmpeg. */
function missingPrograms(state: MonitorState, entries: readonly DirectoryEntry[]): HealthInput['missing'] {
  const missing: HealthInput['missing'] = {}
  for (const { kind, name } of entries) {
    const error = state.newest.get(kind, name)?.observation.error
    const code = PROGRAM_CODES.find((known) => known === error?.code)
    if (code !== undefined && error !== undefined) missing[code] ??= error.message
  }
  return missing
}

function answerStatus(state: MonitorState, { request }: Asked): Answer {
  try {
    const query = parseStatusQuery(request?.query)
    const unknown = query.targets?.find((name) => !state.directory.list().some((entry) => entry.name === name))
    if (unknown !== undefined) return problem(404, 'unknown-target', 'No target of that name is watched')
    const { name, site, startedAt } = state
    const input = {
      ...{ name, site, startedAt, version: packageVersion(), at: now(state.clock) },
      entries: state.directory.list(),
      arrivalOf: ({ kind, name }: DirectoryEntry) => state.newest.get(kind, name),
    }
    return json(200, statusDocument(input, query))
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}

/** Only streams that are watched: who may ask must not be able to make the monitor connect to wherever he likes. */
async function answerInspect(state: MonitorState, { request, signal }: Asked): Promise<Answer> {
  try {
    const { target, profile } = parseInspectQuery(request?.query)
    const entry = state.directory.get('stream', target)
    if (entry === undefined) return problem(404, 'unknown-target', 'No stream of that name is watched')
    const inspect = state.inspections.by(entry.owner)
    if (inspect === undefined) return problem(503, 'busy', 'The node that watches it is just being deployed; try again')
    const answer = await inspect(target, profile, signal)
    return json(statusCodeOf(answer), answer)
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}
