import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Checks } from '../src/observation/stream.ts'
import { MonitorProcess, makeFolder } from '../test/app/monitor-process.ts'
import { parseExposition, type Sample, valuesOf } from '../test/exposition.ts'
import { until } from '../test/fixtures/wait.ts'
import type { FlowNode } from '../test/runtime.ts'
import { Scraper } from './scrape.ts'

export interface StreamUnderTest {
  name: string
  url: string
  checks?: Checks
  reader?: 'auto' | 'ffprobe'
}

/** What the targets file holds. */
export interface TargetsUnderTest {
  streams?: readonly StreamUnderTest[]
  hosts?: readonly { name: string; address: string }[]
  services?: readonly { name: string; url: string }[]
}

/** How every monitor of a run is started. */
export interface MonitorStart {
  ffprobe: string
  /** A folder for a CPU profile of each process, for Chromium's developer tools. */
  profiles: string | undefined
}

/** Seconds. */
export interface LoopDelay {
  p50: number
  p99: number
  max: number
}

/**
 * The monitor as a user gets it: `npm start`'s script, which starts the application, which starts Node-RED with the
 * built package and the shipped flow.
 */
export class MonitorUnderTest {
  readonly #folder = makeFolder()
  readonly #delayFile = path.join(this.#folder.path, 'delay.json')
  readonly #process: MonitorProcess
  #scraper: Scraper | null = null

  /** @param flows in place of the shipped ones */
  constructor({ ffprobe, profiles }: MonitorStart, watched: TargetsUnderTest, flows?: readonly FlowNode[]) {
    const targets = path.join(this.#folder.path, 'targets.json')
    writeFileSync(targets, JSON.stringify(watched))
    if (flows) this.#keep(flows)
    const hook = fileURLToPath(new URL('./loop-delay.cjs', import.meta.url))
    const profiling = profiles === undefined ? '' : ` --cpu-prof --cpu-prof-dir=${path.resolve(profiles)}`
    this.#process = new MonitorProcess(this.#folder.path, {
      DATA_DIR: this.#folder.dataDir,
      TARGETS_FILE: targets,
      FFPROBE_PATH: ffprobe,
      BENCH_DELAY_FILE: this.#delayFile,
      NODE_OPTIONS: `--require ${hook}${profiling}`,
    })
  }

  /** Flows that are there at the first start already stay as they are. */
  #keep(flows: readonly FlowNode[]): void {
    mkdirSync(this.#folder.dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(path.join(this.#folder.dataDir, 'flows.json'), JSON.stringify(flows))
    writeFileSync(path.join(this.#folder.dataDir, 'shipped-flows.json'), '{}')
  }

  async up(): Promise<void> {
    await this.#process.up()
    this.#scraper = new Scraper(this.url('/metrics'))
  }

  url(route: string): string {
    return this.#process.url + route
  }

  /** Of the editor and the dashboard, made at this start. */
  get password(): string {
    return this.#process.password ?? ''
  }

  /** The process whose tree is everything that watching costs. */
  get pid(): number {
    return this.#process.pid
  }

  /** Process ids of the ffmpegs that run now. */
  ffmpegs(): number[] {
    return this.#running(/^\S*ffmpeg /)
  }

  #running(pattern: RegExp): number[] {
    return this.#process.processes().flatMap(({ pid, command }) => (pattern.test(command) ? [pid] : []))
  }

  get scraper(): Scraper {
    if (this.#scraper === null) throw new Error('The monitor is not up yet')
    return this.#scraper
  }

  async samples(): Promise<Sample[]> {
    return parseExposition((await this.scraper.scrape()).body)
  }

  /** Waits until that many streams are up and inspected (a few at a time): what a start costs is over. */
  async untilSteady(streams: number): Promise<void> {
    const isSteady = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      // While a hundred streams begin at once an answer may take longer than a scrape may.
      const samples = await this.samples().catch(() => [])
      const up = valuesOf(samples, 'hmonitor_stream_up').filter((value) => value === 1)
      return up.length === streams && valuesOf(samples, 'hmonitor_stream_width_pixels').length === streams
    }
    await until(isSteady, 120 + 4 * streams, () => `${streams} streams are up and inspected\n${this.#process.output}`)
  }

  /** How late Node-RED's event loop was, since the last call. */
  async loopDelay(): Promise<LoopDelay> {
    rmSync(this.#delayFile, { force: true })
    process.kill(this.#process.find(/^rtmp-hmonitor-node-red/), 'SIGCONT')
    await until(() => existsSync(this.#delayFile), 10, 'Node-RED says how late its event loop was')
    return JSON.parse(readFileSync(this.#delayFile, 'utf8')) as LoopDelay
  }

  async stop(): Promise<void> {
    this.#scraper?.close()
    await this.#process.end()
    this.#folder.remove()
  }
}

/** Starts the monitor of some streams and waits until it answers. */
export function startMonitor(
  start: MonitorStart,
  streams: readonly StreamUnderTest[],
  flows?: readonly FlowNode[],
): Promise<MonitorUnderTest> {
  return startMonitorOf(start, { streams }, flows)
}

/** Starts the monitor and waits until it answers. */
export async function startMonitorOf(
  start: MonitorStart,
  targets: TargetsUnderTest,
  flows?: readonly FlowNode[],
): Promise<MonitorUnderTest> {
  const monitor = new MonitorUnderTest(start, targets, flows)
  try {
    await monitor.up()
  } catch (error) {
    await monitor.stop()
    throw error
  }
  return monitor
}
