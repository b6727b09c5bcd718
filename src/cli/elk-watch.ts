import { setTimeout as pause } from 'node:timers/promises'
import { Alertmanagers } from '../alerts/alertmanager.ts'
import { readMode } from '../alerts/mode.ts'
import { accessesOf } from '../elk/access.ts'
import { type Access, Server } from '../elk/cluster.ts'
import { askRules, LogAlerts } from '../elk/log-alerts.ts'
import { askLogstash } from '../elk/logstash-figures.ts'
import { engineOf } from '../elk/setup.ts'
import { SetupError } from '../elk/setup-error.ts'
import { type Round, WatchedRounds } from '../elk/watched-rounds.ts'
import { type Environment, variable } from '../secrets/variables.ts'
import type { CommandLine } from './command-line.ts'
import { openWatchPage } from './elk-watch-page.ts'

type ElkWatchLine = Extract<CommandLine, { command: 'elk watch' }>

/** Rounds after which Alertmanager takes for over what is not posted any more: one may come late, and one be lost. */
const LASTS_ROUNDS = 5

/**
 * Asks the log, again and again, what people should know of, and tells Alertmanager, until it is stopped.
 *
 * @throws SetupError where something is not set, or with `once` where a rule cannot be asked; what is wrong with a secret
 */
export async function elkWatch(
  { url, every, once, listen }: ElkWatchLine,
  environment: Environment,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const [access, ...others] = await accessesOf(environment, 'ELASTICSEARCH', url)
  if (access === undefined) throw new SetupError('ELASTICSEARCH_URL is not set: where Elasticsearch is')
  const server = () => new Server(access, 0, signal, others)
  if (once) return lookOnce(server(), say)
  const mode = readMode(environment)
  const urls = mode.mode === 'none' ? [] : mode.alertmanagers
  if (urls.length === 0) throw new SetupError('ALERTMANAGER_URLS is not set: who tells people of what is found')
  const asked = { server, logstashes: await accessesOf(environment, 'LOGSTASH_API', null) }
  const alerts = new LogAlerts(watcherOf(environment), LASTS_ROUNDS * every * 1000)
  const watched = new WatchedRounds(every, Date.now())
  const page = listen === null ? null : await openWatchPage(listen, () => watched.state, watched.health)
  say(`Looking into the log at ${access.url} every ${every} s.`)
  if (page !== null) say(`/metrics and /health are at port ${page.port}.`)
  try {
    await lookAgain(asked, { alerts, alertmanagers: new Alertmanagers(urls), watched }, every, signal, say)
  } finally {
    page?.close()
  }
}

interface Asked {
  /** Elasticsearch, for one round. */
  server: () => Server
  /** The monitoring APIs of Logstash. */
  logstashes: readonly Access[]
}

interface Told {
  alerts: LogAlerts
  alertmanagers: Alertmanagers
  watched: WatchedRounds
}

async function lookAgain(
  asked: Asked,
  { alerts, alertmanagers, watched }: Told,
  every: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  let said = ''
  while (!signal.aborted) {
    const round = await lookedAt(asked, signal)
    if (round === null) return
    const posted = alerts.follow(round.findings, Date.now())
    const isTaken = posted.length === 0 || (await alertmanagers.post(posted, signal))
    watched.add({ ...round, isTaken }, Date.now())
    const line = `${inWords(round)}${isTaken ? '' : ' No Alertmanager has taken it.'}`
    // A round a minute with the same words would fill a log that people read when something is wrong.
    if (line !== said) say(line)
    said = line
    await pause(every * 1000, undefined, { signal }).catch(() => {})
  }
}

async function lookOnce(server: Server, say: (line: string) => void): Promise<void> {
  const { name } = await engineOf(server)
  if (name === 'OpenSearch') throw new SetupError('OpenSearch has no ES|QL: elk watch is for Elasticsearch')
  const findings = await askRules(server)
  for (const finding of findings) {
    const what = 'failed' in finding ? finding.failed : `${finding.rows.length} found`
    say(`  ${finding.rule.alertname}: ${what}`)
  }
  const failed = findings.filter((finding) => 'failed' in finding).length
  if (failed > 0) throw new SetupError(`${failed} of ${findings.length} rules could not be asked`)
}

/** @returns null where it was stopped meanwhile */
async function lookedAt(
  { server: open, logstashes }: Asked,
  signal: AbortSignal,
): Promise<Omit<Round, 'isTaken'> | null> {
  const server = open()
  try {
    const [findings, ...figures] = await Promise.all([
      askRules(server),
      ...logstashes.map((each) => askLogstash(each, signal)),
    ])
    return { findings, logstashes: figures, certificateEnds: server.certificateEnds }
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

function watcherOf(environment: Environment) {
  const grafanaUrl = variable(environment, 'GRAFANA_URL')
  if (grafanaUrl !== '' && !/^https?:$/.test(URL.parse(grafanaUrl)?.protocol ?? '')) {
    throw new SetupError('GRAFANA_URL has to begin with http:// or https://')
  }
  return {
    monitor: variable(environment, 'MONITOR_NAME') || 'RTMP HMonitor',
    site: variable(environment, 'SITE'),
    grafanaUrl: grafanaUrl === '' ? null : grafanaUrl.replace(/\/+$/, ''),
  }
}

function inWords({ findings, logstashes }: Omit<Round, 'isTaken'>): string {
  const failed = [...findings, ...logstashes].flatMap((each) => ('failed' in each ? [each.failed] : []))
  const found = findings.flatMap((finding) =>
    'rows' in finding && finding.rows.length > 0 ? [`${finding.rule.alertname} ${finding.rows.length}`] : [],
  )
  const news = found.length === 0 ? 'Nothing that people should know of.' : `Found: ${found.join(', ')}.`
  return failed.length === 0 ? news : `${news} Cannot be asked: ${[...new Set(failed)].join('; ')}.`
}
