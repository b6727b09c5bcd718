import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FlowNode } from '../../app/flows.ts'
import { MonitorProcess } from '../app/monitor-process.ts'
import { root } from '../runtime.ts'

/** A line of the log, as far as it is looked at here. */
export interface Line {
  '@timestamp': string
  event: { id: string; sequence: number; action: string }
  data_stream: { dataset: string }
  hmonitor: { target?: string; issue?: { type: string } }
}

const PASSWORD = 'of-the-demo-alone'

/** `npm start` with nothing to watch but its own demo, of which faults can be asked. */
export class DemoMonitor {
  readonly process: MonitorProcess
  readonly #dataDir: string
  #session = ''

  /** @param env what says where its log is shipped to */
  static async start(folder: { path: string; dataDir: string }, env: Record<string, string>): Promise<DemoMonitor> {
    const monitor = new DemoMonitor(
      new MonitorProcess(folder.path, {
        ...{ DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD },
        ...env,
      }),
      folder.dataDir,
    )
    await monitor.process.up()
    monitor.#session = (await monitor.process.logIn(PASSWORD)) ?? ''
    assert.notEqual(monitor.#session, '', 'it is logged in')
    return monitor
  }

  private constructor(process: MonitorProcess, dataDir: string) {
    this.process = process
    this.#dataDir = dataDir
  }

  /** As a person presses a button of the tab *Demo*. */
  async press(name: string): Promise<void> {
    const nodes = JSON.parse(readFileSync(join(root, 'app/demo/flow.json'), 'utf8')) as FlowNode[]
    const button = nodes.find((node) => node.type === 'inject' && node.name === name)
    assert.ok(button, name)
    const headers = { authorization: `Bearer ${this.#session}` }
    const answer = await fetch(`${this.process.url}/inject/${button.id}`, { method: 'POST', headers })
    assert.equal(answer.status, 200)
  }

  /** All that it has written, older files too; each as it stands there. */
  lines(): string[] {
    const folder = join(this.#dataDir, 'logs')
    return readdirSync(folder)
      .filter((name) => name.startsWith('hmonitor.ndjson'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.process.url}/metrics`)).text()
  }

  async health(): Promise<string> {
    return (await fetch(`${this.process.url}/health`)).text()
  }

  /** SIGKILL, to it and to all that it started, as when its machine loses power. */
  async kill(): Promise<void> {
    for (const { pid } of this.process.processes()) process.kill(pid, 'SIGKILL')
    this.process.signal('SIGKILL')
    await this.process.gone()
  }
}
