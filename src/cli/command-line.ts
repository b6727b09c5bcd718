import { parseArgs } from 'node:util'
import { parseReportQuery } from '../report/report-query.ts'
import type { StreamTarget } from '../targets/target.ts'
import type { Listening } from './elk-watch-page.ts'

/** What somebody asks for on the command line. */
export type CommandLine =
  | { command: 'help' }
  | { command: 'version' }
  | {
      command: 'inspect'
      /** May hold `${NAME}`. */
      url: string
      profile: string | null
      media: StreamTarget['media']
      reader: StreamTarget['reader']
      json: boolean
      /** Seconds in which to answer. */
      time: number
      verifyTls: boolean
      /** Null: as `chooseFfprobe` finds it. */
      ffprobe: string | null
    }
  | {
      command: 'report'
      /** What the monitor is asked, as a query: target, from, to, format, language, timezone. */
      query: Readonly<Record<string, string>>
      /** Where the monitor is; null: as the environment says, else on this machine. */
      url: string | null
    }
  | {
      command: 'elk setup'
      /** Of Elasticsearch or OpenSearch; null: as the environment says. */
      url: string | null
      /** Null: as shipped. */
      retentionDays: number | null
      /** A folder that all nodes share; null: no snapshots. */
      snapshots: string | null
      /** Seconds for which a cluster is asked again that is just starting. */
      wait: number
    }
  | {
      command: 'elk watch'
      /** Of Elasticsearch; null: as the environment says. */
      url: string | null
      /** Seconds from one round of questions to the next. */
      every: number
      /** Whether it asks once, says what it found and ends. */
      once: boolean
      /** Where it says how it is; null: nowhere. */
      listen: Listening | null
    }

/** The command line is not written as it should be. The message is for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const LEAST_TIME = 5
const MOST_TIME = 300
const MEDIA: readonly StreamTarget['media'][] = ['both', 'video', 'audio']
const READERS: readonly StreamTarget['reader'][] = ['auto', 'ffprobe']

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
  profile: { type: 'string', short: 'p' },
  media: { type: 'string', default: 'both' },
  reader: { type: 'string', default: 'auto' },
  json: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '20' },
  insecure: { type: 'boolean', default: false },
  ffprobe: { type: 'string' },
  target: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  language: { type: 'string' },
  timezone: { type: 'string' },
  url: { type: 'string' },
  retention: { type: 'string' },
  snapshots: { type: 'string' },
  wait: { type: 'string', default: '30' },
  every: { type: 'string', default: '60' },
  once: { type: 'boolean', default: false },
  listen: { type: 'string' },
} as const

/** @throws UsageError */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseWords(args)
  const [command, url, another] = positionals
  if (values.help || command === 'help') return { command: 'help' }
  if (values.version) return { command: 'version' }
  if (command === 'report') return reportLine(values, url)
  if (command === 'elk') return elkLine(values, positionals.slice(1))
  if (command !== 'inspect') {
    const known = 'inspect, report, elk setup or elk watch'
    throw new UsageError(command === undefined ? `a command is missing: ${known}` : `the command must be ${known}`)
  }
  if (url === undefined) throw new UsageError('the address of a stream is missing')
  if (another !== undefined) {
    throw new UsageError('one address at a time; put it in single quotes, so that the shell leaves it as it is')
  }
  return {
    command,
    url,
    profile: values.profile ?? null,
    media: oneOf(MEDIA, '--media', values.media),
    reader: oneOf(READERS, '--reader', values.reader),
    json: values.json,
    time: timeOf(values.timeout),
    verifyTls: !values.insecure,
    ffprobe: values.ffprobe ?? null,
  }
}

/** @throws UsageError */
function reportLine(values: ReturnType<typeof parseWords>['values'], another: string | undefined): CommandLine {
  if (another !== undefined) throw new UsageError('the stream is named by --target')
  const { target, from, to, format, language, timezone, url = null } = values
  if (target === undefined) throw new UsageError('--target is missing: the name of a stream')
  const given = { target, from, to, format, language, timezone }
  const query = Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
  try {
    parseReportQuery(query)
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/^the parameter /, '--'), { cause: error })
  }
  return { command: 'report', query, url }
}

const LONGEST_WAIT = 900
const LEAST_EVERY = 10
const MOST_EVERY = 900

/** @throws UsageError */
function elkLine(values: ReturnType<typeof parseWords>['values'], [what, another]: readonly string[]): CommandLine {
  if (another !== undefined || (what !== 'setup' && what !== 'watch')) {
    throw new UsageError('the command must be elk setup or elk watch')
  }
  const { url = null, retention, snapshots = null } = values
  if (what === 'watch') {
    const every = /^\d+$/.test(values.every) ? Number(values.every) : Number.NaN
    if (!(every >= LEAST_EVERY && every <= MOST_EVERY)) {
      throw new UsageError(`--every is a number of seconds from ${LEAST_EVERY} to ${MOST_EVERY}`)
    }
    return { command: 'elk watch', url, every, once: values.once, listen: listeningOf(values.listen) }
  }
  const days = retention === undefined ? null : /^([1-9]\d{0,4})d$/.exec(retention)?.[1]
  if (days === undefined) throw new UsageError('--retention is a number of days, 365d for example')
  const wait = /^\d+$/.test(values.wait) ? Number(values.wait) : Number.NaN
  if (!(wait <= LONGEST_WAIT)) throw new UsageError(`--wait is a number of seconds up to ${LONGEST_WAIT}`)
  return { command: 'elk setup', url, retentionDays: days === null ? null : Number(days), snapshots, wait }
}

/** @param text a port, or an address of this machine and a port; undefined: nowhere @throws UsageError */
function listeningOf(text: string | undefined): Listening | null {
  if (text === undefined) return null
  const [, host = '127.0.0.1', port = ''] = /^(?:(\[[0-9a-f:.]+\]|[^:\s]+):)?(\d{1,5})$/i.exec(text) ?? []
  if (port !== '' && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  throw new UsageError('--listen is a port, or an address and a port: 9465 or 0.0.0.0:9465 for example')
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify')
    throw new UsageError(message, { cause: error })
  }
}

function oneOf<Word extends string>(words: readonly Word[], option: string, text: string): Word {
  const word = words.find((known) => known === text)
  if (word === undefined) throw new UsageError(`${option} is one of ${words.join(', ')}`)
  return word
}

function timeOf(text: string): number {
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (time >= LEAST_TIME && time <= MOST_TIME) return time
  throw new UsageError(`--timeout is a number of seconds from ${LEAST_TIME} to ${MOST_TIME}`)
}
