#!/usr/bin/env node
import { clearLine, cursorTo } from 'node:readline'
import { styleText } from 'node:util'
import { SHIPPED_PROFILES } from '../health/profile-lookup.ts'
import type { PreflightProgress } from '../inspection/preflight.ts'
import { couldNotLook } from '../inspection/verdict.ts'
import { packageVersion } from '../metrics/package-version.ts'
import { type CommandLine, parseCommandLine, UsageError } from './command-line.ts'
import { elkSetup } from './elk-setup.ts'
import { elkWatch } from './elk-watch.ts'
import { eventReport } from './event-report.ts'
import { EXIT_STATUS, inspect } from './inspect.ts'
import { type Page, reportOf } from './report.ts'

const PROFILES = SHIPPED_PROFILES.map(({ name }) => name).join(', ')

const HELP = `Says within 20 seconds whether a live stream is fit to go on air, and afterwards what happened.

  rtmp-hmonitor inspect URL [options]
  rtmp-hmonitor report --target NAME [options]
  rtmp-hmonitor elk setup [options]
  rtmp-hmonitor elk watch [options]

URL is where the stream can be played: rtmp, rtmps, rtmpt, srt, rtsp, rtsps, http or https.
A key in it can be seen by everybody on this machine. Write its name instead, in
single quotes, and set the variable NAME, or NAME_FILE to a file that holds the key:

  STREAM_KEY_FILE=key.txt rtmp-hmonitor inspect 'rtmp://relay.example/live/\${STREAM_KEY}'

Options of inspect
  -p, --profile NAME     hold it against what a platform takes: ${PROFILES}
      --media WHAT       what it must have: both (default), video or audio
      --reader WHICH     what reads it: auto (default), or ffprobe, which connects by itself
      --json             print JSON: verdict, issues, parameters, measurements
      --timeout SECONDS  how long it may take (default 20)
      --insecure         take a certificate that cannot be verified
      --ffprobe PATH     the ffprobe to use (default: FFPROBE_PATH, the one on the PATH, or the
                         one that came with the monitor)

Options of report, which asks a monitor that runs, with METRICS_TOKEN where it has one
      --target NAME      the stream
      --from TIME        2026-01-31T10:00:00Z for example (default: the event that is on or was last)
      --to TIME          (default: the end of that event, or now)
      --format FORMAT    html (default), json or csv, on the standard output
      --language CODE    en or de (default: the monitor's)
      --timezone NAME    of the times in it, Europe/Berlin for example (default: the monitor's)
      --url URL          where the monitor is (default: HMONITOR_URL, else this machine and PORT)

Options of elk setup, which puts templates, pipeline, lifecycle and roles for the log into Elasticsearch or
OpenSearch, and dashboards into the Kibana of KIBANA_URL; with ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or
ELASTICSEARCH_API_KEY, or their files
      --url URL          where it is (default: ELASTICSEARCH_URL)
      --retention DAYS   how long a line is kept, of Elasticsearch (default 365d)
      --snapshots FOLDER of the cluster's own, shared by its nodes: a snapshot each night
      --wait SECONDS     for a cluster that is just starting (default 30)

Options of elk watch, which looks in the log for what people should know of, and tells Alertmanager
(ALERTMANAGER_URLS); the login is as for elk setup, or that of a user with the role hmonitor_reader
      --url URL          where Elasticsearch is (default: ELASTICSEARCH_URL)
      --every SECONDS    how often (default 60)
      --once             ask once, print what was found, tell nobody and end
      --listen PORT      or ADDRESS:PORT: /metrics for Prometheus, of Logstash too (LOGSTASH_API_URL), and /health

  -h, --help             print this
  -V, --version          print the version

Exit status
  0 pass, 1 warn, 2 fail, 3 unknown: the check could not be completed; 0 a report, set up or asked, 3 not
`

/** One line that says what goes on, for who waits at a terminal; nothing anywhere else. */
class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  readonly #isShown: boolean

  constructor(stream: NodeJS.WriteStream, isQuiet: boolean) {
    this.#stream = stream
    this.#isShown = stream.isTTY === true && !isQuiet
  }

  show({ measuring, after }: PreflightProgress): void {
    if (!this.#isShown) return
    this.clear()
    this.#stream.write(`${measuring ? 'Measuring' : 'Waiting for media'}, ${Math.round(after)} s`)
  }

  clear(): void {
    if (!this.#isShown) return
    clearLine(this.#stream, 0)
    cursorTo(this.#stream, 0)
  }
}

/** Characters in a line at most: longer ones are hard to read. */
const WIDTH = 100

/** By convention 128 and the number of the signal. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** An exit status of 1 would mean that the stream is all but well. */
const COULD_NOT_TELL = EXIT_STATUS.unknown

async function main(): Promise<number> {
  const line = parseCommandLine(process.argv.slice(2))
  if (line.command === 'inspect') return runInspect(line)
  if (line.command === 'report') {
    process.stdout.write(await eventReport(line, process.env, stopping().signal))
    return 0
  }
  if (line.command === 'elk setup') {
    await elkSetup(line, process.env, stopping().signal, (text) => process.stdout.write(`${text}\n`))
    return 0
  }
  if (line.command === 'elk watch') {
    await elkWatch(line, process.env, stopping().signal, (text) => process.stdout.write(`${text}\n`))
    return Number(process.exitCode ?? 0)
  }
  process.stdout.write(line.command === 'help' ? HELP : `${packageVersion()}\n`)
  return 0
}

/** Aborted by the signals that ask a program to end. */
function stopping(): AbortController {
  const controller = new AbortController()
  for (const [signal, status] of Object.entries(EXIT_BY_SIGNAL)) {
    process.on(signal, () => {
      // Asked a second time, it does not wait for ffprobe to end well: that is ended with this process.
      if (controller.signal.aborted) process.exit(status)
      process.exitCode = status
      controller.abort()
    })
  }
  return controller
}

async function runInspect(line: Extract<CommandLine, { command: 'inspect' }>): Promise<number> {
  const { signal } = stopping()
  const progressLine = new ProgressLine(process.stderr, line.json)
  try {
    const answer = await inspect(line, process.env, signal, (progress) => progressLine.show(progress))
    progressLine.clear()
    process.stdout.write(line.json ? `${JSON.stringify(answer, null, 2)}\n` : reportOf(answer, pageOf(process.stdout)))
    return EXIT_STATUS[answer.verdict]
  } catch (error) {
    progressLine.clear()
    if (signal.aborted) return Number(process.exitCode ?? COULD_NOT_TELL)
    throw error
  }
}

/** Colours only on a terminal that has them; NO_COLOR and FORCE_COLOR are heeded. */
function pageOf(stream: NodeJS.WriteStream): Page {
  return {
    // A terminal that does not know its width says 0.
    width: Math.min(stream.columns || WIDTH, WIDTH),
    paint: (colour, text) => styleText(colour, text, { stream }),
  }
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(couldNotLook(message), null, 2)}\n`)
  const more = error instanceof UsageError ? '\nrtmp-hmonitor --help says how it is written.' : ''
  process.stderr.write(`rtmp-hmonitor: ${message}${more}\n`)
  process.exitCode = COULD_NOT_TELL
}

// Whoever reads may have gone, as `head` does; the exit status still tells.
process.stdout.on('error', () => {})
process.on('uncaughtException', (error) => {
  fail(error)
  process.exit()
})
main().then((status) => {
  process.exitCode = status
}, fail)
