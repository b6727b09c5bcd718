import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertBook } from '../../../src/alerts/book.ts'
import type { Alert } from '../../../src/observation/alert.ts'
import type { Incident } from '../../../src/observation/incident.ts'
import { freePort, untilListening } from '../../fixtures/ports.ts'
import { type OwnedProcess, startProcess } from '../../fixtures/process.ts'
import { type Publisher, startPublisher } from '../../fixtures/publishers.ts'
import { startNginxRtmp } from '../../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../../fixtures/servers/server.ts'
import { type HttpSink, httpSink, type SmtpSink, smtpSink } from '../../fixtures/sinks.ts'
import { until } from '../../fixtures/wait.ts'
import { type FlowNode, root } from '../../runtime.ts'
import { shippedFlow, startWatching, streamList, type Watching } from '../../watching.ts'

/**
 * Seconds by which a machine whose cores are taken may be later than 4 s where the server ends a stream and 9 s where it
 * falls silent. `npm run test:alerts` measures how long it takes on a quiet one: docs/alerting.md.
 */
export const BUSY = 6

/** The shipped flows that matter here, as a first start merges them. */
export function alertingFlows(): FlowNode[] {
  const alerts = JSON.parse(readFileSync(join(root, 'flows/alerts.json'), 'utf8')) as FlowNode[]
  const collect = shippedFlow()
  return [...collect, ...alerts.filter(({ id }) => !collect.some((node) => node.id === id))]
}

/** What the server does when a publisher is gone: it tells the players at once, or keeps them waiting. */
export type ServerKind = 'ends' | 'silent'

export interface StageOptions {
  /** Streams by name. */
  streams: Record<string, ServerKind>
  env?: Record<string, string>
  /** Where the monitor listens; default: any free port. */
  port?: number
}

/** Real streams, a monitor with the shipped flows, and a mailbox and a webhook that get its messages. */
export class Stage {
  readonly mailbox: SmtpSink
  readonly hook: HttpSink
  readonly dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-alerting-'))
  readonly #server: RtmpServer
  readonly #options: StageOptions
  readonly #publishers = new Map<string, Publisher>()
  #watching: Watching | null = null

  constructor(options: StageOptions, server: RtmpServer, mailbox: SmtpSink, hook: HttpSink) {
    this.#options = options
    this.#server = server
    this.mailbox = mailbox
    this.hook = hook
  }

  get watching(): Watching {
    if (this.#watching === null) throw new Error('The monitor does not run')
    return this.#watching
  }

  /** Starts the monitor, and waits until all streams are seen to be up. */
  async monitor(): Promise<void> {
    await this.monitorAlone()
    for (const name of this.#publishers.keys()) await this.watching.untilUp(name, 1, 40)
  }

  async monitorAlone(): Promise<void> {
    const { streams, env, port } = this.#options
    const urls = Object.fromEntries(Object.entries(streams).map(([name]) => [name, this.#url(name)]))
    this.#watching = await startWatching({
      flows: alertingFlows(),
      ...(port === undefined ? {} : { settings: { uiPort: port } }),
      env: {
        RTMP_STREAMS: streamList(urls),
        DATA_DIR: this.dataDir,
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(this.mailbox.port),
        SMTP_SECURITY: 'none',
        SMTP_TO: 'duty@church.example',
        NOTIFY_WEBHOOK_URL: `${this.hook.url}/notify`,
        NOTIFY_WEBHOOK_SECRET: 'signed with this',
        ...env,
      },
    })
  }

  /** Waits until the outboxes know that everything was taken: what is killed before that tells it once more. */
  async untilDelivered(): Promise<void> {
    const waits = /^hmonitor_outbox_oldest_timestamp_seconds /m
    await until(async () => !waits.test(await this.watching.text('/metrics')), 10, 'nothing waits in an outbox')
  }

  /** As when the machine of the monitor loses power. */
  async crash(): Promise<void> {
    const { watching } = this
    this.#watching = null
    process.kill(watching.runtime.pid, 'SIGKILL')
    await watching.stop().catch(() => {})
  }

  async publish(name: string): Promise<void> {
    this.#publishers.set(name, await startPublisher(this.#url(name), { gop: 1 }))
  }

  /** As when the encoder loses power. @returns when, in milliseconds since the epoch */
  async kill(name: string): Promise<number> {
    const at = Date.now()
    await this.#publishers.get(name)?.kill()
    this.#publishers.delete(name)
    return at
  }

  /** What people were told by email of an incident of a stream that is off, or was. A message may tell of others as well. */
  mailsOf(name: string, what: 'firing' | 'resolved') {
    const fact = what === 'firing' ? 'Severity: critical' : 'Lasted: '
    const affected = `  Affected(?: \\d+)?: (?:.*; )?stream ${name}: Stream offline.*`
    const entry = new RegExp(`^${affected}\\r?\\n(  .*\\r?\\n)*?  ${fact}`, 'm')
    return this.mailbox.mails.filter(({ text }) => entry.test(text))
  }

  /** What the webhook got of a stream that is off, with when it came. */
  postsOf(name: string, status: 'firing' | 'resolved') {
    return this.hook.posts.filter(({ path, body }) => {
      if (path !== '/notify') return false
      const { incidents } = JSON.parse(body) as { incidents: Incident[] }
      return incidents.some(
        (incident) =>
          (incident.status === 'open') === (status === 'firing') &&
          incident.members.some(({ target, alerts }) => target === name && alerts.includes(OFFLINE)),
      )
    })
  }

  /** Waits for a message. @returns seconds from `since` until it came */
  async untilTold(
    name: string,
    what: 'firing' | 'resolved',
    since: number,
    seconds: number,
  ): Promise<{ mail: number; post: number }> {
    const isThere = () => this.mailsOf(name, what).length > 0 && this.postsOf(name, what).length > 0
    await until(
      isThere,
      seconds,
      () =>
        `${what} of ${name}; mails: ${this.mailbox.mails.map(({ subject }) => subject)}\n${this.#watching?.described()}`,
    )
    const took = (at: number | undefined) => ((at ?? Number.NaN) - since) / 1000
    return { mail: took(this.mailsOf(name, what)[0]?.at), post: took(this.postsOf(name, what)[0]?.at) }
  }

  /** Waits for an answer that the alert is still there, or is gone. */
  async untilFiring(name: string, fires: boolean, seconds: number): Promise<void> {
    await until(
      async () => {
        const { alerts } = JSON.parse(await this.watching.text('/api/v1/status')) as { alerts: Alert[] }
        return alerts.some((alert) => alert.target === name && isOffline(alert)) === fires
      },
      seconds,
      `${name} ${fires ? 'fires' : 'does not fire'}`,
    )
  }

  /** What the alert node has on disk. */
  get book(): AlertBook {
    const folder = join(this.dataDir, 'alerts')
    const [file = ''] = readdirSync(folder)
    return JSON.parse(readFileSync(join(folder, file), 'utf8')) as AlertBook
  }

  forget(): void {
    this.mailbox.mails.length = 0
    this.hook.posts.length = 0
  }

  async stop(): Promise<void> {
    await this.#watching?.stop()
    await Promise.all([...this.#publishers.values()].map((publisher) => publisher.kill()))
    await this.#server.stop()
    await this.mailbox.close()
    await this.hook.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  #url(name: string): string {
    return this.#server.url(`${this.#options.streams[name] === 'silent' ? 'live' : 'ends'}/${name}`)
  }
}

const OFFLINE = 'HmonitorStreamOffline'
const isOffline = ({ alertname }: { alertname: string }) => alertname === OFFLINE

/** Publishes all streams; the monitor is for the test to start. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const [server, mailbox, hook] = await Promise.all([startNginxRtmp(), smtpSink(), httpSink()])
  const stage = new Stage(options, server, mailbox, hook)
  await Promise.all(Object.keys(options.streams).map((name) => stage.publish(name)))
  return stage
}

/** A real Alertmanager that tells webhooks, within a second. */
export interface RunningAlertmanager {
  url: string
  process: OwnedProcess
  /** Lists its alerts, or posts a silence. */
  api(path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
}

export async function startAlertmanager(
  webhooks: object[],
  options: { port?: number } = {},
): Promise<RunningAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-alertmanager-'))
  const port = options.port ?? (await freePort())
  const configuration = {
    route: { receiver: 'webhook', group_by: ['...'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
    receivers: [{ name: 'webhook', webhook_configs: webhooks }],
  }
  const file = join(folder, 'alertmanager.yml')
  await writeFile(file, JSON.stringify(configuration))
  const child = await startProcess(
    'prometheus-alertmanager',
    [
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { install: 'apt-get install prometheus-alertmanager' },
  )
  await untilListening(port, 15, () => child.running)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    process: child,
    async api(path, body) {
      const init = body && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }
      const response = await fetch(`${url}/api/v2${path}`, init)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    async stop() {
      await child.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
