/** The real Prometheus and Alertmanager on what the stack's `config` wrote. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'

export interface Daemon {
  readonly url: string
  readonly process: OwnedProcess
  /** As when its machine loses power. */
  kill(): Promise<void>
  /** Starts it again with what it had on disk. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a daemon of Prometheus' kind. The flags are those of docker-compose.yml but for the places. */
async function start(
  file: string,
  port: number,
  install: string,
  args: (data: string) => string[],
  { listen = '--web.listen-address', ready = '/-/ready' } = {},
): Promise<Daemon> {
  const data = await mkdtemp(join(tmpdir(), `hmonitor-${file}-`))
  const url = `http://127.0.0.1:${port}`
  const run = async () => {
    const child = await startProcess(file, [...args(data), `${listen}=127.0.0.1:${port}`], { install })
    const isReady = async () => {
      if (!child.running) throw new Error(`${file} ended: ${child.output()}`)
      return (await fetch(`${url}${ready}`).catch(() => null))?.ok === true
    }
    await until(isReady, 20, () => `${file} is ready: ${child.output()}`)
    return child
  }
  let child = await run()
  return {
    url,
    get process() {
      return child
    },
    kill: () => child.kill(),
    restart: async () => {
      await child.kill()
      child = await run()
    },
    stop: async () => {
      await child.kill()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** @param out folder that `config` wrote to */
export function startStackPrometheus(out: string, port: number): Promise<Daemon> {
  return start('prometheus', port, 'apt-get install prometheus', (data) => [
    `--config.file=${join(out, 'prometheus/prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
  ])
}

/** With a configuration of its own. */
export function startPrometheusOn(configuration: string, port: number, flags: readonly string[] = []): Promise<Daemon> {
  return start('prometheus', port, 'apt-get install prometheus', (data) => [
    `--config.file=${configuration}`,
    `--storage.${flags.some((flag) => flag.includes('agent')) ? 'agent' : 'tsdb'}.path=${data}`,
    ...flags,
  ])
}

/** What takes the remote writes of several Prometheus, and keeps one of two values a second. */
export function startVictoriaMetrics(port: number): Promise<Daemon> {
  return start(
    'victoria-metrics',
    port,
    'apt-get install victoria-metrics',
    (data) => [`-storageDataPath=${data}`, '-dedup.minScrapeInterval=1s', '-search.latencyOffset=0s'],
    { listen: '-httpListenAddr', ready: '/health' },
  )
}

/** @param out folder that `config` wrote to */
export function startStackAlertmanager(out: string, port: number): Promise<Daemon> {
  return start('prometheus-alertmanager', port, 'apt-get install prometheus-alertmanager', (data) => [
    `--config.file=${join(out, 'alertmanager/alertmanager.yml')}`,
    `--storage.path=${data}`,
    '--cluster.listen-address=',
  ])
}

/**
 * One of two that know each other. They settle at once: the usual ten rounds of gossip take seconds.
 *
 * @param out folder that `config` wrote to
 * @param cluster ports by which they know each other
 * @param index which of them this one is
 * @param peerTimeout seconds
 */
export function startPairedAlertmanager(
  out: string,
  port: number,
  cluster: readonly number[],
  index: number,
  peerTimeout: number,
): Promise<Daemon> {
  const [own, ...others] = [cluster[index], ...cluster.filter((_, at) => at !== index)]
  return start('prometheus-alertmanager', port, 'apt-get install prometheus-alertmanager', (data) => [
    `--config.file=${join(out, 'alertmanager/alertmanager.yml')}`,
    `--storage.path=${data}`,
    `--cluster.listen-address=127.0.0.1:${own}`,
    `--cluster.advertise-address=127.0.0.1:${own}`,
    ...others.map((other) => `--cluster.peer=127.0.0.1:${other}`),
    `--cluster.peer-timeout=${peerTimeout}s`,
    '--cluster.settle-timeout=1s',
    '--cluster.gossip-interval=50ms',
  ])
}

/** An alert as Alertmanager's API has it. */
export interface ListedAlert {
  labels: Record<string, string>
  status: { state: string; inhibitedBy: string[] }
}

export async function alertsAt(alertmanager: Daemon): Promise<ListedAlert[]> {
  const response = await fetch(`${alertmanager.url}/api/v2/alerts`)
  return (await response.json()) as ListedAlert[]
}

/** Whether a Prometheus has found its Alertmanager, which takes it five seconds. */
export async function knowsAlertmanager(prometheus: Daemon): Promise<boolean> {
  const response = await fetch(`${prometheus.url}/api/v1/alertmanagers`)
  const { data } = (await response.json()) as { data: { activeAlertmanagers: object[] } }
  return data.activeAlertmanagers.length > 0
}
