import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fixtures/ports.ts'
import { startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'

const INSTALL = 'apt-get install prometheus'

/** One series of an instant query. */
export interface Answer {
  labels: Record<string, string>
  value: number
}

export interface Prometheus {
  readonly url: string
  /** An instant query. */
  query(expression: string): Promise<Answer[]>
  stop(): Promise<void>
}

/** A real Prometheus that scrapes each job's `host:port` every second, allowing 900 ms. */
export async function startPrometheus(jobs: Record<string, string>): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-prometheus-'))
  const port = await freePort()
  const configuration = {
    global: { scrape_interval: '1s', scrape_timeout: '900ms' },
    scrape_configs: Object.entries(jobs).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  }
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration))
  const child = await startProcess(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { install: INSTALL },
  )
  const stop = async () => {
    await child.kill()
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => child.running && (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true
  try {
    await until(isReady, 20, () => `Prometheus is ready: ${child.output()}`)
  } catch (error) {
    await stop()
    throw error
  }
  const query = async (expression: string): Promise<Answer[]> => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
    const { status, data, error } = (await response.json()) as {
      status: string
      error?: string
      data: { result: { metric: Record<string, string>; value: [number, string] }[] }
    }
    if (status !== 'success') throw new Error(`${expression}: ${error}`)
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }
  return { url, query, stop }
}
