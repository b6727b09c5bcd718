/** The monitor as docker-compose.yml runs it, as far as that goes without Docker. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { root } from '../runtime.ts'

interface ComposeService {
  command: string[]
  environment: Record<string, string>
  healthcheck: { test: string[] }
}

export interface MonitorContainer {
  readonly process: OwnedProcess
  /** Whether the health check of docker-compose.yml says that it is well. */
  isHealthy(): Promise<boolean>
  /** Kills it and all that it started, as when its machine loses power, and starts it again after so many seconds. */
  crash(seconds: number): Promise<void>
  /** As `docker compose stop` does. */
  stop(): Promise<void>
}

/**
 * Runs the command of the service with its environment; only the paths and ports of a container are others.
 *
 * @param options.out folder that `config` wrote to
 * @param options.project folder with the user's files, its working directory
 */
export async function startMonitorContainer(options: {
  out: string
  project: string
  dataDir: string
  port: number
  environment?: Record<string, string>
  /** Where what the image holds is; else the checkout. */
  image?: string
}): Promise<MonitorContainer> {
  const { out, project, dataDir, port } = options
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
  const { services } = parse(text, { merge: true }) as { services: Record<string, ComposeService> }
  const service = services.monitor
  if (service === undefined) throw new Error('docker-compose.yml has no monitor')
  const here = (value: string) =>
    value
      .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
      .replace('/opt/hmonitor', options.image ?? root)
      .replace('/run/hmonitor', join(out, 'monitor'))
      .replace(/^\/data$/, dataDir)
      .replace('0.0.0.0', '127.0.0.1')
      .replace(/\b1880\b/, String(port))
  const [, ...args] = service.command.map(here)
  const environment = Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, here(value)]),
  )
  const start = async () => {
    const started = await startProcess(process.execPath, args, {
      install: 'node',
      // With the variables of the image.
      env: { HOME: dataDir, NODE_ENV: 'production', ...environment, ...options.environment },
      cwd: project,
    })
    const isUp = () => /Ctrl-C ends it\./.test(started.output()) || !started.running
    await until(isUp, 90, () => `it is up: ${started.output()}`)
    return started
  }
  let child = await start()
  const check = service.healthcheck.test.slice(2).map(here)
  const isHealthy = async () => {
    const probe = await startProcess(process.execPath, check, { install: 'node' })
    await probe.exited
    return probe.exitCode === 0
  }
  return {
    get process() {
      return child
    },
    isHealthy,
    crash: async (seconds) => {
      const started = processesOf(child.pid)
      await child.kill()
      for (const { pid } of started) kill(pid)
      await delay(seconds * 1000)
      child = await start()
    },
    stop: async () => {
      if (child.running) process.kill(child.pid, 'SIGTERM')
      await child.exited
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
