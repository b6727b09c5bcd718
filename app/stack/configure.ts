/**
 * Writes what the containers of the stack read, from `.env`, before they start: `node app/stack/configure.ts`. Each part
 * gets a folder of its own that nobody else reads:
 *
 *     prometheus/    prometheus.yml, rules/, secrets/
 *     alertmanager/  alertmanager.yml, templates/, secrets/
 *     monitor/       .env, and the tokens that others show to it
 *     grafana/       its password, and that of who reads the log
 *     elk-authority/ the key that the certificates of the others are made with
 *     elasticsearch/, logstash/, kibana/, filebeat/, elk-setup/, elk-watch/   certificates, passwords, configuration
 *     snapshots/     nothing: it belongs to Elasticsearch from now on
 *
 * Tokens that `.env` does not have are made once and kept.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../prepare/failure.mjs'
import { root } from '../prepare.mjs'
import { alertmanagerConfiguration } from './alertmanager.ts'
import { configureElk } from './elk.ts'
import { prometheusConfiguration, ruleFile } from './prometheus.ts'
import { refuseUnreadable } from './readable.ts'
import { envFileOf, readSettings, variablesOf } from './settings.ts'

const ELK = {
  ...{ 'elk-authority': 0, elasticsearch: 1000, logstash: 1000, kibana: 1000, filebeat: 1000 },
  ...{ 'elk-setup': 1000, 'elk-watch': 1000, snapshots: 1000 },
}

/** The users of the images, who alone may read what is written for them. */
const OWNERS = { prometheus: 65_534, alertmanager: 65_534, monitor: 1000, grafana: 472, ...ELK } as const
type Part = keyof typeof OWNERS

interface Places {
  /** Folder with the user's `.env`. */
  project: string
  /** Folder that has a folder for each part. */
  out: string
  /** `host:port` of each, seen from the others. */
  monitor: string
  alertmanager: string
  prometheus: string
}

export function configure(
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): void {
  const places: Places = {
    project: environment.STACK_PROJECT ?? '/project',
    out: environment.STACK_OUT ?? '/config',
    monitor: environment.STACK_MONITOR ?? 'monitor:1880',
    alertmanager: environment.STACK_ALERTMANAGER ?? 'alertmanager:9093',
    prometheus: environment.STACK_PROMETHEUS ?? '127.0.0.1:9090',
  }
  const settings = readSettings(variablesOf(places.project, environment), places.project)
  // Outside a container everything belongs to whoever runs this.
  const isContainer = environment.STACK_OUT === undefined
  if (isContainer) refuseUnreadable(places.project)
  const part = (name: Part) => new Folder(join(places.out, name), isContainer ? OWNERS[name] : null)

  const monitor = part('monitor')
  const metricsToken = settings.metricsToken ?? monitor.kept('metrics_token')
  const webhookToken = settings.alertWebhookToken ?? monitor.kept('alert_webhook_token')
  // As it is: the monitor may not be allowed to read the user's own.
  monitor.write('.env', envFileOf(places.project))
  monitor.write('metrics_token', `${metricsToken}\n`)
  monitor.write('alert_webhook_token', `${webhookToken}\n`)

  const shipped = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8')
  const prometheus = part('prometheus')
  prometheus.write('secrets/metrics_token', metricsToken)
  for (const name of readdirSync(join(root, 'deploy/prometheus/rules'))) {
    prometheus.write(`rules/${name}`, ruleFile(shipped(`prometheus/rules/${name}`), settings))
  }
  prometheus.write('prometheus.yml', prometheusConfiguration(shipped('prometheus/prometheus.yml'), settings, places))

  const alertmanager = part('alertmanager')
  alertmanager.empty('secrets')
  const rendered = alertmanagerConfiguration(shipped('alertmanager/alertmanager.yml'), settings, webhookToken, {
    monitor: `http://${places.monitor}`,
    folder: isContainer ? '/etc/alertmanager' : join(places.out, 'alertmanager'),
  })
  for (const [path, secret] of Object.entries(rendered.secrets)) alertmanager.write(path, secret)
  for (const name of readdirSync(join(root, 'deploy/alertmanager/templates'))) {
    alertmanager.write(`templates/${name}`, shipped(`alertmanager/templates/${name}`))
  }
  alertmanager.write('alertmanager.yml', rendered.configuration)

  const grafana = part('grafana')
  const isNew = settings.grafanaPassword === null && !grafana.has('admin_password')
  const password = settings.grafanaPassword ?? grafana.kept('admin_password', 12)
  grafana.write('admin_password', password)

  const elk = {
    ...{ authority: part('elk-authority'), elasticsearch: part('elasticsearch'), logstash: part('logstash') },
    ...{ kibana: part('kibana'), filebeat: part('filebeat'), setup: part('elk-setup') },
    // Grafana's data source of the log is there in any stack, and does not start without its files.
    watch: part('elk-watch'),
    readers: [grafana],
  }
  configureElk(elk, settings, shipped, Date.now())
  part('snapshots')

  const messengers = settings.messengers.map(({ name }) => name)
  const receivers = [settings.smtp && 'email', settings.slackWebhookUrl && 'Slack', ...messengers].filter(Boolean)
  say(`Issues are found by ${settings.alertSource === 'prometheus' ? 'Prometheus' : 'the monitor'}.`)
  say(
    receivers.length > 0
      ? `Alertmanager tells people by ${receivers.join(' and by ')}.`
      : 'Alertmanager tells nobody: set SMTP_HOST and SMTP_TO, SLACK_WEBHOOK_URL, or another way of docs/alerting.md.',
  )
  if (isNew) say(`Login to Grafana, shown once: admin, password ${password}`)
}

/** What one part of the stack reads. Files appear whole, and only their owner may read them. */
class Folder {
  readonly #path: string
  readonly #owner: number | null

  /** @param owner null: whoever runs this */
  constructor(path: string, owner: number | null) {
    this.#path = path
    this.#owner = owner
    this.#make(path)
  }

  has(name: string): boolean {
    return this.text(name) !== ''
  }

  /** What is there already, else a new secret of so many random bytes. */
  kept(name: string, bytes = 32): string {
    return this.text(name) || randomBytes(bytes).toString('base64url')
  }

  write(name: string, content: string): void {
    const file = join(this.#path, name)
    this.#make(dirname(file))
    const draft = `${file}.part`
    writeFileSync(draft, content, { mode: 0o400 })
    chmodSync(draft, 0o400)
    this.#give(draft)
    renameSync(draft, file)
  }

  empty(name: string): void {
    rmSync(join(this.#path, name), { recursive: true, force: true })
  }

  /** What is in a file; empty where it is not there. */
  text(name: string): string {
    try {
      return readFileSync(join(this.#path, name), 'utf8').trim()
    } catch {
      return ''
    }
  }

  #make(path: string): void {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    this.#give(path)
  }

  #give(path: string): void {
    if (this.#owner !== null) chownSync(path, this.#owner, this.#owner)
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    configure(process.env, (line) => console.log(line))
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = 1
  }
}
