/** The stack in a Docker engine, by the shipped docker-compose.yml, from a copy of the project. */
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fixtures/ports.ts'
import { until } from '../fixtures/wait.ts'
import { root } from '../runtime.ts'

/** What of the checkout no user's clone has. */
const NOT_CLONED = ['node_modules', 'dist', 'examples', 'test-results', '.git', '.env', 'targets.json']

/** Seconds. The images are there; all services start one after another, each when the one before it is healthy. */
const LONGEST_START = 180

export interface Container {
  id: string
  service: string
  /** `running`, `exited` … */
  status: string
  exitCode: number
  /** Null where nothing asks for it. */
  health: string | null
  restarts: number
  user: string
}

export interface ComposeStack {
  /** The copy of the project, where `.env` and `targets.json` stand. */
  readonly folder: string
  /** Base address of each service on this machine. */
  readonly urls: Readonly<Record<'monitor' | 'prometheus' | 'alertmanager' | 'grafana', string>>
  readonly relayPort: number
  /** Runs `docker-compose` and resolves with its output. */
  compose(...args: string[]): Promise<string>
  /** `up --detach`; resolves when all that runs is healthy. */
  up(): Promise<void>
  containers(): Promise<Container[]>
  container(service: string): Promise<Container>
  isHealthy(service: string): Promise<boolean>
  /** Runs a program in a container and resolves with its output. */
  exec(service: string, ...command: string[]): Promise<string>
  /** Values of an instant query of Prometheus. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]>
  /** The token that `config` made for `/metrics` and `/api`. */
  token(): Promise<string>
  /** Removes containers, networks, volumes and the folder. */
  remove(): Promise<void>
}

/** Runs a program; rejects with what it said. */
export function command(file: string, args: readonly string[], cwd = root): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      maxBuffer: 50e6,
      env: { ...process.env, COMPOSE_DOCKER_CLI_BUILD: '0', DOCKER_BUILDKIT: '0' },
    }
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${file} ${args.join(' ')}: ${stderr}${stdout}`.trim(), { cause: error }))
    })
  })
}

export const docker = (...args: string[]): Promise<string> => command('docker', args)

/** The address by which containers reach what runs on this machine. */
export async function hostAddress(): Promise<string> {
  const format = '{{(index .IPAM.Config 0).Gateway}}'
  const address = (await docker('network', 'inspect', 'bridge', '--format', format)).trim()
  // An engine that was just started has not chosen it yet.
  return address !== '' ? address : '172.17.0.1'
}

/**
 * Prepares a stack and starts nothing.
 *
 * @param name of the Compose project, unique in a run
 * @param env `.env`, besides the ports
 * @param profiles of Compose
 */
export async function composeStack(
  name: string,
  env: Record<string, string>,
  profiles: readonly string[] = [],
): Promise<ComposeStack> {
  const projects = process.env.HMONITOR_DOCKER_PROJECTS
  if (projects === undefined) throw new Error('The test needs an engine and images. Run it by: npm run test:docker')
  const project = `${projects}-${name}`
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-project-'))
  // As a clone is by default: other users, as those of the containers, may read it.
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(root)) {
    if (!NOT_CLONED.includes(entry) && !entry.startsWith('.data')) {
      cpSync(join(root, entry), join(folder, entry), {
        recursive: true,
        filter: (path) => !path.endsWith('/node_modules'),
      })
    }
  }
  const ports = {
    PORT: await freePort(),
    PROMETHEUS_PORT: await freePort(),
    ALERTMANAGER_PORT: await freePort(),
    GRAFANA_PORT: await freePort(),
    RELAY_PORT: await freePort(),
  }
  const lines = Object.entries({ ...ports, ...env }).map(([variable, value]) => `${variable}=${value}\n`)
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 })
  const urlOf = (port: number) => `http://127.0.0.1:${port}`
  const urls = {
    monitor: urlOf(ports.PORT),
    prometheus: urlOf(ports.PROMETHEUS_PORT),
    alertmanager: urlOf(ports.ALERTMANAGER_PORT),
    grafana: urlOf(ports.GRAFANA_PORT),
  }
  const given = ['--project-name', project, ...profiles.flatMap((profile) => ['--profile', profile])]
  const compose = (...args: string[]) => command('docker-compose', [...given, ...args], folder)

  const containers = async (): Promise<Container[]> => {
    const ids = (await docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`))
      .split('\n')
      .filter((id) => id !== '')
    if (ids.length === 0) return []
    const found = JSON.parse(await docker('inspect', ...ids)) as Inspected[]
    return found.map(({ Id, RestartCount, State, Config }) => ({
      id: Id,
      service: Config.Labels['com.docker.compose.service'] ?? '',
      status: State.Status,
      exitCode: State.ExitCode,
      health: State.Health?.Status ?? null,
      restarts: RestartCount,
      user: Config.User,
    }))
  }
  const container = async (service: string) => {
    const found = (await containers()).find((each) => each.service === service)
    if (found === undefined) throw new Error(`There is no container of ${service}.`)
    return found
  }
  const isHealthy = async (service: string) => (await container(service)).health === 'healthy'
  const exec = async (service: string, ...args: string[]) => docker('exec', (await container(service)).id, ...args)
  const state = async () => (await compose('ps')) + (await compose('logs', '--tail', '30'))

  return {
    folder,
    urls,
    relayPort: ports.RELAY_PORT,
    compose,
    containers,
    container,
    isHealthy,
    exec,
    up: async () => {
      // The images are built, by the same Dockerfile.
      await compose('up', '--detach', '--no-build')
      const areAllHealthy = async () => {
        const running = (await containers()).filter(({ service }) => service !== 'config')
        const failing = running.find(({ restarts }) => restarts > 2)
        if (failing !== undefined) throw new Error(`${failing.service} ends again and again`)
        return running.length > 0 && running.every(({ health }) => health === 'healthy')
      }
      try {
        await until(areAllHealthy, LONGEST_START, 'every container is healthy')
      } catch (error) {
        throw new Error(await state(), { cause: error })
      }
    },
    query: async (expression) => {
      const response = await fetch(`${urls.prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`)
      const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] }
      }
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    },
    token: async () => (await exec('monitor', 'cat', '/run/hmonitor/metrics_token')).trim(),
    remove: async () => {
      await compose('down', '--volumes', '--timeout', '5').catch(() => {})
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Inspected {
  Id: string
  RestartCount: number
  State: { Status: string; ExitCode: number; Health?: { Status: string } }
  Config: { User: string; Labels: Record<string, string> }
}

/**
 * What the subjects of an incident begin with, each once in a row: people are told again where the fault turns out to be
 * at another place. The same subject twice is one too many, and stays.
 */
export function marksOf(subjects: readonly string[]): string[] {
  return subjects.flatMap((subject, at) => {
    const mark = subject.replace(/:.*/, '')
    const isCorrection = at > 0 && subjects[at - 1]?.startsWith(`${mark}:`) && !subjects.slice(0, at).includes(subject)
    return isCorrection ? [] : [mark]
  })
}
