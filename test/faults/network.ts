/** A sender, a server and the monitor, each in a network of its own: either leg can be cut, throttled or made lossy. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Issue, State } from '../../src/observation/observation.ts'
import { makeNetwork, type NetworkHost } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'
import type { FaultPublisher, Publication } from './publish.ts'
import type { Stage } from './stage.ts'
import { monotonic, type Said } from './watched-stream.ts'

export interface Legs {
  sender: NetworkHost
  monitor: NetworkHost
  publish(publication?: Publication): Promise<FaultPublisher>
  /** Watches from the monitor's network, and waits until media is there. */
  watchUp(): Promise<void>
}

const PORT = 1935
const CHILD = fileURLToPath(new URL('watch.child.ts', import.meta.url))
const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so'

/** nginx-rtmp stands in the middle. */
export async function makeLegs(stage: Stage): Promise<Legs> {
  await access(MODULE)
  const network = await makeNetwork()
  stage.atEnd(() => network.remove())
  const [sender, monitor] = [await network.addHost(), await network.addHost()]
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fault-nginx-'))
  const file = path.join(folder, 'nginx.conf')
  await writeFile(
    file,
    `load_module ${MODULE};
daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
events { worker_connections 64; }
rtmp { access_log off; server { listen ${PORT}; application live { live on; } } }
`,
  )
  const server = await network.monitor.start('nginx', ['-c', file, '-p', folder, '-e', path.join(folder, 'error.log')])
  stage.atEnd(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  })
  const url = (host: NetworkHost) => `rtmp://${host.monitorAddress}:${PORT}/live/one`
  const listens = () => network.monitor.run('ss', '-Hltn', `sport = :${PORT}`).then(({ stdout }) => stdout !== '')
  await until(listens, 10, 'nginx listens')
  return {
    sender,
    monitor,
    publish: (publication = {}) =>
      stage.publish(url(sender), { ...publication, within: ['ip', 'netns', 'exec', sender.name] }),
    watchUp: () => watchFrom(stage, monitor, url(monitor)),
  }
}

async function watchFrom(stage: Stage, host: NetworkHost, url: string): Promise<void> {
  const said: Said[] = []
  let [state, issues, present]: [State, Issue[], number | null] = ['unknown', [], null]
  let pending = ''
  const take = (text: string) => {
    const lines = (pending + text).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) {
      const told = JSON.parse(line) as { said?: Omit<Said, 'at'>; state: State; issues: Issue[]; up: boolean | null }
      if (told.said) said.push({ ...told.said, at: monotonic() })
      else [state, issues] = [told.state, told.issues]
      if (told.up === true) present ??= monotonic()
    }
  }
  const child = await host.start(process.execPath, [CHILD, url, JSON.stringify(stage.target)], { onOutput: take })
  stage.atEnd(() => child.kill())
  stage.judge({ said, state: () => state, issues: () => issues, presentSince: () => present })
  await until(
    () => present !== null || !child.running,
    30,
    () => `media is seen\n${child.output()}`,
  )
  if (!child.running) throw new Error(`The monitor ended: ${child.output()}`)
}
