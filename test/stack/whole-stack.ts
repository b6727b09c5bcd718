import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fixtures/ports.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { root } from '../runtime.ts'
import { type Daemon, startStackAlertmanager, startStackPrometheus } from './daemons.ts'
import { type MonitorContainer, startMonitorContainer } from './monitor-container.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

export interface WholeStack {
  readonly mail: SmtpSink
  readonly folder: StackFolder
  readonly monitor: MonitorContainer
  readonly prometheus: Daemon
  readonly alertmanager: Daemon
  /** Base address of the monitor. */
  readonly url: string
  /** Values of an instant query. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]>
  stop(): Promise<void>
}

/**
 * All of the stack but Grafana, as docker-compose.yml runs it, from a `.env` of these variables, with a mail server.
 *
 * @param image folder with what the image holds; else the checkout
 */
export async function startWholeStack(env: Record<string, string>, image = root): Promise<WholeStack> {
  const mail = await smtpSink()
  const dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-stack-data-'))
  const [port, prometheusPort, alertmanagerPort] = [await freePort(), await freePort(), await freePort()]
  const smtp = { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port), SMTP_SECURITY: 'none' }
  const folder = configureStack(
    { ...smtp, SMTP_TO: 'crew@example.org', ...env },
    {
      STACK_MONITOR: `127.0.0.1:${port}`,
      STACK_PROMETHEUS: `127.0.0.1:${prometheusPort}`,
      STACK_ALERTMANAGER: `127.0.0.1:${alertmanagerPort}`,
    },
  )
  const { out, project } = folder
  const parts: { stop(): Promise<void> }[] = []
  const stop = async () => {
    for (const part of parts) await part.stop()
    await mail.close()
    folder.remove()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const keep = <P extends { stop(): Promise<void> }>(part: P): P => {
    parts.unshift(part)
    return part
  }
  try {
    const environment = {
      ALERTMANAGER_URLS: `http://127.0.0.1:${alertmanagerPort}`,
      ...(env.ALERT_SOURCE === undefined ? {} : { ALERT_SOURCE: env.ALERT_SOURCE }),
    }
    const [monitor, alertmanager, prometheus] = await Promise.all([
      startMonitorContainer({ out, project, dataDir, port, environment, image }).then(keep),
      startStackAlertmanager(out, alertmanagerPort).then(keep),
      startStackPrometheus(out, prometheusPort).then(keep),
    ])
    const query = async (expression: string) => {
      const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`)
      const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] }
      }
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    }
    return { mail, folder, monitor, prometheus, alertmanager, url: `http://127.0.0.1:${port}`, query, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
