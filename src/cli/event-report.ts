import { askHttp } from '../connection/http-request.ts'
import { isRecord } from '../observation/shape.ts'
import { readSecretVariable } from '../secrets/variables.ts'
import type { CommandLine } from './command-line.ts'

type ReportLine = Extract<CommandLine, { command: 'report' }>

/** Bytes of a report that are taken. */
const LARGEST = 64 * 1024 * 1024
/** Seconds in which the monitor has to answer. */
const WITHIN = 60

/** The monitor gave no report, or could not be asked. The message is for a person. */
class NoReport extends Error {
  override readonly name = 'NoReport'
}

/**
 * Asks a monitor that runs for the report of one of its streams, with the token of METRICS_TOKEN, or its file.
 *
 * @returns the report in the format that the line asks for
 * @throws NoReport, and what is wrong with the token
 */
export async function eventReport(
  { url, query }: ReportLine,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  const base = url ?? environment.HMONITOR_URL ?? `http://127.0.0.1:${environment.PORT || '1880'}`
  const address = `${base.replace(/\/+$/, '')}/api/v1/report?${new URLSearchParams(query)}`
  const token = await readSecretVariable(environment, 'METRICS_TOKEN')
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetchReport(address, headers, signal)
  if (answer.status === 200) return answer.body
  throw new NoReport(reasonIn(answer.body) ?? `the monitor answered ${answer.status} ${answer.statusText}`.trim())
}

async function fetchReport(url: string, headers: Record<string, string>, signal: AbortSignal) {
  try {
    return await askHttp({ url, headers, mostBytes: LARGEST, within: WITHIN, signal })
  } catch (error) {
    signal.throwIfAborted()
    const { message } = error as Error
    throw new NoReport(`the monitor could not be asked: ${message}; --url says where it is`, { cause: error })
  }
}

/** What the monitor says is wrong; null where it does not. */
function reasonIn(body: string): string | null {
  try {
    const answer: unknown = JSON.parse(body)
    const error = isRecord(answer) && isRecord(answer.error) ? answer.error : null
    return typeof error?.message === 'string' ? error.message : null
  } catch {
    return null
  }
}
